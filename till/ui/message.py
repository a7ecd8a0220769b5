"""The only place where a refusal becomes visible: a line of words beside what caused it, never a dialog (U5)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from till.errors import DeviceError, Refused, Unavailable
from till.ui import icons
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import icon_button
from till.ui.widgets.text import Text

Answer = TypeVar("Answer")


class Tone(StrEnum):
    """How a message looks: a refusal, a warning, a calm word."""

    DANGER = "danger"
    WARN = "warn"
    CALM = "calm"


_ICONS = {Tone.DANGER: "alert-circle", Tone.WARN: "alert-triangle", Tone.CALM: "info-circle"}


class Message(QFrame):
    """A line that is hidden until something has to be said; it stays until it is answered or tapped away."""

    refused = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = QLabel()
        self._label = Text("", semibold(Size.BODY - 1), Tone.DANGER).wrapped()
        self._close = icon_button(look, "x", look.t("Hide this message"))
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(look.target_px)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when it is hidden."""
        return self._label.text() if not self.isHidden() else ""

    @property
    def tone(self) -> Tone | None:
        """How it says it; None while it is hidden."""
        return Tone(self.property("tone")) if not self.isHidden() else None

    def attempt(self, action: Callable[[], Answer], then: Callable[[Answer], object] | None = None) -> bool:
        """Do it; a refusal is shown here and the answer is False. `then` gets the result."""
        try:
            answer = action()
        except (Refused, Unavailable) as error:
            self.refuse(error)
            return False
        except DeviceError as error:
            self._show(Tone.WARN, str(error))
            self.refused.emit()
            return False
        self.clear()
        if then is not None:
            then(answer)
        return True

    def refuse(self, error: Refused | Unavailable) -> None:
        """Show why not, in words, and send `refused`."""
        self.show_refusal(error)
        self.refused.emit()

    def show_refusal(self, error: Exception) -> None:
        """Show why something is not possible; Unavailable looks like a warning, it passes by itself."""
        if isinstance(error, (Refused, Unavailable)):
            tone = Tone.DANGER if isinstance(error, Refused) else Tone.WARN
            self._show(tone, self._look.formats.sentence(error))
        else:
            self._show(Tone.WARN, str(error))

    def tell(self, words: str, tone: Tone = Tone.CALM) -> None:
        """Show a translated sentence."""
        self._show(tone, words)

    def clear(self) -> None:
        """Hide it."""
        self.hide()

    def _show(self, tone: Tone, words: str) -> None:
        colour = {
            Tone.DANGER: self._look.palette.danger,
            Tone.WARN: self._look.palette.warn,
            Tone.CALM: self._look.palette.accent,
        }[tone]
        self._icon.setPixmap(icons.pixmap(_ICONS[tone], colour, 20, self.devicePixelRatioF()))
        self._label.setText(words)
        self._label.set_role("accent" if tone is Tone.CALM else tone)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleName(words)
        self.show()
