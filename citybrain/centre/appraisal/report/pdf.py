"""The report as PDF (fpdf2), with a Chinese font of the system embedded as far as it is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from citybrain.centre.appraisal.report.content import Bars, Block, Document, Grid, Heading, Paragraph
from citybrain.centre.events.phone.watermark import SIMPLIFIED, chinese_font

MARGIN = 18
KEPT = 40
"""Millimetres that must be left under a heading on its page, unless what follows is shorter."""
WHOLE = 150
"""Millimetres up to which a table or bars stand on one page, with their heading."""
ROW, BAR = 7.0, 5.6
"""Millimetres of a table's row of one line, and of a bar."""
NAMES = 58.0
"""Millimetres for the names of bars."""
BLUE, INK, QUIET, LINE = (11, 95, 212), (20, 30, 45), (95, 105, 120), (205, 213, 224)


class NoFont(RuntimeError):
    """The machine has no font with Chinese signs."""


class Sheet(FPDF):
    """A4 with page numbers at its foot."""

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-12)
        self.set_font("cjk", size=8)
        self.set_text_color(*QUIET)
        self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="C")


def pdf_of(document: Document) -> bytes:
    """The file. Raises NoFont with its remedy where no Chinese font is found."""
    path = chinese_font()
    if not path:
        raise NoFont(_("No Chinese font was found: install fonts-noto-cjk, or name one in CITYBRAIN_WATERMARK_FONT."))
    sheet = Sheet(format="A4")
    sheet.set_margins(MARGIN, MARGIN)
    sheet.set_auto_page_break(True, margin=18)
    sheet.add_font("cjk", "", path, collection_font_number=SIMPLIFIED.get(Path(path).name, 0))
    sheet.set_title(document.title)
    sheet.add_page()
    _line(sheet, document.title, 17, INK, 9)
    _line(sheet, document.subtitle, 9, QUIET, 6)
    sheet.set_draw_color(*BLUE)
    sheet.set_line_width(0.6)
    sheet.line(MARGIN, sheet.get_y() + 1, sheet.w - MARGIN, sheet.get_y() + 1)
    sheet.ln(4)
    for place, block in enumerate(document.blocks):
        match block:
            case Heading(text=text):
                if sheet.will_page_break(_room(document.blocks[place + 1 :])):
                    sheet.add_page()
                sheet.ln(3)
                _line(sheet, text, 12.5, BLUE, 8)
            case Paragraph(text=text, is_note=is_note):
                _line(sheet, text, 8.5 if is_note else 10.5, QUIET if is_note else INK, 4.6 if is_note else 6)
            case Grid():
                _grid(sheet, block)
            case Bars():
                _bars(sheet, block)
    return bytes(sheet.output())


def _room(blocks: Sequence[Block]) -> float:
    """Millimetres that a heading and what stands under it take, as far as they are kept on one page."""
    needed = 14.0
    for block in blocks:
        match block:
            case Paragraph():
                needed += 13
            case Grid(rows=rows):
                return needed + ROW * (len(rows) + 1) if ROW * len(rows) < WHOLE else KEPT
            case Bars(bars=bars):
                return needed + BAR * (len(bars) + 1)
            case Heading():
                break
    return max(needed, KEPT)


def _line(sheet: Sheet, text: str, size: float, colour: tuple[int, int, int], height: float) -> None:
    sheet.set_font("cjk", size=size)
    sheet.set_text_color(*colour)
    # Set to the left: justified Chinese tears its figures apart.
    sheet.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _grid(sheet: Sheet, grid: Grid) -> None:
    height = ROW * (len(grid.rows) + 1)
    if height < WHOLE and sheet.will_page_break(height):
        sheet.add_page()
    sheet.ln(1.2)
    sheet.set_font("cjk", size=8.5)
    sheet.set_text_color(*INK)
    sheet.set_draw_color(*LINE)
    sheet.set_fill_color(255, 255, 255)
    sheet.set_line_width(0.15)
    head = FontFace(color=INK, fill_color=(236, 241, 248), emphasis="")
    with sheet.table(
        col_widths=tuple(round(1000 * width) for width in grid.widths),
        text_align=tuple("LEFT" if column in grid.words else "RIGHT" for column in range(len(grid.heads))),
        headings_style=head,
        borders_layout="HORIZONTAL_LINES",
        cell_fill_mode=TableCellFillMode.NONE,
        line_height=5.6,
        padding=0.6,
    ) as table:
        for cells in (grid.heads, *grid.rows):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    sheet.ln(2)


def _bars(sheet: Sheet, bars: Bars) -> None:
    _line(sheet, bars.title, 8.5, QUIET, BAR)
    sheet.set_font("cjk", size=8.5)
    top = max((value for _name, value, _words in bars.bars), default=0) or 1
    width = sheet.w - 2 * MARGIN - NAMES - 16
    for name, value, words in bars.bars:
        if sheet.will_page_break(6):
            sheet.add_page()
        y = sheet.get_y()
        sheet.set_text_color(*INK)
        sheet.set_xy(MARGIN, y)
        sheet.cell(NAMES, 5.4, fitted(sheet, name))
        sheet.set_fill_color(*BLUE)
        sheet.rect(MARGIN + NAMES, y + 1.2, max(width * value / top, 0.4), 3, style="F")
        sheet.set_xy(MARGIN + NAMES + width * value / top + 1.5, y)
        sheet.cell(16, 5.4, words)
        sheet.set_xy(MARGIN, y + BAR)
    sheet.ln(2)


def fitted(sheet: Sheet, name: str) -> str:
    """A name cut to the width that names have."""
    if sheet.get_string_width(name) <= NAMES - 3:
        return name
    while name and sheet.get_string_width(f"{name}…") > NAMES - 3:
        name = name[:-1]
    return f"{name}…"
