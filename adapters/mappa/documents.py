"""A Word document as the JSON payload of its form, for the same readers as the payload itself."""

import re
from typing import Any

from adapters.base import AdapterError, Caution
from adapters.mappa.blocks import Blocks, Paragraph
from adapters.mappa.forms import FORMS, MINUTES, ROWS, Body, Form, Heading
from adapters.mappa.outline import Outline, paragraphs
from adapters.mappa.package import open_package
from adapters.mappa.words import british, numbered, same
from adapters.reading import Node

_ENOUGH = 3
"""Headings and labels by which a document is known as a form."""
PREFACE = "Before the first heading"
"""Name of the words above the first heading: a title, a marking."""
_TITLE = re.compile(r"^(official|restricted|confidential)|mappa|minutes|referral|multi.agency|^$")
_LIST = re.compile("list (bullet|number)", re.IGNORECASE)
_BULLET = re.compile(r"[•▪●◦\u2013-]\s")
_FIGURE = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?%")


def payload(raw: bytes) -> tuple[str, Node]:
    """The name of the form and its payload, with the cautions of the document on it.

    Raises `AdapterError`: what `open_package` raises, `unsupported-shape` where the document has
    next to nothing of either form, `redacted-copy`, and `no-reference`.
    """
    package = open_package(raw)
    blocks = Blocks(package.document, package.styles)
    outline = Outline(_form(blocks), blocks)
    outline.read()
    told = _finished(outline)
    cautions = outline.cautions + [Caution("unmapped-body", f"/{name}") for name in package.notes]
    kept = [{"heading": h, "text": "\n".join(found).strip()} for h, found in outline.others]
    if kept:
        told["otherHeadings"] = kept
    if outline.form is MINUTES:
        _name_meeting(told, cautions)
    else:
        told = {"levelRequested": None} | told
        _name_referral(told, cautions)
    return outline.form.name, Node({"system": "mappa"} | told, "", cautions)


def _form(blocks: Blocks) -> Form:
    texts = [p.text.strip() for p in paragraphs(blocks.body)]
    labels = [re.split(r"[:\t]", text)[0] for text in texts if text and len(text) < 160]
    scores: dict[str, int] = {}
    for form in FORMS:
        reader = Outline(form, blocks)
        named = [reader.find(label) or reader.fact(label) for label in labels]
        scores[form.name] = len({one.title for one in named if one})
        if any(re.search(form.name.rstrip("s"), text.casefold()) for text in labels[:4]):
            scores[form.name] += _ENOUGH
    best = max(FORMS, key=lambda form: scores[form.name])
    if scores[best.name] < _ENOUGH:
        raise AdapterError("unsupported-shape", "a document without the headings of minutes")
    return best


def _name_meeting(told: dict[str, Any], cautions: list[Caution]) -> None:
    """Minutes without a reference are known by the day: nobody has two meetings on one day."""
    told["meetingDate"] = told.get("meetingDate", "")
    if not told.get("meetingId"):
        found = british(told["meetingDate"])
        cautions.append(Caution("missing-heading", "/meetingId"))
        told["meetingId"] = f"meeting of {found[0] if found else 'an unknown day'}"


def _name_referral(told: dict[str, Any], cautions: list[Caution]) -> None:
    if not told.get("reference"):
        if not (found := british(told.get("referred", ""))):
            raise AdapterError(
                "no-reference", "a reference, or the date of the referral", "/referred"
            )
        cautions.append(Caution("missing-heading", "/reference"))
        told["reference"] = f"referral of {found[0]}"


def _finished(outline: Outline) -> dict[str, Any]:
    told: dict[str, Any] = {}
    _loose(outline)
    for member, value in outline.facts.items():
        _put(told, member, value)
    for heading in outline.form.headings:
        held = outline.texts.get(heading.member, [])
        text = "\n".join(held).strip()
        if heading.body in (Body.TEXT, Body.WORD, Body.GROUP) and text:
            member = "risk/text" if heading.member == "risk" else heading.member
            if not same(str(_put(told, member, text)), text):
                outline.differs(member, heading.title, text)
        elif heading.body is Body.ROWS and heading.rows is ROWS["updates"]:
            updates = {name: "\n".join(found).strip() for name, found in outline.updates.items()}
            _put(told, heading.member, {name: text for name, text in updates.items() if text})
        elif heading.member in outline.rows:
            _put(told, heading.member, [_row(heading, row) for row in outline.rows[heading.member]])
    overall = {name: cells.pop("overall", None) for name, cells in outline.levels.items()}
    for setting, cells in outline.levels.items():
        _put(told, f"risk/{setting}", cells)
    if level := overall.get("groups"):
        _put(told, "risk/overall", level)
    if level := overall.get("groupsInCustody"):
        alike = same(overall.get("groups") or level, level)
        code = "unknown-heading" if alike else "contradiction"
        outline.cautions.append(Caution(code, "/risk/groupsInCustody/overall"))
        outline.keep("Risk of serious harm in custody: Overall", level)
    return {member: value for member, value in told.items() if value not in ("", {}, None)}


def _put(told: dict[str, Any], member: str, value: Any) -> Any:
    """What the member holds: what stood there before, or else the value."""
    *above, last = member.split("/")
    for step in above:
        told = told.setdefault(step, {})
    return told.setdefault(last, value)


def _row(heading: Heading, row: dict[str, Any]) -> dict[str, Any]:
    """A row with the members that its kind must have."""
    if heading.rows is ROWS["attendance"]:
        return row | {"agency": row.get("agency", "")}
    if heading.rows is ROWS["actions"]:
        return row | {"action": row.get("action", "")}
    figure = row.get("score", "")
    if figure and (found := _FIGURE.fullmatch(figure)):
        row = row | {"score": found[1]}
    return row | {"tool": row.get("tool", "")}


def _loose(outline: Outline) -> None:
    """Words under a heading of rows that stand in no table: listed actions are actions, other
    words ("No actions were agreed.") are kept under the heading's name."""
    for heading in outline.form.headings:
        lines = outline.loose.get(heading.member, [])
        if heading.rows is ROWS["actions"] and heading.member not in outline.rows:
            listed = [p for p in lines if _item(p)]
            rows = [{"action": p.text.strip()} for p in listed]
            if rows:
                outline.rows[heading.member] = [dict(row) for row in rows]
            lines = [p for p in lines if p not in listed]
        if lines:
            outline.cautions.append(Caution("unreadable-value", f"/{heading.member}"))
            outline.others.append((heading.title, [_text(p) for p in lines]))
    if any(outline.preface):
        if not all(_TITLE.search(line.casefold()) for line in outline.preface):
            outline.cautions.append(Caution("unknown-heading", "/otherHeadings"))
        outline.others.append((PREFACE, outline.preface))


def _item(p: Paragraph) -> bool:
    """Whether it is one of a list, by Word's numbering or a number or bullet that was typed."""
    text = p.text.strip()
    return p.listed or bool(_LIST.match(p.style) or _BULLET.match(text)) or numbered(text)


def _text(p: Paragraph) -> str:
    return p.text.strip()
