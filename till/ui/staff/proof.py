"""Who it is, and their PIN or card: the part that signing in, changing places and approving share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.errors import Refused
from till.i18n import msg
from till.staff.cards import is_card
from till.ui import icons
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.staff.awaiting import Awaiting
from till.ui.staff.names import Choice, Names
from till.ui.staff.pin_pad import PinPad
from till.ui.theme import Size
from till.ui.widgets.text import ShorteningText, Text

NO_CARD = msg("This is no staff card of this till. Scan a staff card, or tap a name and type the PIN.")
_PAD_WIDTH = 300
_SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Ways:
    """What is done with who proves themselves; `verb` stands on the button under the pad."""

    verb: str
    by_pin: Callable[[str, str], Future[Any]]
    by_card: Callable[[str], Future[Any]]
    by_tap: Callable[[str], object]


class Proof(QWidget):
    """Names on the left, the pad on the right; `proved` when a way has led to its end.

    A wrong PIN is said under the names, where no key moves by it, and how long the wait is counts down there.
    """

    proved = Signal()

    def __init__(self, look: Look, choices: Sequence[Choice], ways: Ways) -> None:
        super().__init__()
        self._look, self._ways = look, ways
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._chosen: Choice | None = None
        self._awaiting = Awaiting(self)
        self.names = Names(look, choices, columns=1 if len(choices) <= 4 else 2)  # noqa: PLR2004 - more need two columns
        self.pad = PinPad(look, ways.verb)
        self.message = Message(look)
        self._who = ShorteningText("", semibold(Size.TITLE))
        self._refusal: Refused | None = None
        self._since = QElapsedTimer()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._count_down)
        self._build()
        self._choose(choices[0] if len(choices) == 1 and choices[0].needs_proof else None)

    @property
    def chosen(self) -> str:
        """The id of who is chosen; empty for nobody."""
        return self._chosen.user.id if self._chosen is not None else ""

    @property
    def is_busy(self) -> bool:
        """Whether a PIN or card is being checked."""
        return self._awaiting.is_busy

    def on_scan(self, code: str) -> bool:
        """A staff card proves its owner; whether it was one. Anything else is said not to be one."""
        if self.is_busy:
            return False
        self._stop_counting()
        if not is_card(code):
            self.message.refuse(Refused(NO_CARD))
            return False
        self._wait(self._ways.by_card(code))
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether this key is one of the pad's."""
        return self.pad.take_key(event)

    def _tapped(self, choice: Choice) -> None:
        if self.is_busy:
            self.names.choose(self.chosen)
            return
        self._stop_counting()
        self.message.clear()
        if choice.needs_proof:
            self._choose(choice)
            self.setFocus()  # the next Enter confirms the PIN, it does not tap the name again
            return
        self._choose(None)
        if self.message.attempt(lambda: self._ways.by_tap(choice.user.id)):
            self.proved.emit()

    def _choose(self, choice: Choice | None) -> None:
        self._chosen = choice
        self.names.choose(self.chosen)
        t = self._look.t
        self._who.setText(t("PIN of {user}").format(user=choice.user.name) if choice else t("Tap a name"))
        self.pad.clear()
        self.pad.setEnabled(choice is not None)

    def _entered(self, pin: str) -> None:
        if self._chosen is not None and not self.is_busy:
            self._stop_counting()
            self._wait(self._ways.by_pin(self._chosen.user.id, pin))

    def _wait(self, future: Future[object]) -> None:
        self.pad.set_busy(is_busy=True)
        self.message.clear()
        self._awaiting.wait(future, self._proved, self._failed)

    def _proved(self, _answer: object) -> None:
        self.pad.set_busy(is_busy=False)
        self.proved.emit()

    def _failed(self, error: Exception) -> None:
        self.pad.set_busy(is_busy=False)
        self.message.show_refusal(error)
        if isinstance(error, Refused) and _SECONDS in error.values:
            self._refusal = error
            self._since.start()
            self._second.start()

    def _count_down(self) -> None:
        """How long one still has to wait; when that is over, nothing stands in the way any more."""
        refusal = self._refusal
        if refusal is None:
            return
        left = int(str(refusal.values[_SECONDS])) - self._since.elapsed() // 1000
        if left <= 0:
            self._stop_counting()
            self.message.clear()
        else:
            self.message.show_refusal(Refused(refusal.msgid, **(refusal.values | {_SECONDS: left})))

    def _stop_counting(self) -> None:
        self._refusal = None
        self._second.stop()

    def _build(self) -> None:
        self.names.tapped.connect(self._tapped)
        self.pad.entered.connect(self._entered)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("barcode", self._look.palette.muted, 20, self.devicePixelRatioF()))
        hint = QHBoxLayout()
        hint.setSpacing(8)
        hint.addWidget(mark)
        hint.addWidget(Text(self._look.t("or scan the staff card"), font(Size.BODY), "muted"), 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self._who)
        right.addWidget(self.pad)
        right.addLayout(hint)
        right.addStretch(1)
        side = QWidget()
        side.setFixedWidth(_PAD_WIDTH)
        right.setContentsMargins(0, 0, 0, 0)
        side.setLayout(right)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.names, 1)
        left.addWidget(self.message)
        row.addLayout(left, 1)
        row.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
