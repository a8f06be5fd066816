"""The report as a Word document (DOCX), which an office goes on writing in."""

from __future__ import annotations

from io import BytesIO

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from citybrain.centre.appraisal.report.content import Bars, Document, Grid, Heading, Paragraph

FACE = "宋体"
LATIN = "Calibri"
FULL = 17.0
"""Centimetres between the margins of A4."""
TOGETHER = 14
"""Rows up to which a table stands on one page."""
BLOCKS = 24
"""Signs of the longest bar."""


def docx_of(document: Document) -> bytes:
    """The file."""
    word = new_document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    style = word.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    for level in (1, 2):
        heading = word.styles[f"Heading {level}"]
        heading.element.rPr.rFonts.set(qn("w:eastAsia"), "黑体")
        heading.font.color.rgb = RGBColor(11, 95, 212)
    word.core_properties.title = document.title
    page_numbers(section)
    word.add_heading(document.title, level=1)
    note(word, document.subtitle)
    for block in document.blocks:
        match block:
            case Heading(text=text):
                word.add_heading(text, level=2)
            case Paragraph(text=text, is_note=True):
                note(word, text)
            case Paragraph(text=text):
                word.add_paragraph(text)
            case Grid():
                grid(word, block.heads, block.rows, block.widths, left=block.words)
            case Bars():
                top = max((value for _name, value, _words in block.bars), default=0) or 1
                rows = tuple((n, "█" * max(round(BLOCKS * v / top), 1) if v else "", w) for n, v, w in block.bars)
                grid(word, ("", block.title, ""), rows, (0.3, 0.55, 0.15), left=(0, 1))
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def note(word: object, text: str) -> None:
    """A small grey paragraph."""
    run = word.add_paragraph().add_run(text)  # type: ignore[attr-defined]
    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(95, 105, 120)


def page_numbers(section: object) -> None:
    """The number of the page at its foot."""
    paragraph = section.footer.paragraphs[0]  # type: ignore[attr-defined]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def grid(
    word: object,
    heads: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    widths: tuple[float, ...],
    left: tuple[int, ...] = (0,),
) -> None:
    """A table; columns out of `left` are set to the right."""
    table = word.add_table(rows=0, cols=len(heads), style="Light List Accent 1")  # type: ignore[attr-defined]
    table.autofit = False
    for place, cells in enumerate((heads, *rows)):
        row = table.add_row()
        line = row.cells
        settings = row._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if place == 0:
            settings.append(OxmlElement("w:tblHeader"))
        for column, text in enumerate(cells):
            line[column].width = Cm(FULL * widths[column])
            paragraph = line[column].paragraphs[0]
            paragraph.paragraph_format.keep_with_next = len(rows) <= TOGETHER and place < len(rows)
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), place == 0
            if column not in left:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.add_paragraph()  # type: ignore[attr-defined]
