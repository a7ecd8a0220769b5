"""What a counter has to sell and how it may be paid: the grid, the search, the tenders. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from till.app import goods
from till.app.views import Assortment, SaleState, TenderKey, Tile
from till.app.workplace import NOT_OFFERED, Workplace
from till.errors import Refused
from till.sales.tender import TenderKind
from till.shop.tenders import CASH, VOUCHER


class Offer:
    """The part of the sale desk that any sale is made from."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._assortment: Assortment | None = None
        self._listeners: list[Callable[[SaleState], None]] = []

    def listen(self, callback: Callable[[SaleState], None]) -> None:
        """Call `callback` with the new state after every change."""
        self._listeners.append(callback)

    def assortment(self) -> Assortment:
        """The article grid; read once, `reload_assortment` reads it again."""
        if self._assortment is None:
            with self._workplace.database.read() as session:
                self._assortment = goods.assortment(session)
        return self._assortment

    def reload_assortment(self) -> None:
        """Forget the grid that was read, so that the next look shows the master data of now."""
        self._assortment = None

    def search(self, text: str, limit: int = 60) -> tuple[Tile, ...]:
        """Articles and voucher types whose name or number has the typed words; nothing for no words."""
        shown = self.assortment()
        with self._workplace.database.read() as session:
            return goods.search(session, shown, text, limit)

    def tenders(self) -> tuple[TenderKey, ...]:
        """The ways to pay, in their order on the payment screen."""
        kinds = {CASH: TenderKind.CASH, VOUCHER: TenderKind.VOUCHER}
        return tuple(
            TenderKey(t.id, kinds.get(t.id, TenderKind.CARD), t.name, t.is_card) for t in self._workplace.tenders
        )

    def _key(self, tender_id: str, kind: TenderKind) -> TenderKey:
        for key in self.tenders():
            if (key.id, key.kind) == (tender_id, kind):
                return key
        raise Refused(NOT_OFFERED)
