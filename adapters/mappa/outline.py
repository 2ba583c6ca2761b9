"""From what a reader sees in a document to the JSON payload of its form.

Headings may be renamed, reordered, missing, numbered, or only bold lines; a form may be laid out
as one large table. What stands under a heading that is none of ours is kept word for word under
its own name, and never joined to the text before it: that text may be for other readers.
"""

import re
from typing import Any

from adapters.base import AdapterError, Caution
from adapters.mappa import grid
from adapters.mappa.blocks import OUR_STYLE, Block, Blocks, Cell, Paragraph, Table
from adapters.mappa.forms import GROUPS, ROWS, Body, Fact, Form, Heading
from adapters.mappa.headings import agency_named
from adapters.mappa.words import LEVEL, code_of, numbered, plain, same, ticked, title_words

NOT_RECORDED = "Not recorded."
WITHHELD = "Withheld from this copy"
_LONGEST = 14
"""Words of the longest heading."""
_AGENCY = re.compile(r"( service)?( update| report| information| views?| contribution)s?$")
_LABEL = re.compile(r"([^:\t\n]{2,60}?)\s*[:\t]\s*(.*)", re.DOTALL)


class Outline:
    """Reads one document as one form."""

    def __init__(self, form: Form, blocks: Blocks) -> None:
        self.form, self.blocks, self.ours = form, blocks, blocks.ours
        self.cautions: list[Caution] = []
        self.facts: dict[str, str] = {}
        self.texts: dict[str, list[str]] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.updates: dict[str, list[str]] = {}
        self.levels: dict[str, dict[str, str]] = {}
        self.others: list[tuple[str, list[str]]] = []
        self.preface: list[str] = []
        self.begun = False
        self.loose: dict[str, list[Paragraph]] = {}
        self.here: Heading | None = None
        self.title = ""
        self.level = 1
        self.agency = ""
        self.elsewhere = False
        known = [self.find(p.text) for p in paragraphs(blocks.body) if p.bold and not p.level]
        self.bold_headings = len({h.member for h in known if h}) > 1

    def read(self) -> None:
        """Walk the whole document."""
        for block in self.blocks.body:
            self._block(block)

    # -- what is a heading ---------------------------------------------------

    def find(self, text: str) -> Heading | None:
        """The heading of ours that a text is, in the group that we are in or at the top."""
        words = plain(text)
        if not words or len(words.split()) > _LONGEST:
            return None
        group = (self.here.under or self.here.member) if self.here else ""
        near = [h for h in self.form.headings if h.under and h.under == group]
        top = [h for h in self.form.headings if not h.under]
        exact = [h for h in (*near, *top) if title_words(h.title) == words]
        fits = (h for h in (*near, *top) if h.names.search(words))
        return next(iter(exact), None) or next(fits, None)

    def fact(self, text: str) -> Fact | None:
        """The label of ours that a text is."""
        words = plain(text)
        if not words or len(words.split()) > 8:
            return None
        exact = [one for one in self.form.facts if title_words(one.title) == words]
        return next(iter(exact), None) or next(
            (one for one in self.form.facts if one.names.search(words)), None
        )

    def _heading(self, p: Paragraph, text: str) -> bool:
        """Whether the paragraph was a heading, and what follows stands under it."""
        if len(text.split()) > _LONGEST or ("\n" in text and not p.level):
            return False
        if p.level:
            return self._styled(text, p.level)
        if self.ours:
            return False
        looks = p.bold or text.isupper() or numbered(text) or text.endswith(":")
        if looks and (found := self.find(text)):
            self._enter(found, text)
        elif looks and self.form.about.search(plain(text)):
            self._leave()
        elif looks and (name := self._agency(text)):
            self._agency_heading(name)
        elif (p.bold and self.bold_headings) or (self._summary() and (p.bold or text.isupper())):
            self._unknown(text)
        else:
            return False
        return True

    def _styled(self, text: str, level: int) -> bool:
        if found := self.find(text):
            self._enter(found, text)
        elif self.form.about.search(plain(text)):
            self._leave()
        elif (name := self._agency(text)) and (
            self.here in (None, self._updates()) or level <= self.level
        ):
            self._agency_heading(name)
        elif self.here and self.here.rows is ROWS["updates"] and level > self.level:
            self.agency = text
            return True
        elif (self.here or self.elsewhere) and level > self.level and not self._summary():
            return False
        else:
            self._unknown(text)
        self.level = level
        return True

    def _agency(self, text: str) -> str | None:
        """The agency that a heading names: `Police`, `Probation update`."""
        name = _AGENCY.sub("", plain(text))
        return text if agency_named(name) and self._updates() else None

    def _updates(self) -> Heading | None:
        return next((h for h in self.form.headings if h.rows is ROWS["updates"]), None)

    def _summary(self) -> bool:
        return self.here is not None and self.here.member == "executiveSummary"

    def _enter(self, heading: Heading, text: str) -> None:
        self.here, self.title, self.agency, self.elsewhere = heading, text, "", False
        self.begun = True
        held = self.texts.setdefault(heading.member, [])
        aside = heading.member == "risk" and "risk" not in plain(text)
        if heading.body is Body.TEXT and (any(held) or aside) and not self.ours:
            held += ["", text] if any(held) else [text]

    def _agency_heading(self, name: str) -> None:
        self.here, self.title, self.elsewhere = self._updates(), name, False
        self.agency = _AGENCY.sub("", plain(name))

    def _leave(self) -> None:
        self.here, self.agency, self.elsewhere = None, "", False

    def _unknown(self, text: str) -> None:
        if not (self.begun or self.others):
            self.preface.append(text)
            return
        self.here, self.agency, self.elsewhere = None, "", True
        self.cautions.append(Caution("unknown-heading", f"/otherHeadings/{len(self.others)}"))
        self.others.append((text, []))

    # -- what stands under it ------------------------------------------------

    def _block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._table(block)
            return
        text = block.text.strip()
        if self._note(block, text):
            return
        if text and block.level == 0:
            if not self.ours:
                self._line(block, text)
        elif not text or not (self._heading(block, text) or self._labelled(block, text)):
            self._line(block, text)

    def _note(self, p: Paragraph, text: str) -> bool:
        """Whether the gateway wrote this, and it is no content."""
        if p.style != OUR_STYLE:
            return False
        if text.startswith(WITHHELD):
            raise AdapterError(
                "redacted-copy", "a copy with sections withheld: send the original minutes"
            )
        hints = {heading.hint for heading in self.form.headings}
        return not text or text in hints or text == NOT_RECORDED or text.startswith("OFFICIAL")

    def _labelled(self, p: Paragraph, text: str) -> bool:
        """`Rationale: …` in the group it belongs to, `Date of meeting: …` before all headings,
        and `Police: …` among the updates."""
        if self.ours or not (found := _LABEL.fullmatch(text)):
            return False
        label, rest = found[1], found[2].strip()
        if self.here is None and not self.elsewhere and (fact := self.fact(label)):
            self._set(fact, rest)
            return True
        heading = self.find(label)
        near = heading and self.here and heading.under == (self.here.under or self.here.member)
        if heading and ((near and heading.under) or (p.lead and plain(p.lead) == plain(label))):
            self._enter(heading, label)
        elif self.here is self._updates() and self._agency(label):
            self._agency_heading(label)
        else:
            return False
        self._line(Paragraph(rest), rest)
        return True

    def _set(self, fact: Fact, value: str) -> None:
        held = self.facts.setdefault(fact.member, value) if fact.member and value else value
        if not same(held, value):
            self.differs(fact.member, fact.title, value)

    def differs(self, member: str, title: str, value: str) -> None:
        """Keep the other of two values that contradict."""
        self.cautions.append(Caution("contradiction", f"/{member}"))
        self.keep(title, value)

    def keep(self, heading: str, text: str) -> None:
        """Keep words that have no place of their own."""
        self.others.append((heading, [text]))

    def _line(self, p: Paragraph, text: str) -> None:
        if self.here is None:
            (self.others[-1][1] if self.elsewhere else self.preface).append(text)
        elif self.agency:
            self.updates.setdefault(self.agency, []).append(text)
        elif self.here.body is Body.ROWS:
            if text:
                self.loose.setdefault(self.here.member, []).append(p)
        elif self.here.body is Body.TABLE:
            self.texts.setdefault(self.here.under, []).append(text)
        elif self.here.body is Body.GROUP:
            self._grouped(self.here.member, text)
        else:
            self.texts[self.here.member].append(text)

    def _grouped(self, group: str, text: str) -> None:
        """Text of a group that stands under none of its headings: a decision, else its reason."""
        first = next(h for h in self.form.headings if h.under == group)
        level = first.body is Body.WORD
        said = level and code_of(ticked(text) or "", LEVEL)
        if said and not any(self.texts.get(first.member, [])):
            self.texts[first.member] = [text]
        else:
            member = f"{group}/rationale" if level else first.member
            self.texts.setdefault(member, []).append(text)

    # -- tables ----------------------------------------------------------------

    def _table(self, table: Table) -> None:
        rows = [row for row in grid.filled(table.rows) if row]
        labels = [row for row in rows if len(row) > 1 and self._known(row[0].text)]
        form_like = len(labels) > 1 or bool(labels and len(rows) == 1)
        at = 0
        while at < len(rows):
            at += self._rows(rows, at) or self._single(rows[at], form_like)

    def _known(self, text: str) -> bool:
        return bool(self.fact(text) or self.find(text))

    def _rows(self, rows: list[grid.Row], at: int) -> int:
        """How many rows from here on are a table of rows, of levels, or of labels over values."""
        if len(rows[at]) < 2:
            return 0
        in_risk = self.here is None or "risk" in (self.here.member, self.here.under)
        if in_risk and (found := grid.levels(rows[at:])):
            for setting, group, level in found.said:
                self._level_said(setting, group, level)
            self.texts.setdefault("risk", []).extend(found.rest)
            return found.used
        for heading in self._tables_here():
            spec = heading.rows
            if spec and (columns := grid.columns(rows[at], spec)):
                return 1 + self._body(heading, columns, rows[at + 1 :])
        return self._over(rows, at)

    def _level_said(self, setting: str, group: str, level: str) -> None:
        held = self.levels.setdefault(setting, {}).setdefault(group, level)
        if not same(held, level):
            custody = " in custody" if setting == "groupsInCustody" else ""
            title = f"Risk of serious harm{custody}: {GROUPS[group][0]}"
            self.differs(f"risk/{setting}/{group}", title, level)

    def _tables_here(self) -> list[Heading]:
        tables = [heading for heading in self.form.headings if heading.rows]
        if self.here is None:
            return [] if self.elsewhere else tables
        if self.here.rows:
            return [self.here]
        return [heading for heading in tables if heading.under == self.here.member]

    def _body(self, heading: Heading, columns: grid.Columns, rows: list[grid.Row]) -> int:
        used = 0
        for row in rows:
            if len(row) == 1 and len(columns.starts) > 1 and not self.ours:
                break
            if not self.ours and len(row) > 1 and heading.rows and not columns.repeats(row):
                again = grid.columns(row, heading.rows)
                if again and len(again.starts) == len(columns.starts) and _all_named(again):
                    break
            used += 1
            if not columns.repeats(row):
                self._row(heading, columns, columns.values(row))
        return used

    def _row(self, heading: Heading, columns: grid.Columns, values: dict[str, str]) -> None:
        if heading.rows is ROWS["updates"]:
            self.updates.setdefault(values.get("agency", ""), []).append(values.get("text", ""))
            if values.get(""):
                self.updates[values.get("agency", "")].append(values[""])
            return
        if rest := values.pop("", ""):
            self.keep(heading.title, rest)
        told: dict[str, Any] = values
        if heading.rows is ROWS["attendance"]:
            told = grid.presence(columns, values, _stated(self.title))
        self.rows.setdefault(heading.member, []).append(told)

    def _over(self, rows: list[grid.Row], at: int) -> int:
        """A row of labels over a row of values."""
        facts = [self.fact(cell.text) for cell in rows[at]]
        if not all(facts) or at + 1 == len(rows) or len(rows[at + 1]) != len(facts):
            return 0
        if len(facts) == 2 and not self._known(rows[at + 1][0].text):
            return 0
        if any(self.fact(cell.text) for cell in rows[at + 1]):
            return 0
        for fact, cell in zip(facts, rows[at + 1], strict=True):
            if fact:
                self._set(fact, cell.text)
        return 2

    def _single(self, row: grid.Row, form_like: bool) -> int:
        """One row: a line of a layout, labels beside values, or words. Always one."""
        if len(row) == 1:
            title = row[0].text
            boxed = len(title.split()) < 8 and not title.endswith(".") and self.find(title)
            if boxed and boxed is not self.here and not self.ours:
                self._enter(boxed, title)
                return 1
            for block in row[0].blocks:
                self._block(block)
            return 1
        while len(row) > 2 and not row[-1].text:
            row = row[:-1]
        if form_like and len(row) % 2 == 0 and self._pairs(row):
            for label, value in zip(row[::2], row[1::2], strict=True):
                self._pair(label.text, value)
        else:
            text = " | ".join(cell.text for cell in row if cell.text)
            self._line(Paragraph(text), text)
        return 1

    def _pairs(self, row: grid.Row) -> bool:
        labels = [cell.text for cell in row[::2] if cell.text]
        short = all(len(text.split()) < 8 for text in labels)
        return len(row) == 2 or (short and any(self._known(text) for text in labels))

    def _pair(self, label: str, value: Cell) -> None:
        if not label and not value.text:
            return
        heading, fact = self.find(label), self.fact(label)
        if fact and (self.here is None or not heading):
            self._set(fact, value.text)
        elif heading:
            self._enter(heading, label)
            for block in value.blocks:
                self._block(block)
        elif value.text:
            self.begun = True
            self._unknown(label)
            self.others[-1][1].append(value.text)
            self._leave()


def _all_named(columns: grid.Columns) -> bool:
    return all(member for _, member, _ in columns.starts)


def _stated(title: str) -> str | None:
    """What a heading alone says of everybody under it."""
    words = plain(title)
    if re.search(r"apolog", words):
        return None if re.search(r"attend|present|introduc", words) else "apologies"
    if re.search(r"absent|not attend|invite|distribut", words):
        return None
    return "present" if re.search(r"present|attendees|in attendance", words) else None


def paragraphs(blocks: tuple[Block, ...]) -> list[Paragraph]:
    """Every paragraph, also those in tables."""
    found: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block)
        else:
            cells = (cell for row in block.rows for cell in row)
            found += [p for cell in cells for p in paragraphs(cell.blocks)]
    return found
