"""What a counter has to sell and how it may be paid: the grid, the search, the tenders. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from till.app import goods, grid
from till.app.views import Assortment, CategoryTab, Grid, SaleState, TenderKey, Tile, TilePage
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
        """Everything that is sold, for scripts and small shops; read once, `reload_assortment` reads it again."""
        if self._assortment is None:
            with self._workplace.database.read() as session:
                self._assortment = goods.assortment(session)
        return self._assortment

    def reload_assortment(self) -> None:
        """Forget the grid that was read, so that the next look shows the master data of now."""
        self._assortment = None

    def grid(self) -> Grid:
        """The tabs over the tiles, as the master data of now has them."""
        with self._workplace.database.read() as session:
            return grid.grid(session)

    def page(self, tab_id: str, first: int, count: int) -> TilePage:
        """The tiles of a tab from place `first` on, as the master data of now has them."""
        with self._workplace.database.read() as session:
            return grid.page(session, tab_id, first, count)

    def search(self, text: str, limit: int = 60) -> tuple[Tile, ...]:
        """Voucher types, then articles, whose words begin with or have in them what was typed; nothing for no words."""
        with self._workplace.database.read() as session:
            return grid.search(session, text, limit)

    def pictures(self, tiles: Iterable[Tile], tabs: Iterable[CategoryTab] = ()) -> dict[str, bytes]:
        """The pictures of tiles and tabs as PNG, by their names; on any thread."""
        with self._workplace.database.read() as session:
            return grid.tile_pictures(session, tiles) | grid.tab_pictures(session, tabs)

    def tenders(self) -> tuple[TenderKey, ...]:
        """The ways to pay, in their order on the payment screen."""
        kinds = {CASH: TenderKind.CASH, VOUCHER: TenderKind.VOUCHER}
        return tuple(TenderKey(t.id, kinds.get(t.id, TenderKind.CARD), t.name) for t in self._workplace.tenders)

    def _key(self, tender_id: str, kind: TenderKind) -> TenderKey:
        for key in self.tenders():
            if (key.id, key.kind) == (tender_id, kind):
                return key
        raise Refused(NOT_OFFERED)
