"""A new PIN, typed twice on one pad."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from till.errors import Refused
from till.i18n import msg
from till.staff.pin import checked_pin
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.staff.panel import Panel
from till.ui.staff.pin_pad import PinPad
from till.ui.theme import Size
from till.ui.widgets.text import Text

_DIFFERENT = msg("That was another PIN than the first time. Type the new one again.")
_WIDTH = 400


class Step(Enum):
    """What is typed next; the text asks for it."""

    OLD = msg("Type the PIN that you have now.")
    NEW = msg("Type the new PIN: 4 to 8 digits.")
    AGAIN = msg("Type the new PIN once more.")


class NewPinPanel(Panel):
    """`chosen` with the PIN when it was typed twice; what is no good PIN is refused at once."""

    chosen = Signal(str)

    def __init__(self, look: Look, title: str, name: str) -> None:
        super().__init__(look, title, _WIDTH)
        self._new = ""
        self.step = Step.NEW
        self.pad = PinPad(look, look.t("Next"))
        self.pad.entered.connect(self._entered)
        self.message = Message(look)
        self._asks = Text("", semibold(Size.BODY)).wrapped()
        self.column.addWidget(Text(name, font(Size.BODY), "muted").wrapped())
        self.column.addWidget(self._asks)
        self.column.addWidget(self.pad)
        self.column.addWidget(self.message)
        self.column.addStretch(1)
        self._ask(Step.NEW)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits go to the pad."""
        return self.pad.take_key(event)

    def _ask(self, step: Step) -> None:
        self.step = step
        self._asks.setText(self._look.t(step.value))
        self._asks.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.pad.set_verb(self._look.t("Save") if step is Step.AGAIN else self._look.t("Next"))
        self.pad.clear()

    def _entered(self, pin: str) -> None:
        if self.step is Step.NEW:
            self.message.attempt(lambda: checked_pin(pin), self._take_new)
        elif pin != self._new:
            self._ask(Step.NEW)
            self.message.refuse(Refused(_DIFFERENT))
        else:
            self._end(pin)

    def _take_new(self, pin: str) -> None:
        self._new = pin
        self._ask(Step.AGAIN)

    def _end(self, pin: str) -> None:
        self._new = ""
        self.left.emit()
        self.chosen.emit(pin)
