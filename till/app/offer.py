"""What a counter has to sell and how it may be paid: the grid, the search, the tenders. Looking changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from till.app import goods, grid, price_check
from till.app.price_check import PriceChecked
from till.app.views import Assortment, CategoryTab, Grid, SaleState, TenderKey, Tile, TilePage
from till.app.workplace import NOT_OFFERED, Workplace
from till.catalog.prices import next_change
from till.errors import Refused
from till.sales.tender import TenderKind
from till.shop.tenders import CASH, VOUCHER


class Offer:
    """The part of the sale desk that any sale is made from."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._assortment: Assortment | None = None
        self._prices_until: dt.datetime | None = None
        self._listeners: list[Callable[[SaleState], None]] = []

    def listen(self, callback: Callable[[SaleState], None]) -> None:
        """Call `callback` with the new state after every change."""
        self._listeners.append(callback)

    def assortment(self) -> Assortment:
        """Everything that is sold, for scripts and small shops; read once, and again after `reload_assortment`.

        So it is when planned prices have come into force.
        """
        now = self._workplace.clock.now()
        if self._assortment is None or (self._prices_until is not None and self._prices_until <= now):
            with self._workplace.database.read() as session:
                shown = goods.assortment(session)
                self._assortment = replace(shown, tiles=goods.priced_tiles(session, shown.tiles, now))
                self._prices_until = next_change(session, now)
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
        now = self._workplace.clock.now()
        with self._workplace.database.read() as session:
            page = grid.page(session, tab_id, first, count)
            due = goods.priced_tiles(session, [tile for tile in page.tiles if tile is not None], now)
        shown = {(tile.kind, tile.id): tile for tile in due}
        return replace(page, tiles=tuple(tile and shown[tile.kind, tile.id] for tile in page.tiles))

    def search(self, text: str, limit: int = 60) -> tuple[Tile, ...]:
        """Voucher types, then articles, whose words begin with or have in them what was typed; nothing for no words."""
        with self._workplace.database.read() as session:
            return goods.priced_tiles(session, grid.search(session, text, limit), self._workplace.clock.now())

    def price_of(self, what: str | Tile) -> PriceChecked:
        """What a scanned or typed code, or a tile, costs; the basket stays as it is. Refused as a scan is."""
        now = self._workplace.clock.now()
        with self._workplace.database.read() as session:
            if isinstance(what, Tile):
                return price_check.price_of_tile(session, what, now)
            return price_check.price_of_code(session, what, now)

    def pictures(self, tiles: Iterable[Tile], tabs: Iterable[CategoryTab] = ()) -> dict[str, bytes]:
        """The pictures of tiles and tabs as PNG, by their names; on any thread."""
        with self._workplace.database.read() as session:
            return grid.tile_pictures(session, tiles) | grid.tab_pictures(session, tabs)

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
