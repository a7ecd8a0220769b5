"""The part of the sale desk that fills the basket and changes its lines, vouchers with their answers among them."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod

from till.app import goods, scanning, voucher_sale
from till.app.needs import needs
from till.app.offer import Offer
from till.app.views import ButtonKind, Choice, ScanKind, ScanResult, Tile, VoucherAsk, VoucherWish
from till.app.voucher_sale import ScannedNumber
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity, pieces
from till.sales.basket import Basket, Discount
from till.staff.permission import Need, Permission
from till.vouchers.terms import Price


class BasketLines(Offer, ABC):
    """Changes of the open basket; each raises Refused or Unavailable and then changes nothing."""

    _basket: Basket

    @needs(Permission.SELL)
    def set_quantity(self, line_id: int, quantity: Quantity) -> None:
        """Set the quantity of a line."""
        self._change(self._basket.with_quantity(line_id, quantity), line_id)

    @needs(Permission.SELL)
    def set_price(self, line_id: int, unit_price: Money) -> None:
        """Set the unit price of a line, gross."""
        self._change(self._basket.with_price(line_id, unit_price), line_id)

    @needs(Permission.SELL)
    def set_line_discount(self, line_id: int, discount: Discount | None) -> None:
        """Set or take away the discount of a line."""
        self._change(self._basket.with_line_discount(line_id, discount), line_id)

    @needs(Permission.SELL)
    def set_discount(self, discount: Discount | None) -> None:
        """Set or take away the discount on the whole basket."""
        if self._basket.is_empty:
            raise Refused(msg("The basket is empty. Scan or tap an article first."))
        self._change(self._basket.with_discount(discount), None)

    @needs(Permission.SELL)
    def set_note(self, line_id: int, note: str) -> None:
        """Set the note of a line."""
        self._change(self._basket.with_note(line_id, note), line_id)

    @needs(Permission.SELL)
    def remove(self, line_id: int) -> None:
        """Take a line out."""
        self._change(self._basket.without_line(line_id), None)

    # Vouchers, and codes that name several things

    def asks(self, tile: Tile, quantity: Quantity = ONE) -> VoucherAsk | None:
        """What has to be asked before so many of a tile's voucher are sold; None for what goes straight into the basket (V20)."""
        if tile.kind is not ButtonKind.VOUCHER:
            return None
        with self._workplace.database.read() as session:
            ask = voucher_sale.ask_of(session, uuid.UUID(tile.id), self._workplace.business_date, quantity)
        return None if ask is None else self._asked(ask)

    def scanned_number(self, ask: VoucherAsk, code: str) -> ScannedNumber:
        """The number that a scan says for a voucher that is asked for; Refused for other barcodes of the till's own (V21, V25)."""
        with self._workplace.database.read() as session:
            return voucher_sale.scanned_number(session, ask, code)

    def voucher_number(self, type_id: uuid.UUID, typed: str, line_id: int | None = None) -> str:
        """The number as it would be sold; Refused with the day when it is in use, and when the basket has it (V21).

        `line_id`: the line of the basket whose number it shall be, if it is there already.
        """
        with self._workplace.database.read() as session:
            return voucher_sale.number_for(session, self._basket, (type_id, typed), line_id)

    def voucher_worth(self, type_id: uuid.UUID, price: Money) -> Price:
        """What a voucher of this type is worth at this price; refused as the sale would be (V10, V11)."""
        with self._workplace.database.read() as session:
            return voucher_sale.worth(session, type_id, price)

    @needs(Permission.SELL)
    def sell_voucher(self, wish: VoucherWish) -> ScanResult:
        """Put a voucher with its answers into the basket (V20 to V22)."""
        self.dismiss()
        with self._workplace.database.read() as session:
            good = voucher_sale.good(session, self._basket, wish)
        return self._put(good, pieces(wish.count))

    @needs(Permission.SELL)
    def set_voucher(self, line_id: int, number: str, text: str) -> None:
        """Change the words on a voucher in the basket and, where it is asked, its number (V22)."""
        with self._workplace.database.read() as session:
            basket = voucher_sale.changed(session, self._basket, line_id, (number, text))
        self._change(basket, line_id)

    @needs(Permission.SELL)
    def pick(self, choice: Choice) -> ScanResult:
        """Take one of the things that a code names (V25)."""
        self.dismiss()
        if choice.voucher is not None:
            return ScanResult(ScanKind.VOUCHER, vouchers=(choice.voucher,))
        with self._workplace.database.read() as session:
            named = scanning.named_by(session, choice, self._workplace.clock.now(), self._workplace.business_date)
        if named.ask is not None:
            return ScanResult(ScanKind.ASK, ask=self._asked(named.ask))
        assert named.good is not None  # noqa: S101 - one of both is there
        return self._put(named.good, named.quantity)

    # What the desk does with them

    @abstractmethod
    def dismiss(self) -> None:
        """Clear what is left on the screen of the last sale."""

    @abstractmethod
    def _asked(self, ask: VoucherAsk) -> VoucherAsk:
        """The question, once the counter is ready for a sale; Refused while it is not."""

    @abstractmethod
    def _put(self, good: goods.Good, quantity: Quantity, needed: tuple[Need, ...] = ()) -> ScanResult:
        """Put a good into the basket."""

    @abstractmethod
    def _change(self, basket: Basket, touched: int | None) -> None:
        """Make `basket` the open one, if who is at work may."""
