"""A card that lies over the window for a moment: a title, what it is about, and its way out. Never a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import icon_button
from till.ui.widgets.text import Text

WIDTH = 720


class Panel(QFrame):
    """`left` when it has done what it was there for, or Escape or its cross closed it: then all is as it was before."""

    left = Signal()
    lacks_names = False

    def __init__(self, look: Look, title: str, width: int = WIDTH) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(width)
        self.close_button = icon_button(look, "x", look.t("Close"), key="Esc")
        self.close_button.clicked.connect(self.left)
        head = QHBoxLayout()
        head.addWidget(Text(title, bold(Size.FIELD)), 1)
        head.addWidget(self.close_button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 16, 24, 20)
        self.column.setSpacing(12)
        self.column.addLayout(head)

    @property
    def is_idle(self) -> bool:
        """Whether it may be replaced without a word: a panel never."""
        return False

    def on_scan(self, code: str) -> bool:
        """Whether a scan was of use here; every scan ends here while the panel is shown."""
        del code
        return False

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the panel has a use for this key."""
        del event
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it; no key reaches what lies below."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.take_key(event)
        event.accept()
