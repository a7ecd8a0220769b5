"""The page that stands before everything else while nobody is signed in: the names, the pad, and nothing of the sale."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.staff import StaffDesk
from till.errors import Unavailable
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.staff.names import Choice
from till.ui.staff.proof import Proof, Ways
from till.ui.theme import Size
from till.ui.widgets.text import ShorteningText, Text

_WIDTH = 820


class SignInPage(QWidget):
    """`proved` when somebody is signed in; `lacks_names` where the books could not be read for them."""

    proved = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(look.t("Sign in"))
        staff = till.staff
        ways = Ways(look.t("Sign in"), staff.sign_in, staff.sign_in_by_card, staff.switch_to)
        trouble, choices = _choices(staff)
        self.proof = Proof(look, choices, ways)
        self.proof.proved.connect(self.proved)
        self.lacks_names = trouble is not None
        if trouble is not None:
            self.proof.message.show_refusal(trouble)
        self.notice = Text("", font(Size.BODY), "muted").wrapped()
        self._build(till)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is just signing in, so that the names may be shown anew."""
        return not self.proof.is_busy and not self.proof.chosen

    def on_scan(self, code: str) -> bool:
        """A staff card signs its owner in."""
        return self.proof.on_scan(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits go to the pad, Escape empties it; no key reaches what lies below."""
        if event.key() == Qt.Key.Key_Escape:
            self.proof.pad.clear()
        else:
            self.proof.take_key(event)
        event.accept()

    def _build(self, till: Till) -> None:
        t = self._look.t
        is_empty = not till.sale.state.priced.lines
        words = t("Tap your name, or scan your staff card.")
        self.notice.setText(words if is_empty else words + " " + t("The open basket is kept."))
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 24, 28, 24)
        inside.setSpacing(6)
        inside.addWidget(ShorteningText(till.shop_name, font(Size.BODY), "muted"))
        inside.addWidget(Text(t("Who is at the till?"), bold(Size.FIGURE)))
        inside.addWidget(self.notice)
        inside.addSpacing(14)
        inside.addWidget(self.proof, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.addWidget(card, 1, Qt.AlignmentFlag.AlignHCenter)
        card.setMaximumHeight(720)


def _choices(staff: StaffDesk) -> tuple[Unavailable | None, list[Choice]]:
    """The names; none, and why, while the books can't be read: what lies below is covered all the same."""
    try:
        return None, [Choice(name.person.user, name.needs_proof) for name in staff.names()]
    except Unavailable as error:
        return error, []
