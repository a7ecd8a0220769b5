"""The page about the shop, in four parts."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.office.parts import PartedPage
from till.ui.office.shop.details import DetailsPart
from till.ui.office.shop.rates import RatesPart
from till.ui.office.shop.tenders import TendersPart
from till.ui.office.shop.texts import TextsPart


class ShopPage(PartedPage):
    """Who the shop is, what it says on receipts, its VAT rates, and how it is paid."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Shop"))
        self.details = DetailsPart(self, look, till)
        self.texts = TextsPart(self, look, till)
        self.rates = RatesPart(self, look, till)
        self.tenders = TendersPart(self, look, till)
        self._take((self.details, self.texts, self.rates, self.tenders))
