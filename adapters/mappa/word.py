"""A page as a Word document that the same adapter reads back."""

import io
import zipfile
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from adapters.mappa.blocks import OUR_STYLE
from adapters.mappa.layout import MARKING, Grid, Head, Note, Page, Text

_INK, _GREY, _SHADE = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F), "E8ECEF"
_WIDTH = Cm(17)
_USED = frozenset(
    "Normal|Title|heading 1|heading 2|header|footer|Table Grid|Normal Table|No List"
    f"|Default Paragraph Font|{OUR_STYLE}".split("|")
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(page: Page) -> bytes:
    """The same page is always the same bytes."""
    document = docx.Document(io.BytesIO(_base()))
    document.core_properties.title = page.title
    _edges(document, page)
    document.add_paragraph(page.title, "Title")
    if page.facts:
        _table(document, None, page.facts, first=True)
    for part in page.parts:
        match part:
            case Head(text, level):
                document.add_heading(text, level)
            case Note(text):
                document.add_paragraph(text, OUR_STYLE)
            case Grid(_, header, rows, first):
                _table(document, header, rows, first=first)
            case Text(text):
                for line in text.split("\n"):
                    document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return _still(out.getvalue())


@lru_cache(1)
def _base() -> bytes:
    """An empty document in our styles: one typeface, dark on white, headings a screen reader
    can walk."""
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.comments = "MAPPA Gateway", ""
    properties.created = properties.modified = datetime(2020, 1, 1, tzinfo=UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    styles: Any = document.styles
    for name, size in (("Normal", 11), ("Title", 22), ("Heading 1", 15), ("Heading 2", 12.5)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    note = styles.add_style(OUR_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.italic, note.font.color.rgb = styles["Normal"], True, _GREY
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    styles["Normal"].element.get_or_add_rPr().append(language)
    for style in list(styles.element.style_lst):
        if style.name_val in _USED:
            for linked in style.findall(qn("w:link")):
                style.remove(linked)
        else:
            style.delete()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _edges(document: Document, page: Page) -> None:
    """The marking on each page, above; below, what may be done with it and which page it is."""
    section: Any = document.sections[0]
    above = section.header.paragraphs[0]
    above.alignment = WD_ALIGN_PARAGRAPH.CENTER
    above.add_run(MARKING).bold = True
    below = section.footer.paragraphs[0]
    below.add_run(f"{page.copying} {page.foot} Page ")
    _field(below, "PAGE")
    below.add_run(" of ")
    _field(below, "NUMPAGES")
    for run in (*above.runs, *below.runs):
        run.font.size = Pt(9)


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _table(document: Document, header: Any, rows: Any, *, first: bool) -> None:
    lines = ([header] if header else []) + list(rows)
    count = len(lines[0])
    table: Any = document.add_table(len(lines), count, "Table Grid")
    table.autofit = False
    widths = _widths(count)
    for at, (row, line) in enumerate(zip(table.rows, lines, strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            cell.width = widths[column]
            heads = (header and at == 0) or (first and column == 0)
            _fill(cell, text, bold=bool(heads))
        if header and at == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    document.add_paragraph("", OUR_STYLE)


def _widths(count: int) -> list[Any]:
    if count == 2:
        return [Cm(5), Cm(12)]
    return [int(_WIDTH / count)] * count


def _fill(cell: Any, text: str, *, bold: bool) -> None:
    for at, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(line)
        run.bold, run.font.size = bold or None, Pt(10)
    if bold:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), _SHADE)
        cell._tc.get_or_add_tcPr().append(shade)


def _still(raw: bytes) -> bytes:
    """The package without the time at which it was packed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still,
    ):
        for entry in packed.infolist():
            still.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), packed.read(entry), 8)
    return out.getvalue()
