"""A voucher as the cashier reads it out: type, number, validity, what it was and what is left (V31)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from till.app.views import VoucherHit
from till.i18n import msg
from till.money import ZERO
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.text import ShorteningText, Text
from till.vouchers.model import Voucher, VoucherOrigin, VoucherStanding, VoucherState

_STATES = {
    VoucherState.PENDING: (msg("not paid yet"), "warn"),
    VoucherState.NOT_YET_VALID: (msg("not valid yet"), "warn"),
    VoucherState.USED: (msg("fully redeemed"), "quiet"),
    VoucherState.CONVERTED: (msg("converted"), "quiet"),
    VoucherState.EXPIRED: (msg("expired"), "danger"),
    VoucherState.BLOCKED: (msg("blocked"), "danger"),
    VoucherState.CANCELLED: (msg("cancelled"), "danger"),
    VoucherState.REPLACED: (msg("replaced"), "quiet"),
}


class VoucherCard(QFrame):
    """Shows a hit, in two lines where it `is_compact`; `tapped` when it is tapped."""

    tapped = Signal()

    def __init__(self, look: Look, hit: VoucherHit, *, is_compact: bool = False) -> None:
        super().__init__()
        self.hit = hit
        self._look = look
        self.setProperty("role", "inset")
        standing = hit.standing
        self.setAccessibleName(f"{standing.voucher.type_name} {standing.voucher.number}")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        if is_compact:
            column.addLayout(self._named(standing))
            column.addLayout(self._short(standing))
        else:
            column.addLayout(self._head(standing))
            column.addLayout(self._origin(standing))
            column.addLayout(self._rest(standing))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick this voucher."""
        self.tapped.emit()
        event.accept()

    def _named(self, standing: VoucherStanding) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Text(standing.voucher.type_name, bold(Size.TITLE)))
        row.addWidget(ShorteningText(standing.voucher.number, font(Size.BODY), "muted"), 1)
        row.addWidget(self._left(standing))
        return row

    def _short(self, standing: VoucherStanding) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Chip(self._look, state_face(self._look, standing), height_px=24))
        row.addWidget(ShorteningText(sold_words(self._look, standing.voucher), font(Size.BODY), "muted"), 1)
        return row

    def _head(self, standing: VoucherStanding) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Text(standing.voucher.type_name, bold(Size.TITLE)))
        row.addWidget(Chip(self._look, state_face(self._look, standing), height_px=24))
        row.addStretch(1)
        return row

    def _origin(self, standing: VoucherStanding) -> QGridLayout:
        t, formats, voucher = self._look.t, self._look.formats, standing.voucher
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.addWidget(ShorteningText(voucher.number, semibold(Size.BODY)), 0, 0)
        face = t("Face value {amount}").format(amount=formats.money(voucher.face))
        grid.addWidget(Text(face, font(Size.BODY), "muted").right(), 0, 1)
        grid.addWidget(ShorteningText(self._sold(standing), font(Size.BODY), "muted"), 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        return grid

    def _rest(self, standing: VoucherStanding) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Text(self._look.t("Remaining"), bold(Size.BODY)))
        row.addWidget(self._left(standing), 1)
        return row

    def _sold(self, standing: VoucherStanding) -> str:
        sold, number = sold_words(self._look, standing.voucher), standing.voucher.issued_number
        receipt = self._look.t("receipt {number}").format(number=number)
        return f"{sold} · {receipt}" if number else sold

    def _left(self, standing: VoucherStanding) -> Text:
        role = "accent" if standing.remaining > ZERO and self.hit.refusal is None else "muted"
        return Text(self._look.formats.money(standing.remaining), bold(Size.FIGURE), role).right()


def sold_words(look: Look, voucher: Voucher) -> str:
    """When it was sold; one from before this till says that it is one (V52)."""
    is_old = voucher.origin is VoucherOrigin.OLD
    words = look.t("old voucher, sold on {date}") if is_old else look.t("sold on {date}")
    return words.format(date=look.formats.date(voucher.issued_at))


def state_face(look: Look, standing: VoucherStanding) -> ChipFace:
    """The state as a chip: until when it is valid, or why it can't be used."""
    if standing.state is VoucherState.ACTIVE:
        until = look.formats.date(standing.voucher.valid_until)
        return ChipFace(look.t("valid until {date}").format(date=until), tone="calm")
    words, tone = _STATES[standing.state]
    return ChipFace(look.t(words), tone=tone)
