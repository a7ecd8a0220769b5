"""What becomes of a voucher's surplus: it stays on the voucher, unless the cashier says that it goes back in cash (V35)."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.views import Surplus
from till.money import ZERO
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Face
from till.ui.widgets.choices import Choices
from till.ui.widgets.text import Text


class Answer(StrEnum):
    """What the cashier can say."""

    STAYS = "stays"
    CASH = "cash"


class SurplusChoice(QWidget):
    """Asks before the voucher is taken; `changed` when another answer is given."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._surplus: Surplus | None = None
        self._answer = Answer.STAYS
        self._question = Text("", semibold(Size.BODY)).wrapped()
        self._note = Text("", font(Size.BODY), "muted").wrapped()
        faces = (
            (Answer.STAYS, Face(look.t("Leave it on the voucher"), "ticket")),
            (Answer.CASH, Face(look.t("Pay it out in cash"), "cash")),
        )
        self.choices = Choices(look, faces)
        self.choices.chosen.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._question)
        column.addWidget(self.choices)
        column.addWidget(self._note)
        self.hide()

    @property
    def pays_out(self) -> bool:
        """Whether the surplus goes back in cash."""
        return not self.isHidden() and self._can_pay_out and self._answer is Answer.CASH

    @property
    def text(self) -> str:
        """What it asks and says now."""
        return " ".join(label.text() for label in (self._question, self._note) if not label.isHidden())

    def show_surplus(self, surplus: Surplus | None) -> None:
        """Ask about another voucher; None: nothing is over."""
        if surplus != self._surplus:
            self._surplus, self._answer = surplus, Answer.STAYS
        self.setVisible(surplus is not None)
        self._show()

    @property
    def _can_pay_out(self) -> bool:
        return self._surplus is not None and self._surplus.refusal is None

    def _choose(self, answer: object) -> None:
        self._answer = Answer(str(answer))
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        surplus, t, formats = self._surplus, self._look.t, self._look.formats
        if surplus is None:
            return
        over = formats.money(surplus.cash + surplus.stays)
        asks = t("{amount} more is on the voucher than is due.") if self._can_pay_out else t("{amount} stay on it.")
        self._question.setText(asks.format(amount=over))
        self.choices.setVisible(self._can_pay_out)
        self.choices.show_chosen(self._answer)
        words = t("{cash} go back in cash; {stays} were given and stay on the voucher.")
        is_split = self._answer is Answer.CASH and surplus.stays > ZERO and self._can_pay_out
        self._note.setText(words.format(cash=formats.money(surplus.cash), stays=formats.money(surplus.stays)))
        self._note.setVisible(is_split)
