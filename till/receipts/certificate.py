"""The gift certificate as PDF: a sheet of A4 or A6 to give away, with everything that the slip says (10-vouchers V27)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from till.pages.codes import code128, qr
from till.pages.fonts import SANS, SANS_BOLD, register_fonts, sans_has
from till.raster import Raster
from till.receipts.sanitize import for_font
from till.receipts.source import VoucherSlip

_POINTS = 72 / 25.4
_WIDTH, _HEIGHT = 297.0, 210.0  # the sheet is drawn in millimetres of an A4 on its side; A6 is half of it
_EDGE = 10.0
_SHOP = 92.0
_INK, _MUTED, _ACCENT, _TINT, _WHITE = "#1C2530", "#5B6470", "#7A5C2E", "#F6F1E8", "#FFFFFF"
_LEAST_MODULE_MM = 0.25
_DPI = 300
_MOST_DOTS = 4000
_BOX_HEIGHT = 40.0
_SMALLEST_PT = 6.0
_LEADING = 1.28


class CertificateSize(StrEnum):
    """The sheet, on its side."""

    A4 = "A4"
    A6 = "A6"

    @property
    def scale(self) -> float:
        """How large it is, A4 being 1."""
        return 1.0 if self is CertificateSize.A4 else 0.5


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on a sheet: the voucher as on its slip, and the shop's picture as PNG, empty for none."""

    voucher: VoucherSlip
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class _Words:
    """Words in one type: how large in points on A4, how wide they may become in millimetres, on how many lines at most."""

    text: str
    size: float
    width: float
    lines: int = 1
    is_bold: bool = False
    is_centred: bool = False
    colour: str = _INK

    @property
    def font(self) -> str:
        return SANS_BOLD if self.is_bold else SANS


def to_pdf(certificates: Sequence[Certificate], size: CertificateSize) -> bytes:
    """A page for each voucher; the same bytes for the same vouchers. Foreign words are drawn as they are, never read as markup."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    out = io.BytesIO()
    page = (_WIDTH * _POINTS * size.scale, _HEIGHT * _POINTS * size.scale)
    language = certificates[0].voucher.formats.translator.language
    canvas = Canvas(out, pagesize=page, invariant=True, lang=language, pageCompression=1)
    canvas.setTitle(_title(certificates))
    for certificate in certificates:
        canvas.saveState()
        canvas.scale(_POINTS * size.scale, _POINTS * size.scale)
        _Sheet(canvas, certificate, size.scale).draw()
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _title(certificates: Sequence[Certificate]) -> str:
    first = certificates[0].voucher
    title = first.formats.translator("Voucher {number}").format(number=_plain(first.number))
    return title if len(certificates) == 1 else f"{title} … {_plain(certificates[-1].voucher.number)}"


class _Sheet:
    """One page. Its y counts from the bottom, in millimetres of A4, as reportlab's does."""

    def __init__(self, canvas: Any, certificate: Certificate, scale: float) -> None:
        self._canvas, self._scale = canvas, scale
        self._slip, self._logo = certificate.voucher, certificate.logo
        self._left = _EDGE + _SHOP
        self._inner = _WIDTH - self._left - _EDGE - 24

    def draw(self) -> None:
        self._canvas.setStrokeColor(_ACCENT)
        self._canvas.setLineWidth(0.5)
        self._canvas.roundRect(_EDGE, _EDGE, _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE, 5)
        self._box(_TINT, (self._left, _EDGE + 2, _WIDTH - self._left - _EDGE - 2, _HEIGHT - 2 * _EDGE - 4))
        self._draw_shop()
        self._draw_worth()
        self._draw_code()

    def _draw_shop(self) -> None:
        shop, left, width = self._slip.shop, _EDGE + 10, _SHOP - 20
        top = _HEIGHT - _EDGE - 14
        if self._logo:
            top = self._picture(left, top, width) - 8
        top = self._words(_Words(shop.name, 17, width, 3, is_bold=True), left, top) - 3
        for line in (*shop.address, *shop.contact):
            top = self._words(_Words(line, 11, width, 2, colour=_MUTED), left, top)
        self._canvas.setFillColor(_ACCENT)
        self._canvas.rect(left, _EDGE + 14, 24, 0.9, stroke=0, fill=1)

    def _draw_worth(self) -> None:
        t, formats, slip = self._slip.formats.translator, self._slip.formats, self._slip
        left, top = self._left + 12, _HEIGHT - _EDGE - 16
        top = (
            self._words(_Words(t("Gift voucher").upper(), 13, self._inner, colour=_ACCENT), left, top, spacing=0.9) - 3
        )
        top = self._words(_Words(slip.type_name, 24, self._inner, 2, is_bold=True), left, top) - 2
        top = self._words(_Words(formats.money(slip.value), 64, self._inner, is_bold=True), left, top) - 6
        if slip.text:
            room = top - (_EDGE + 14 + _BOX_HEIGHT + 12)
            self._words(
                _fitting(
                    _Words(f"„{slip.text}“" if t.language == "de" else f"“{slip.text}”", 18, self._inner, 6), room
                ),
                left,
                top,
            )
        until = t("Valid from {first} until {last}")
        words = until.format(first=formats.date(slip.valid_from), last=formats.date(slip.valid_until))
        self._words(_Words(words, 12, self._inner, colour=_MUTED), left, _EDGE + 14 + _BOX_HEIGHT + 11)

    def _draw_code(self) -> None:
        """Number and barcode on white, so that every scanner reads them."""
        left, bottom, height = self._left + 12, _EDGE + 14, _BOX_HEIGHT
        self._box(_WHITE, (left, bottom, self._inner, height))
        module = max(_LEAST_MODULE_MM / self._scale, 0.33)
        bars = code128(self._slip.barcode, _MOST_DOTS, 1)
        room = self._inner - 12
        if bars is not None and bars.width / _module_dots(bars) * module <= room:
            dot = module / _module_dots(bars)
            self._bars(bars, (left + (self._inner - bars.width * dot) / 2, bottom + 15, dot, 20))
            self._words(_Words(self._number(), 15, room, is_bold=True, is_centred=True), left + 6, bottom + 11)
            return
        code = qr(self._slip.barcode, _MOST_DOTS, _DPI)
        self._bars(code, (left + 4, bottom + 3, 34 / code.width, 34 / code.width))
        self._words(_fitting(_Words(self._number(), 15, room - 40, 3, is_bold=True), 24), left + 44, bottom + 30)

    def _number(self) -> str:
        return self._slip.formats.translator("No. {number}").format(number=self._slip.number)

    def _box(self, colour: str, place: tuple[float, float, float, float]) -> None:
        self._canvas.setFillColor(colour)
        self._canvas.roundRect(*place, 4, stroke=0, fill=1)

    def _picture(self, left: float, top: float, width: float) -> float:
        """The shop's picture under `top`, as wide as there is room but no higher than 34 mm; where it ends."""
        from reportlab.lib.utils import ImageReader

        picture = ImageReader(io.BytesIO(self._logo))
        wide, high = picture.getSize()
        factor = min(width / wide, 34 / high)
        self._canvas.drawImage(picture, left, top - high * factor, wide * factor, high * factor)
        return float(top - high * factor)

    def _words(self, words: _Words, left: float, top: float, *, spacing: float = 0) -> float:
        """Draw words under `top`, wrapped and, where even that is too long, smaller; where they end."""
        size, lines = _set(words, self._scale)
        pitch = size * _LEADING / _POINTS
        self._canvas.setFillColor(words.colour)
        for line in lines:
            start = left + (words.width - _width(line, words.font, size)) / 2 if words.is_centred else left
            text = self._canvas.beginText(start, top - size / _POINTS * 0.95)
            text.setFont(words.font, size / _POINTS)
            text.setCharSpace(spacing)
            text.textOut(line)
            self._canvas.drawText(text)
            top -= pitch
        return top

    def _bars(self, raster: Raster, place: tuple[float, float, float, float]) -> None:
        """A code's modules as areas that stay sharp at any size; a line code has one row, `high` of its own."""
        left, bottom, wide, high = place
        self._canvas.setFillColor("#000000")
        step = _module_dots(raster) if raster.height > 1 else 1
        for y in range(0, raster.height, step):
            for start, length in _runs(raster.row(y), raster.width):
                up = bottom + (raster.height - y - step) * high
                self._canvas.rect(left + start * wide, up, length * wide, step * high, stroke=0, fill=1)


