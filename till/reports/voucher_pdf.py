"""The report of what is owed for vouchers on A4: figures, proof, chart and tables (10-vouchers V46, 90-screens U9)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from till.formats import Formats
from till.pages.fonts import MONO, SANS, SANS_BOLD, register_fonts
from till.reports.chart import Chart, chart_of, is_named
from till.reports.voucher_liability import Left, LiabilityRow, VoucherLiability
from till.reports.voucher_words import OLD, SECTIONS, SHORT_TITLES, TITLE, TOTAL, proof, totals

_MM = 72 / 25.4
_WIDTH, _HEIGHT = 210 * _MM, 297 * _MM
_MARGIN = 18 * _MM
_PADDING = 6  # points, of reportlab's frame on each side
_INSIDE = _WIDTH - 2 * _MARGIN - 2 * _PADDING
_INK, _MUTED, _LINE, _ACCENT, _SOFT, _BAR, _DANGER = (
    "#15191F",
    "#5A6472",
    "#C9CFD8",
    "#0B6B57",
    "#E3F2EE",
    "#9A5B00",
    "#B3261E",
)
_ARROWS, _SHAPES = "\u2190", "\u25ff"
_OWED_HEIGHT, _MOVED_HEIGHT, _CHART_GAP, _AXIS = 34 * _MM, 26 * _MM, 8 * _MM, 22 * _MM
_COLUMNS = (34, 8, 9, 14, 12, 11, 12)  # percent: type, year, count, paid, bonus, expired, expires soon


@dataclass(frozen=True, slots=True)
class Paper:
    """Whose report it is, when it was made, and how its figures are written."""

    shop: str
    made_at: dt.datetime
    formats: Formats


def to_pdf(report: VoucherLiability, paper: Paper) -> bytes:
    """The PDF file, the same bytes for the same report and moment."""
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    out = io.BytesIO()
    t = paper.formats.translator
    document = SimpleDocTemplate(
        out,
        pagesize=(_WIDTH, _HEIGHT),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{t(TITLE)} {paper.formats.date(report.day)}",
        author=paper.shop,
        lang=t.language,
        invariant=1,
    )
    foot = _footer(paper)
    document.build(list(_story(report, paper)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(report: VoucherLiability, paper: Paper) -> Iterator[Any]:
    """What stands on the pages, from top to bottom."""
    from reportlab.platypus import Spacer

    formats = paper.formats
    t = formats.translator
    yield _words(paper.shop, 10, _MUTED)
    yield _words(t(TITLE), 20, bold=True)
    yield _words(t("At the end of {day}").format(day=formats.date(report.day)), 11, _MUTED)
    yield Spacer(0, 5 * _MM)
    yield from _figures(report, formats)
    yield _words(formats.sentence(proof(report)), 9, _ACCENT if report.is_proved else _DANGER, bold=True)
    if report.months:
        yield Spacer(0, 6 * _MM)
        yield _legend(t)
        yield Spacer(0, 3 * _MM)
        yield drawing(chart_of(report.months), formats)
    for treatment, title in SECTIONS.items():
        rows = report.of(treatment)
        if rows:
            yield Spacer(0, 7 * _MM)
            yield _words(t(title), 12, bold=True)
            yield Spacer(0, 2 * _MM)
            yield _table(rows, formats)
    if not report.rows:
        yield _words(t("Nothing is left on any voucher."), 11, _MUTED)


def _figures(report: VoucherLiability, formats: Formats) -> Iterator[Any]:
    t = formats.translator
    yield _words(t("Liability: {amount}").format(amount=formats.money(report.multi.paid)), 16, bold=True)
    bonus = report.multi.bonus + report.single.bonus
    for words, amount in (
        (t("Single-purpose vouchers, taxed already: {amount}"), report.single.paid),
        (t("Bonus parts, a price reduction to come: {amount}"), bonus),
    ):
        yield _words(words.format(amount=formats.money(amount)), 10)
    soon = t.plural(
        "Expires within {count} month: {paid} paid, {bonus} bonus",
        "Expires within {count} months: {paid} paid, {bonus} bonus",
        report.months_ahead,
    )
    ahead, paid, left = report.months_ahead, report.expiring.paid, report.expiring.bonus
    yield _words(soon.format(count=ahead, paid=formats.money(paid), bonus=formats.money(left)), 10)


def _words(text: str, size: int, colour: str = _INK, *, bold: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    font = SANS_BOLD if bold else SANS
    style = ParagraphStyle("words", fontName=font, fontSize=size, leading=size * 1.35, textColor=colour)
    return Paragraph(_drawable(text), style)


def _drawable(text: str) -> str:
    """Markup of the text; arrows, boxes and the like stand in the other one of our fonts alone."""
    from xml.sax.saxutils import escape

    parts = (f'<font name="{MONO}">{char}</font>' if _ARROWS <= char <= _SHAPES else escape(char) for char in text)
    return "".join(parts)


def _legend(t: Callable[[str], str]) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    parts = (("—", _ACCENT, t("Outstanding")), ("■", _ACCENT, t("Sold")), ("■", _BAR, t("Redeemed")))
    words = "&nbsp; &nbsp;".join(
        f'<font color="{ink}">{_drawable(mark)}</font> {_drawable(name)}' for mark, ink, name in parts
    )
    return Paragraph(words, ParagraphStyle("legend", fontName=SANS, fontSize=9, leading=13, textColor=_MUTED))


def drawing(chart: Chart, formats: Formats) -> Any:
    """The chart for a PDF: what is owed above, what each month sold and redeemed below."""
    from reportlab.graphics.shapes import Drawing

    made = Drawing(_INSIDE, _OWED_HEIGHT + _MOVED_HEIGHT + _CHART_GAP + 5 * _MM)
    step = (_INSIDE - _AXIS) / len(chart.months)
    bottom = 5 * _MM
    _scale(made, bottom, _MOVED_HEIGHT, formats.money(chart.moved_top))
    _scale(made, bottom + _MOVED_HEIGHT + _CHART_GAP, _OWED_HEIGHT, formats.money(chart.owed_top))
    _bars(made, chart, step, bottom)
    _curve(made, chart, step, bottom + _MOVED_HEIGHT + _CHART_GAP)
    _names(made, chart, step)
    return made


def _scale(made: Any, bottom: float, height: float, top: str) -> None:
    from reportlab.graphics.shapes import Line, String
    from reportlab.lib.colors import HexColor

    for part in (0, 0.5, 1):
        y = bottom + part * height
        made.add(Line(_AXIS, y, _INSIDE, y, strokeColor=HexColor(_LINE), strokeWidth=0.5))
    made.add(
        String(
            _AXIS - 4, bottom + height - 3, top, fontName=SANS, fontSize=7, fillColor=HexColor(_MUTED), textAnchor="end"
        )
    )


def _bars(made: Any, chart: Chart, step: float, bottom: float) -> None:
    from reportlab.graphics.shapes import Rect
    from reportlab.lib.colors import HexColor

    width = step * 0.36
    for place, month in enumerate(chart.months):
        x = _AXIS + place * step + step * 0.12
        for offset, part, colour in ((0.0, chart.sold(month), _ACCENT), (width, chart.redeemed(month), _BAR)):
            high = _MOVED_HEIGHT * part.numerator / part.denominator
            made.add(Rect(x + offset, bottom, width, high, fillColor=HexColor(colour), strokeColor=None))


def _curve(made: Any, chart: Chart, step: float, bottom: float) -> None:
    from reportlab.graphics.shapes import Circle, Polygon, PolyLine
    from reportlab.lib.colors import HexColor

    points: list[float] = []
    for place, month in enumerate(chart.months):
        part = chart.owed(month)
        points += [_AXIS + (place + 0.5) * step, bottom + _OWED_HEIGHT * part.numerator / part.denominator]
    ground = [points[0], bottom, *points, points[-2], bottom]
    made.add(Polygon(ground, fillColor=HexColor(_SOFT), strokeColor=None))
    made.add(PolyLine(points, strokeColor=HexColor(_ACCENT), strokeWidth=1.4))
    made.add(Circle(points[-2], points[-1], 2, fillColor=HexColor(_ACCENT), strokeColor=None))


def _names(made: Any, chart: Chart, step: float) -> None:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    for place, month in enumerate(chart.months):
        if is_named(month.first, place, len(chart.months)):
            name = f"{month.first:%m/%y}"
            x = _AXIS + (place + 0.5) * step
            made.add(String(x, 0, name, fontName=SANS, fontSize=7, fillColor=HexColor(_MUTED), textAnchor="middle"))


def _table(rows: tuple[LiabilityRow, ...], formats: Formats) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable

    t = formats.translator
    body: list[list[Any]] = [[t(head) for head in SHORT_TITLES]]
    for row in rows:
        name = f"{row.type_name} ({t(OLD)})" if row.is_old else row.type_name
        body.append([_words(name, 9), f"{row.year}", *_amounts((row.left, row.expired, row.expiring), formats)])
    body.append([_words(t(TOTAL), 9, bold=True), "", *_amounts(totals(rows), formats)])
    made = LongTable(body, colWidths=[share * _INSIDE / 100 for share in _COLUMNS], repeatRows=1)
    made.setStyle(
        [
            ("FONT", (0, 0), (-1, -2), SANS, 9),
            ("FONT", (0, 0), (-1, 0), SANS, 7),
            ("TEXTCOLOR", (0, 0), (-1, 0), HexColor(_MUTED)),
            ("FONT", (0, -1), (-1, -1), SANS_BOLD, 9),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, HexColor(_LINE)),
            ("LINEABOVE", (0, -1), (-1, -1), 0.9, HexColor(_INK)),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ]
    )
    return made


def _amounts(parts: tuple[Left, Left, Left], formats: Formats) -> list[str]:
    left, expired, expiring = parts
    whole = [expired.paid + expired.bonus, expiring.paid + expiring.bonus]
    return [f"{left.count}", *(formats.amount(amount) for amount in (left.paid, left.bonus, *whole))]


def _footer(paper: Paper) -> Callable[[Any, Any], None]:
    """When it was made, and the page's number."""
    t = paper.formats.translator
    made = t("Made on {moment}").format(moment=paper.formats.value(paper.made_at))

    def paint(canvas: Any, document: Any) -> None:
        canvas.setFont(SANS, 8)
        canvas.setFillColor(_MUTED)
        canvas.drawString(_MARGIN, 10 * _MM, made)
        canvas.drawRightString(_WIDTH - _MARGIN, 10 * _MM, t("Page {number}").format(number=document.page))

    return paint
