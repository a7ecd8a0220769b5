"""A strip of words about a state, with a way to mend it (U6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from till.ui import icons
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import Text

_MARGIN = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of the state: what the button says and what it does."""

    text: str
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """A state in words: `tone` is "warn", "danger" or "calm"."""

    words: str
    icon: str
    tone: str = "warn"
    ways: tuple[Way, ...] = ()


class Strip(QFrame):
    """Shows a Notice; `is_narrow` puts the buttons below the words."""

    def __init__(self, look: Look, notice: Notice, *, is_narrow: bool) -> None:
        super().__init__()
        self.setProperty("tone", notice.tone)
        self.setAccessibleName(notice.words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(look.target_px)
        colour = getattr(look.palette, "accent" if notice.tone == "calm" else notice.tone)
        mark = QLabel()
        mark.setPixmap(icons.pixmap(notice.icon, colour, 20, self.devicePixelRatioF()))
        self.label = Text(notice.words, semibold(Size.BODY - 1), "accent" if notice.tone == "calm" else notice.tone)
        self.label.setWordWrap(True)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(mark)
        words.addWidget(self.label, 1)
        outer: QBoxLayout = QVBoxLayout(self) if is_narrow else QHBoxLayout(self)
        outer.setContentsMargins(12, _MARGIN, _MARGIN, _MARGIN)
        outer.setSpacing(8)
        outer.addLayout(words, 1)
        for way in notice.ways:
            outer.addWidget(_button(look, way))


def _button(look: Look, way: Way) -> Button:
    button = Button(look, Face(way.text), Kind.PLAIN)
    button.in_type(semibold(Size.BODY - 1))
    button.clicked.connect(way.act)
    return button
