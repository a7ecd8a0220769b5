"""A page of the back office: title, what can be done with all of it at the top, one message, and its body."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import Text
from till.ui.work import Work

MARGIN = 24
GAP = 12


class OfficePage(QWidget):
    """What all pages of the office share; a page fills `body`, and answers the four questions below where they concern it.

    `work` does what takes long beside the window's thread; its refusals are shown in `message`. `asked_page` with the key
    of another page to go to; `till_asked` leads back to the counter, `closing_asked` there and on to the closing (Z),
    `receipt_asked` there to the receipt with this id.
    """

    asked_page = Signal(str)
    till_asked = Signal()
    closing_asked = Signal()
    receipt_asked = Signal(object)

    def __init__(self, look: Look, till: Till, title: str) -> None:
        super().__init__()
        self._look, self._till = look, till
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.message = Message(look, till.cash)
        self.work = Work(self, self.message)
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.title = Text(title, bold(Size.FIELD))
        self.head.addWidget(self.title, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 16, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addLayout(self.head)
        column.addWidget(self.message)
        column.addLayout(self.body, 1)

    def begin(self) -> None:
        """The page is shown: bring it up to date. What was typed and not yet saved must stay."""

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost by closing the office; a page that says False has said why on itself."""
        return True

    def on_scan(self, code: str) -> bool:
        """A scan came while the office has the keyboard; False: the counter's window shall have it."""
        del code
        return False

    def tear_down(self) -> None:
        """The page is thrown away for good: end what it holds."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape hides what was said; every other key is the window's."""
        if event.key() == Qt.Key.Key_Escape and self.message.text:
            self.message.dismiss()
        else:
            event.ignore()

    def head_button(self, face: Face, act: Callable[[], object], kind: Kind = Kind.PLAIN) -> Button:
        """A button in the page's head; the one that is wanted most has Kind.PRIMARY and comes last."""
        button = Button(self._look, face, kind)
        button.clicked.connect(lambda _checked: act())
        self.head.addWidget(button)
        return button
