"""The forms in which minutes and referrals are written."""

import json
from collections.abc import Callable

from adapters.mappa import html, layout, word
from adapters.mappa.forms import FORMS
from adapters.mappa.layout import Page
from adapters.mappa.payload import payload
from adapters.writing import Case, Export
from schemas.kinds import Kind

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html; charset=utf-8"
_DRAWN = {"minutes": Kind.MINUTES, "referral": Kind.REFERRAL}


def _json(kind: Kind) -> Callable[[Case], bytes]:
    def write(case: Case) -> bytes:
        told = payload(case, kind)
        return json.dumps([told] if told else [], ensure_ascii=False, indent=2).encode(
            "utf-8", "replace"
        )

    return write


def _shown(form: Callable[[Page], bytes], page: Callable[[Case], Page]) -> Callable[[Case], bytes]:
    return lambda case: form(page(case))


def _forms() -> list[Export]:
    found: list[Export] = []
    for name, kind in _DRAWN.items():
        kinds = (kind, Kind.PERSON)

        def whole(case: Case, kind: Kind = kind) -> Page:
            return layout.page(case, kind)

        found += [
            Export(f"{name}.docx", DOCX, kinds, _shown(word.write, whole)),
            Export(f"{name}.html", HTML, kinds, _shown(html.write, whole), readable=False),
            Export(f"{name}.json", "application/json", kinds, _json(kind)),
        ]
    return found


_SUMMARY = (Kind.MINUTES, Kind.PERSON)
EXPORTS = (
    *_forms(),
    Export(
        "executive-summary.docx", DOCX, _SUMMARY, _shown(word.write, layout.summary), readable=False
    ),
    Export(
        "executive-summary.html",
        HTML,
        _SUMMARY,
        _shown(html.write, layout.summary),
        readable=False,
    ),
)


def template(name: str) -> bytes:
    """The blank form `minutes` or `referral` as a Word document. Raises `LookupError`."""
    for form in FORMS:
        if form.name == name:
            return word.write(layout.blank(form))
    raise LookupError(f"there is no such template: choose {' or '.join(_DRAWN)}")
