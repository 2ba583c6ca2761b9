"""A Word document as what a reader sees from top to bottom: paragraphs, and rows of tables.

Content controls, tracked insertions and text boxes are read through; tracked deletions are not
there. A cell that is merged downwards says the same in each of its rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from adapters.base import AdapterError

MAX_DEPTH = 12
"""Tables within tables; a form has two or three."""
MAX_COLUMNS = 200
OUR_STYLE = "MAPPA Note"
"""Of a paragraph that the gateway wrote and that is no content. Its presence marks our template."""
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIP = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), _FALLBACK}
_P, _TBL, _TR, _TC, _SDT = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:sdtContent")
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level`: of a heading style, 0 being the title. `bold`: all of it; `lead`: its bold start."""

    text: str
    level: int | None = None
    bold: bool = False
    lead: str = ""
    style: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `at` is its first column and `width` how many it spans."""

    blocks: tuple["Block", ...]
    at: int
    width: int

    @property
    def text(self) -> str:
        """Its text; of a table inside it one line for each row."""
        return "\n".join(lines(self.blocks)).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. A row has one cell for each that Word shows in it."""

    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Table


def lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The text of blocks, one line for each paragraph or row."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            for row in block.rows:
                yield " | ".join(cell.text for cell in row if cell.text)


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    level: int | None
    bold: bool


class Blocks:
    """Reads the body of one document."""

    def __init__(self, document: etree._Element, styles: etree._Element | None) -> None:
        self._styles = _styles(styles)
        self.ours = any(style.name == OUR_STYLE for style in self._styles.values())
        body = document.find(qn("w:body"))
        if body is None:
            raise AdapterError("not-a-docx", "the document has no body")
        self.body = tuple(self._blocks(body, 0))

    def _blocks(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        if depth > MAX_DEPTH:
            raise AdapterError("too-deep", "tables stand within tables too often")
        for child in parent:
            if child.tag == _P:
                yield self._paragraph(child)
            elif child.tag == _TBL:
                yield self._table(child, depth)
            elif child.tag not in _SKIP and isinstance(child.tag, str):
                yield from self._blocks(child, depth)

    def _paragraph(self, element: etree._Element) -> Paragraph:
        style = self._styles.get(_value(element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) or "")
        outline = _value(element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
        level = style.level if style else None
        if outline in set("012345678"):
            level = int(outline) + 1
        heavy = bool(style and style.bold)
        runs = [
            (_flat(run), _on(run.find(qn("w:rPr")), heavy))
            for run in element.iter(qn("w:r"))
            if not any(above.tag in _SKIP for above in run.iterancestors())
            and not any(above.tag == qn("w:r") for above in run.iterancestors())
        ]
        text = "".join(part for part, _ in runs)
        lead = ""
        for part, bold in runs:
            if not bold and part.strip():
                break
            lead += part
        whole = bool(text.strip()) and lead.strip() == text.strip()
        return Paragraph(
            text.rstrip(" "),
            level,
            whole,
            "" if whole else lead.strip(),
            style.name if style else "",
            element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None,
        )

    def _table(self, table: etree._Element, depth: int) -> Table:
        rows: list[tuple[Cell, ...]] = []
        above: Mapping[int, Cell] = {}
        for row in _rows(table, _TR):
            cells: list[Cell] = []
            at = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            for element in _rows(row, _TC):
                width = _number(element.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
                merge = element.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                held = above.get(at)
                if merge is not None and _value(merge) != "restart" and held:
                    cells.append(replace(held, at=at, width=width))
                else:
                    cells.append(Cell(tuple(self._blocks(element, depth + 1)), at, width))
                at += width
            above = {cell.at: cell for cell in cells}
            rows.append(tuple(cells))
        return Table(tuple(rows))


def _rows(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows or cells, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in (qn("w:sdt"), _SDT, qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
            yield from _rows(child, wanted)


def _flat(run: etree._Element) -> str:
    found: list[str] = []
    stack = [run]
    while stack:
        element = stack.pop()
        if element.tag == _TEXT:
            found.append(element.text or "")
        elif element.tag == _TAB:
            found.append("\t")
        elif element.tag in _BREAKS:
            found.append("\n")
        elif element.tag == qn("w:noBreakHyphen"):
            found.append("-")
        elif element.tag == qn("w:sym"):
            found.append(
                "☒" if _hex(element) in _CROSSED else "☐" if _hex(element) == "F0A8" else ""
            )
        elif element.tag not in _SKIP:
            found.append("\n" if element.tag == _P and found else "")
            stack.extend(reversed(element))
    return "".join(found)


_CROSSED = frozenset({"F0FE", "F0FD", "F078", "F052", "F053", "F0FC", "F0FB"})
"""Wingdings: ticked and crossed boxes, ticks and crosses."""


def _hex(element: etree._Element) -> str:
    return str(element.get(qn("w:char")) or "").upper()


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """Styles by id. A style that follows another has its level and weight unless it says so."""
    found: dict[str, etree._Element] = {}
    for style in root.iter(qn("w:style")) if root is not None else ():
        found[str(style.get(qn("w:styleId")))] = style
    return {name: _style(name, found) for name in found}


def _style(name: str, found: Mapping[str, Any]) -> _Style:
    level: int | None = None
    bold: bool | None = None
    own, seen = "", set[str]()
    while name in found and name not in seen:
        seen.add(name)
        style = found[name]
        title = _value(style.find(qn("w:name"))) or ""
        own = own or title
        outline = _value(style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
        if level is None and outline in set("012345678"):
            level = int(outline) + 1
        if level is None and (lower := title.lower()) in _NAMED:
            level = _NAMED[lower]
        mark = style.find(f"{qn('w:rPr')}/{qn('w:b')}")
        bold = bold if bold is not None or mark is None else _value(mark) not in _OFF
        name = _value(style.find(qn("w:basedOn"))) or ""
    return _Style(own, level, bool(bold))


_NAMED = {"title": 0, "subtitle": 0} | {f"heading {number}": number for number in range(1, 10)}


def _on(properties: etree._Element | None, otherwise: bool) -> bool:
    mark = properties.find(qn("w:b")) if properties is not None else None
    return otherwise if mark is None else _value(mark) not in _OFF


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(qn("w:val"))


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = _value(element) or ""
    return (
        min(int(text), MAX_COLUMNS)
        if text.isascii() and text.isdigit() and len(text) < 5
        else otherwise
    )
