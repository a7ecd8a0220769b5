"""A question in the place of the total: a price, a quantity, a discount, a note; the pad answers it, scans go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout

from till.formats import Formats
from till.ui.entry import Entry
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.keyboard_key import keyboard_key
from till.ui.widgets.text import ShorteningText, Text


class Ask(StrEnum):
    """What is asked for."""

    QUANTITY = "quantity"
    PERCENT = "percent"
    AMOUNT = "amount"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question and what to do with its answer; `take` gets the Ask, what was typed on the pad, and the text.

    `take` may refuse; then the question stays. `switches` lets the pad change between % and €.
    """

    ask: Ask
    title: str
    take: Callable[[Prompt, Entry, str], object]
    switches: bool = False
    text: str = ""

    def switched(self, ask: Ask) -> Prompt:
        """The same question asked in % or in €."""
        return replace(self, ask=ask) if self.switches else self


def shown_answer(ask: Ask, entry: Entry, formats: Formats) -> str:
    """How the typed answer looks."""
    match ask:
        case Ask.AMOUNT:
            return entry.shown_money(formats)
        case Ask.PERCENT:
            return f"{entry.shown(formats) or '0'} %"
        case _:
            return entry.shown(formats) or "0"


class PromptBox(QFrame):
    """Shows the question where the total stands otherwise."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "sums")
        self._title = ShorteningText("", semibold(Size.BODY), "accent")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._field = QFrame()
        self._field.setProperty("role", "field")
        set_active(self._field, is_active=True)
        self._figure = Text("", bold(Size.FIGURE)).right()
        self.line = QLineEdit()
        self.line.setFont(font(Size.TITLE))
        self.line.setMaxLength(80)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)
        self.keyboard = keyboard_key(look, self.line)
        self._build()

    @property
    def title(self) -> str:
        """The question."""
        return self._title.text()

    @property
    def answer(self) -> str:
        """The figure as it stands there."""
        return self._figure.text()

    def show_prompt(self, prompt: Prompt, entry: Entry) -> None:
        """Show the question and what was typed so far."""
        is_text = prompt.ask is Ask.NOTE
        self._title.setText(prompt.title)
        self._figure.setVisible(not is_text)
        self.line.setVisible(is_text)
        self.keyboard.setVisible(is_text)
        self.line.setAccessibleName(prompt.title)
        self.setAccessibleName(prompt.title)
        self._figure.setText(shown_answer(prompt.ask, entry, self._look.formats))
        self._figure.set_role("" if entry else "muted")

    def begin_text(self, text: str) -> None:
        """Put the cursor into the text with what stands there so far."""
        self.line.setText(text)
        self.line.selectAll()
        self.line.setFocus()

    def _build(self) -> None:
        inside = QHBoxLayout(self._field)
        inside.setContentsMargins(12, 0, 12, 0)
        inside.addWidget(self._figure)
        inside.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 4)
        column.setSpacing(2)
        column.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self.keyboard)
        column.addLayout(row, 1)
