"""One line of an answer: its label, what is typed or scanned, and right below it why that can't be taken (U5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from till.ui import icons
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, set_active
from till.ui.widgets.button import Button
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.text import Text

MOST_TYPED = 600
"""More than anything that is taken: what is too long is refused in words, with all of it still there."""

Answer = TypeVar("Answer")


class AskedLine(QWidget):
    """`entered` when Enter is pressed in it, `edited` when somebody typed, `focused` when it is the one that is typed into."""

    entered = Signal()
    edited = Signal()
    focused = Signal()

    def __init__(self, look: Look, label: str, icon: str, *, is_big: bool = True) -> None:
        super().__init__()
        self.label = Text(label, semibold(Size.BODY - 1), "muted")
        self.line = TellingLine()
        self.line.setFont(semibold(Size.FIELD if is_big else Size.TITLE))
        self.line.setMaxLength(MOST_TYPED)
        self.line.setAccessibleName(label)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)
        self.line.returnPressed.connect(self.entered)
        self.line.textEdited.connect(lambda _: self._was_edited())
        self.line.focused.connect(self._note_focus)
        self.beside = Text("", semibold(Size.BODY), "accent").right()
        self.message = Message(look)
        self._box = QFrame()
        self._level = QHBoxLayout()
        self._build(look, icon)

    @property
    def text(self) -> str:
        """What stands there, with everything around it."""
        return self.line.text()

    def put_beside(self, key: Button) -> None:
        """A key on the level of the line, whatever is said below it."""
        self._level.addWidget(key.tall(self._box.height()))

    def set_text(self, text: str) -> None:
        """Put something else there; what was said about the old is gone."""
        self.line.setText(text)
        self.message.clear()

    def press(self, key: str) -> None:
        """A key of the screen's pad was tapped."""
        self.line.insert(key)
        self._was_edited()

    def back(self) -> None:
        """Delete the last key."""
        self.line.backspace()
        self._was_edited()

    def begin(self) -> None:
        """Type here from now on."""
        self.line.setFocus()
        self.line.selectAll()

    def attempt(self, action: Callable[[], Answer], then: Callable[[Answer], object]) -> bool:
        """Do it with what stands here; a refusal is shown below, and the cursor is here again."""
        if self.message.attempt(action, then):
            return True
        self.begin()
        return False

    def _was_edited(self) -> None:
        self.message.clear()
        self.edited.emit()

    def _note_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - a signal's slot
        set_active(self._box, is_active=has_focus)
        if has_focus:
            self.focused.emit()

    def _build(self, look: Look, icon: str) -> None:
        self._box.setProperty("role", "field")
        self._box.setFixedHeight(max(FIELD_HEIGHT, look.target_px))
        mark = QLabel()
        mark.setPixmap(icons.pixmap(icon, look.palette.muted, 22, self.devicePixelRatioF()))
        inside = QHBoxLayout(self._box)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.setSpacing(12)
        inside.addWidget(mark)
        inside.addWidget(self.line, 1)
        inside.addWidget(self.beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        self._level.setSpacing(8)
        self._level.addWidget(self._box, 1)
        column.addLayout(self._level)
        column.addWidget(self.message)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
