"""What the pages of the shift share: a head with the way back, a body, and the keys that lead out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.money import ZERO, Money
from till.ui import icons
from till.ui.fonts import bold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.text import Text

_COMMAS = frozenset({",", "."})


class ShiftPage(QWidget):
    """A page of the shift. `left` goes back to the sale, `receipt_asked` (Document) shows a receipt.

    Digits, comma, backspace and Enter arrive at `press`, `act_on` and `enter`, wherever the focus is.
    """

    left = Signal()
    receipt_asked = Signal(object)

    def __init__(self, look: Look, till: Till, face: Face) -> None:
        super().__init__()
        self._look, self._till = look, till
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(face.text)
        self.message = Message(look, till.cash)
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.body = QHBoxLayout()
        self.body.setSpacing(16)
        self._build(face)

    def begin(self) -> None:
        """The page is shown: bring it up to date. What was typed and not yet booked stays."""

    def act(self, action: Action) -> bool:
        """Do what a function key asks for on this page; False: it is the window's."""
        del action
        return False

    def press(self, key: str) -> None:
        """A digit, "00" or the comma was typed."""

    def act_on(self, key_id: str) -> None:
        """A key of the pad's right column: "back" or "clear"."""

    def enter(self) -> None:
        """Enter was pressed outside a button and a line of text."""

    def write(self, text: str) -> None:
        """Something else was typed: letters, where a number is wanted."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers are the page's wherever the focus is; Escape hides what was said, then leads back to the sale."""
        key, text = event.key(), event.text()
        if text.isdigit() and text.isascii():
            self.press(text)
        elif text in _COMMAS and text:
            self.press(",")
        elif key == Qt.Key.Key_Backspace:
            self.act_on("back")
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif text.isprintable() and text.strip():
            self.write(text)
        else:
            event.ignore()

    def _escape(self) -> None:
        if self.message.text:
            self.message.dismiss()
        else:
            self.left.emit()

    def _build(self, face: Face) -> None:
        mark = QLabel()
        mark.setPixmap(icons.pixmap(face.icon, self._look.palette.accent, 28, self.devicePixelRatioF()))
        back = Button(self._look, Face(self._look.t("Back to the sale"), "arrow-left"))
        back.clicked.connect(self.left)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(mark)
        row.addWidget(Text(face.text, bold(Size.FIELD)), 1)
        row.addLayout(self.head)
        row.addWidget(back)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(row)
        column.addLayout(self.body, 1)


def card(margin: int = 16, spacing: int = 10) -> tuple[QFrame, QVBoxLayout]:
    """A framed part of a page, and the column inside it."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(spacing)
    return frame, column


def signed(look: Look, amount: Money) -> str:
    """An amount with its sign, also the plus."""
    shown = look.formats.money(amount)
    return f"+{shown}" if amount > ZERO else shown