def _module_dots(raster: Raster) -> int:
    """How many dots wide a module is: the code was made for a printer with whole dots."""
    return min(length for y in range(raster.height) for _, length in _runs(raster.row(y), raster.width))


def _runs(row: bytes, width: int) -> Iterable[tuple[int, int]]:
    """Where the black dots of a row begin, and how many there are in a row."""
    start = -1
    for x in range(width + 1):
        is_black = x < width and bool(row[x // 8] & (0x80 >> x % 8))
        if is_black and start < 0:
            start = x
        elif not is_black and start >= 0:
            yield start, x - start
            start = -1


def _fitting(words: _Words, room: float) -> _Words:
    """The same words, smaller where they would be higher than the room in millimetres."""
    while words.size > _SMALLEST_PT and len(_lines(words, words.size)) * words.size * _LEADING / _POINTS > room:
        words = replace(words, size=words.size - 1)
    return replace(words, lines=max(1, int(room / (words.size * _LEADING / _POINTS))))


def _set(words: _Words, scale: float) -> tuple[float, list[str]]:
    """Size in points and lines: as small as it takes, but readable; what is longer still ends in "…"."""
    least = _SMALLEST_PT / scale
    size = max(words.size, least)
    while len(_lines(words, size)) > words.lines and size > least:
        size -= 0.5
    lines = _lines(words, size)
    if len(lines) > words.lines:
        lines = [*lines[: words.lines - 1], lines[words.lines - 1][:-1] + "…"]
    return size, lines


def _lines(words: _Words, size: float) -> list[str]:
    """The words on lines that fit; a word that is too long for any line is broken."""

    def fits(text: str) -> bool:
        return _width(text, words.font, size) <= words.width

    lines = [""]
    for word in _plain(words.text).split():
        joined = f"{lines[-1]} {word}".strip()
        if fits(joined):
            lines[-1] = joined
            continue
        lines.append("")
        for char in word:
            if lines[-1] and not fits(lines[-1] + char):
                lines.append("")
            lines[-1] += char
    return [line for line in lines if line] or [""]


def _width(text: str, font: str, size: float) -> float:
    """How wide words are, in millimetres."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font, size)) / _POINTS


def _plain(text: str) -> str:
    return for_font(text, sans_has).replace("\n", " ")
