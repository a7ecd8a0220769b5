"""Step 2: the VAT rates of the law to be confirmed, and the small business that shows none (§ 19 UStG)."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from till.app.first_start import Step
from till.business_case import VatKey
from till.clock import local
from till.i18n import msg
from till.shop.vat import legal_rates, rate_on
from till.ui.first_start.asking import Asking
from till.ui.first_start.page import StepPage
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.form import CheckField, Form
from till.ui.widgets.text import Text

_SHOWN = (
    (VatKey.GENERAL, msg("General rate: most goods and services")),
    (VatKey.REDUCED, msg("Reduced rate: food, books, plants, cut flowers")),
    (VatKey.EXEMPT, msg("Free of VAT")),
)
_ZONE = "Europe/Berlin"


class VatPage(StepPage):
    """The rates of today, and one box to tick."""

    step = Step.VAT

    def __init__(self, look: Look, asking: Asking) -> None:
        t = look.t
        why = t("These are the rates of German law. They are inside your prices, and the till knows their dates.")
        super().__init__(look, asking, t("Value added tax"), why)
        self.skipped_words = t("Then the rates above count, and VAT is shown on receipts.")
        today = local(asking.clock.now(), _ZONE).date()
        for key, words in _SHOWN:
            self.body.addWidget(self._rate(rate_on(legal_rates(), key, today), t(words)))
        self.small = CheckField(look, t("Small business (Kleinunternehmer, § 19 UStG)"))
        self.small.set_value(asking.draft.is_small_business)
        self.small.changed.connect(lambda: asking.note(is_small_business=self.small.value()))
        self.small.changed.connect(self._explain)
        self.consequence = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.form = Form(self.small)
        self.body.addSpacing(8)
        self.body.addWidget(self.small)
        self.body.addWidget(self.consequence)
        self._explain()

    def _explain(self) -> None:
        t = self._look.t
        words = (
            t("Receipts then say: no VAT is shown, § 19 UStG. Give each of your articles the rate “free of VAT”.")
            if self.small.value()
            else t("Tick this only if your tax office treats you as one.")
        )
        self.consequence.setText(words)

    def _rate(self, rate_bp: int, words: str) -> QFrame:
        card = QFrame()
        card.setProperty("role", "inset")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 10, 16, 10)
        figure = Text(self._look.formats.percent(rate_bp), bold(Size.KEY))
        figure.setMinimumWidth(84)
        row.addWidget(figure)
        row.addWidget(Text(words, font(Size.BODY)).wrapped(), 1)
        return card
