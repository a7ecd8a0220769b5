"""The only place where a refusal becomes visible: a line of words beside what caused it, never a dialog (U5).

Here too what is written is tried again by itself while the database can't take it (architecture 4, Threads).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout
from shiboken6 import isValid

from till.app.cash import CashDesk
from till.app.status import is_about_the_clock, waiting_words
from till.errors import DeviceError, Refused, Unavailable
from till.staff.permission import Need, NotAllowed
from till.ui import icons
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, icon_button
from till.ui.widgets.text import Text

AGAIN_MS = 500
_ROOMY = 680
Answer = TypeVar("Answer")


@runtime_checkable
class Approving(Protocol):
    """A window in which somebody else can approve what the one at work may not do."""

    def ask_approval(self, need: Need, again: Callable[[], object]) -> None:
        """Ask for the approval; `again` is called once when it was given."""
        ...


class Tone(StrEnum):
    """How a message looks: a refusal, a warning, a calm word."""

    DANGER = "danger"
    WARN = "warn"
    CALM = "calm"


_ICONS = {Tone.DANGER: "alert-circle", Tone.WARN: "alert-triangle", Tone.CALM: "info-circle"}


class Message(QFrame):
    """A line that is hidden until something has to be said; it stays until it is answered or tapped away.

    `cash` is the desk that is told when a person says that the clock is right; without it nobody is asked. What the one at
    work may not do can be approved here in any window that is Approving; then it is done again by itself, once.
    """

    refused = Signal()

    def __init__(self, look: Look, cash: CashDesk | None = None) -> None:
        super().__init__()
        self._look, self._cash = look, cash
        self._wish: Callable[[], object] | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self._is_roomy = False
        self._icon = QLabel()
        self._label = Text("", semibold(Size.BODY - 1), Tone.DANGER).wrapped()
        self._close = icon_button(look, "x", look.t("Hide this message"))
        self._close.clicked.connect(self.dismiss)
        self.clock_button = Button(look, Face(look.t("The clock is right"), "clock")).in_type(semibold(Size.BODY - 1))
        self.clock_button.clicked.connect(self._confirm_clock)
        self._need: Need | None = None
        self.approve_button = Button(look, Face(look.t("Approve …"), "shield-check")).in_type(semibold(Size.BODY - 1))
        self.approve_button.clicked.connect(self._ask_approval)
        self._act: Callable[[], object] | None = None
        self._is_roomy = False
        self.offer_button = Button(look, Face()).in_type(semibold(Size.BODY - 1))
        self.offer_button.clicked.connect(self._take_offer)
        self.offer_button.hide()
        self._build()
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when it is hidden."""
        return self._label.text() if not self.isHidden() else ""

    @property
    def tone(self) -> Tone | None:
        """How it says it; None while it is hidden."""
        return Tone(self.property("tone")) if not self.isHidden() else None

    def offer(self, face: Face, act: Callable[[], object]) -> None:
        """Offer a way on in a button beside what it says, until something else is said."""
        self._act = act
        self.offer_button.set_face(face)
        self.offer_button.show()

    @property
    def is_waiting(self) -> bool:
        """Whether something that was asked for is tried again by itself."""
        return self._again.isActive()

    def attempt(self, action: Callable[[], Answer], then: Callable[[Answer], object] | None = None) -> bool:
        """Do it; a refusal is shown here and the answer is False. `then` gets the result, now or after an approval."""
        try:
            answer = action()
        except (Refused, Unavailable) as error:
            self.refuse(error, partial(self.attempt, action, then))
            return False
        except DeviceError as error:
            self._say(Tone.WARN, str(error))
            self.refused.emit()
            return False
        self.clear()
        if then is not None:
            then(answer)
        return True

    def insist(self, action: Callable[[], Answer], then: Callable[[Answer], object] | None = None) -> bool:
        """As `attempt`, for what is written: while the database can't take it, it is done again by itself.

        That ends when it is done or refused, when another wish comes in its place, when the message is tapped away, or
        when the page is left. `action` must be such that doing it twice does it once.
        """
        self._forget_wish()
        try:
            answer = action()
        except Unavailable as error:
            self._wait(error, partial(self.insist, action, then))
            return False
        except Refused as error:
            self.refuse(error, partial(self.insist, action, then))
            self._ask_about_clock(error, partial(self.insist, action, then))
            return False
        self.clear()
        if then is not None:
            then(answer)
        return True

    def refuse(self, error: Refused | Unavailable, again: Callable[[], object] | None = None) -> None:
        """Show why not, in words, and send `refused`."""
        self.show_refusal(error, again)
        self.refused.emit()

    def show_refusal(self, error: Exception, again: Callable[[], object] | None = None) -> None:
        """Show why something is not possible; Unavailable looks like a warning, it passes by itself.

        `again` does what was refused once more: with it, what is not allowed can be approved.
        """
        if isinstance(error, (Refused, Unavailable)):
            tone = Tone.DANGER if isinstance(error, Refused) else Tone.WARN
            self._say(tone, self._look.formats.sentence(error))
        else:
            self._say(Tone.WARN, str(error))
        if isinstance(error, NotAllowed) and again is not None and isinstance(self.window(), Approving):
            self._wish, self._need = again, error.need
            self.approve_button.show()

    def tell(self, words: str, tone: Tone = Tone.CALM) -> None:
        """Show a translated sentence."""
        self._say(tone, words)

    def clear(self) -> None:
        """Hide what was said; what is still tried again stays in sight."""
        if not self.is_waiting:
            self.dismiss()

    def dismiss(self) -> None:
        """Hide it, and try nothing again any more."""
        self._forget_wish()
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """Who left the page does not want it any more; a window that is made small stays where it is."""
        super().hideEvent(event)
        if self._wish is not None and not event.spontaneous():
            self.dismiss()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width: a narrow message has its button below."""
        super().resizeEvent(event)
        is_roomy = event.size().width() >= _ROOMY
        if is_roomy != self._is_roomy:
            self._is_roomy = is_roomy
            self._outer.setDirection(QBoxLayout.Direction.LeftToRight if is_roomy else QBoxLayout.Direction.TopToBottom)
            self._place_close()

    def _place_close(self) -> None:
        """The cross is the last thing in its line."""
        before, now = (self._row, self._outer) if self._is_roomy else (self._outer, self._row)
        before.removeWidget(self._close)
        now.addWidget(self._close)

    def _wait(self, error: Unavailable, again: Callable[[], object]) -> None:
        words = waiting_words(error)
        if words is None:
            self.refuse(error)
            return
        is_new = not self.text
        self._say(Tone.WARN, self._look.formats.sentence(Unavailable(words, **error.values)))
        self._wish = again
        self._again.start()
        if is_new:
            self.refused.emit()

    def _ask_about_clock(self, refusal: Refused, again: Callable[[], object]) -> None:
        if self._cash is not None and is_about_the_clock(refusal):
            self._wish = again
            self.clock_button.show()

    def _confirm_clock(self) -> None:
        again = self._wish
        if self._cash is not None and again is not None:
            self._cash.confirm_clock()
            again()

    def _ask_approval(self) -> None:
        window, again = self.window(), self._wish
        if self._need is not None and again is not None and isinstance(window, Approving):
            window.ask_approval(self._need, partial(self._approved, again))

    def _approved(self, again: Callable[[], object]) -> None:
        """The page may be gone by now."""
        if isValid(self):
            self.dismiss()
            again()

    def _try_again(self) -> None:
        if self._wish is not None:
            self._wish()

    def _take_offer(self) -> None:
        if self._act is not None:
            self._act()

    def _forget_wish(self) -> None:
        self._wish = self._need = self._act = None
        self.offer_button.hide()
        self._again.stop()
        self.clock_button.hide()
        self.approve_button.hide()

    def _say(self, tone: Tone, words: str) -> None:
        self._forget_wish()
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

    def _build(self) -> None:
        self._row = row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self._close)
        self._outer: QBoxLayout = QVBoxLayout(self)
        self._outer.setContentsMargins(12, 4, 4, 4)
        self._outer.setSpacing(4)
        self._outer.addLayout(row, 1)
        self._outer.addWidget(self.clock_button)
        self._outer.addWidget(self.approve_button)
        self._outer.addWidget(self.offer_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(self._look.target_px)


def once(action: Callable[[], object], is_done: Callable[[], bool]) -> Callable[[], None]:
    """`action` made safe to repeat: after the first try, finding it done is its answer, as that may have been lost."""
    was_tried = False

    def act() -> None:
        nonlocal was_tried
        is_repeated, was_tried = was_tried, True
        if is_repeated and is_done():
            return
        try:
            action()
        except Refused:
            if not (is_repeated and is_done()):
                raise

    return act
