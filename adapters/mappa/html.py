"""A page as HTML that prints as it reads: marked on each sheet, numbered, and usable by ear.

Everything is built as a tree and escaped when it is written out; the page loads nothing.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html.builder import E

from adapters.mappa.layout import MARKING, Grid, Head, Note, Page, Text

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1.5rem 3rem; color: #0b0c0c; background: #fff;
  font: 1rem/1.5 Arial, Helvetica, sans-serif; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: #fd0; padding: .5rem; }
.marking { font-weight: bold; letter-spacing: .06em; text-align: center; margin: 0;
  padding: .6rem; border-bottom: 3px solid #0b0c0c; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.5rem 0 .75rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid #b1b4b6; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .3rem; }
.copying { border-left: .4rem solid #d4351c; margin: 1rem 0; padding: .5rem 1rem;
  font-weight: bold; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
.note { color: #505a5f; font-style: italic; margin: .3rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .95rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { border: 1px solid #b1b4b6; padding: .4rem .6rem; text-align: left; vertical-align: top;
  white-space: pre-wrap; overflow-wrap: break-word; }
th { background: #eef0f2; }
.facts th { width: 14rem; }
footer { margin-top: 2.5rem; border-top: 3px solid #0b0c0c; padding-top: .75rem; color: #505a5f;
  font-size: .875rem; }
@page { size: A4; margin: 20mm 17mm 22mm;
  @top-center { content: "OFFICIAL-SENSITIVE"; font: bold 9pt Arial, sans-serif; }
  @bottom-left { content: "Not to be copied without the chair's agreement";
    font: 8pt Arial, sans-serif; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages);
    font: 8pt Arial, sans-serif; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .skip { display: none; }
  h1, h2, h3 { break-after: avoid; }
  tr, .copying { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(page: Page) -> bytes:
    """The whole document, UTF-8."""
    root = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.title(f"{page.title} - {MARKING}"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="robots", content="noindex, noarchive"),
            E.meta({"http-equiv": "Content-Security-Policy", "content": _POLICY}),
            E.style(_STYLE),
        ),
        E.body(
            E.a("Skip to the content", {"class": "skip", "href": "#content"}),
            E.header(E.p(MARKING, {"class": "marking"})),
            E.main({"id": "content"}, *_main(page)),
            E.footer(E.p(page.copying), E.p(page.foot)),
        ),
        lang="en-GB",
    )
    return b"<!DOCTYPE html>\n" + etree.tostring(root, method="html", encoding="utf-8")


def _main(page: Page) -> Iterator[Any]:
    yield E.h1(page.title)
    yield E.p(page.copying, {"class": "copying"})
    if page.facts:
        rows = (E.tr(E.th(label, scope="row"), E.td(value)) for label, value in page.facts)
        body = E.table({"class": "facts"}, E.caption("Particulars"), E.tbody(*rows))
        yield E.div({"class": "wide"}, body)
    section: Any = None
    for at, part in enumerate(page.parts):
        if isinstance(part, Head) and part.level == 1:
            if section is not None:
                yield section
            name = f"heading-{at}"
            section = E.section({"aria-labelledby": name}, E.h2(part.text, id=name))
        elif section is None:
            yield _part(part)
        else:
            section.append(_part(part))
    if section is not None:
        yield section


def _part(part: Any) -> Any:
    match part:
        case Head(text, _):
            return E.h3(text)
        case Text(text):
            return E.p(text, {"class": "text"})
        case Note(text):
            return E.p(text, {"class": "note"})
    return _table(part)


def _table(grid: Grid) -> Any:
    head = E.tr(*(E.th(title, scope="col") for title in grid.header))
    rows = [
        E.tr(
            *(
                E.th(text, scope="row") if grid.first and at == 0 else E.td(text)
                for at, text in enumerate(row)
            )
        )
        for row in grid.rows
    ]
    table = E.table(E.caption(grid.caption), E.thead(head), E.tbody(*rows))
    return E.div({"class": "wide"}, table)
