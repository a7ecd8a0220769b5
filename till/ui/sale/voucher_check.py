"""A voucher scanned with an empty basket: what is on it, without any sale (V38)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.views import VoucherHit
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.text import Text
from till.ui.widgets.voucher_card import VoucherCard


class VoucherCheck(QWidget):
    """Shows the vouchers of one number; `dismissed` with the next tap."""

    dismissed = Signal()

    def __init__(self, look: Look, hits: tuple[VoucherHit, ...]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(look.t("What is on this voucher"), bold(Size.TITLE)))
        for hit in hits[:4]:
            column.addWidget(VoucherCard(look, hit))
            column.addWidget(_refusal(look, hit))
        close = Button(look, Face(look.t("Back to the articles"), "arrow-left")).tall(56)
        close.clicked.connect(self.dismissed)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any tap goes back."""
        self.dismissed.emit()
        event.accept()


def _refusal(look: Look, hit: VoucherHit) -> Message:
    message = Message(look)
    if hit.refusal is not None:
        message.show_refusal(hit.refusal)
    return message
