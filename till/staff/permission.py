"""What somebody may do at the till: single permissions, their names, and what a person has of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from till.errors import Refused
from till.i18n import Word, msg
from till.money import MAX_CENTS, ZERO, Money

FULL_PERCENT = 100
_BP_PER_PERCENT = 100


class Permission(StrEnum):
    """One thing that not everybody may do. The stored words; `NAMES` has those for people."""

    SELL = "sell"
    SELL_VOUCHER = "sell-voucher"
    FREE_PRICE = "free-price"
    CHANGE_PRICE = "change-price"
    LINE_DISCOUNT = "line-discount"
    BASKET_DISCOUNT = "basket-discount"
    REMOVE = "remove"
    REPRINT = "reprint"
    REFUND = "refund"
    CANCEL_RECEIPT = "cancel-receipt"
    RETURN_WITHOUT_RECEIPT = "return-without-receipt"
    REDEEM_EXPIRED = "redeem-expired"
    OPEN_SHIFT = "open-shift"
    CLOSE_SHIFT = "close-shift"
    X_REPORT = "x-report"
    SEE_EXPECTED_CASH = "see-expected-cash"
    CASH_IN_OUT = "cash-in-out"
    OPEN_DRAWER = "open-drawer"
    REPORTS = "reports"
    TRAINING = "training"
    CATALOGUE = "catalogue"
    VOUCHERS = "vouchers"
    CORRECT_VOUCHER = "correct-voucher"
    RAISE_VOUCHER = "raise-voucher"
    BLOCK_VOUCHER = "block-voucher"
    VOUCHER_FILES = "voucher-files"
    SHOP_SETTINGS = "shop-settings"
    STAFF = "staff"
    BACKUP = "backup"


NAMES: dict[Permission, str] = {
    Permission.SELL: msg("sell"),
    Permission.SELL_VOUCHER: msg("sell vouchers"),
    Permission.FREE_PRICE: msg("type the price of goods without one"),
    Permission.CHANGE_PRICE: msg("change prices"),
    Permission.LINE_DISCOUNT: msg("give a discount on a line"),
    Permission.BASKET_DISCOUNT: msg("give a discount on everything"),
    Permission.REMOVE: msg("take goods out of the basket, or throw it away"),
    Permission.REPRINT: msg("print or save a receipt once more"),
    Permission.REFUND: msg("take goods back"),
    Permission.CANCEL_RECEIPT: msg("cancel a whole receipt"),
    Permission.RETURN_WITHOUT_RECEIPT: msg("take goods back without a receipt"),
    Permission.REDEEM_EXPIRED: msg("accept an expired voucher"),
    Permission.OPEN_SHIFT: msg("open the till"),
    Permission.CLOSE_SHIFT: msg("close the till with a Z"),
    Permission.X_REPORT: msg("see the sums of the day (X)"),
    Permission.SEE_EXPECTED_CASH: msg("see what should be in the drawer"),
    Permission.CASH_IN_OUT: msg("bring cash in or take it out"),
    Permission.OPEN_DRAWER: msg("open the drawer without a sale"),
    Permission.REPORTS: msg("see reports"),
    Permission.TRAINING: msg("switch the training mode on and off"),
    Permission.CATALOGUE: msg("change articles and the grid"),
    Permission.VOUCHERS: msg("change voucher types and their rules"),
    Permission.CORRECT_VOUCHER: msg("take value off a voucher"),
    Permission.RAISE_VOUCHER: msg("add value to a voucher"),
    Permission.BLOCK_VOUCHER: msg("block or replace a voucher"),
    Permission.VOUCHER_FILES: msg("bring in old vouchers and make numbers"),
    Permission.SHOP_SETTINGS: msg("change the shop’s settings"),
    Permission.STAFF: msg("change users, roles and PINs"),
    Permission.BACKUP: msg("back up and restore the books"),
}

DISCOUNTS = frozenset({Permission.LINE_DISCOUNT, Permission.BASKET_DISCOUNT})
NOT_ALLOWED = msg("{user} may not do this: {permission}. Somebody who may can approve it here with a PIN or card.")
OVER_CEILING = msg(
    "{user} may give at most {most} % discount. Give less, or let somebody who may give more approve it with a PIN or card."
)
OVER_LIMIT = msg(
    "{user} may take back goods for at most {most} without a receipt. Somebody who may take back more can approve it here "
    "with a PIN or card."
)


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that an action needs; for a discount also how steep it is, in basis points of what it is taken from.

    For goods that come back without a receipt: what is given for them (`amount`, positive).
    """

    permission: Permission
    discount_bp: int = 0
    amount: Money = ZERO


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do: permissions, and for discounts the most they may give, in whole percent.

    `return_limit`: the most they may give for goods without a receipt, for each return; None: as much as they like (S1).
    """

    permissions: frozenset[Permission] = field(default_factory=frozenset)
    discount_percent: int = 0
    return_limit: Money | None = ZERO

    def allow(self, need: Need) -> bool:
        """Whether they cover this need; a discount has to stay within the ceiling, a return without a receipt within the limit."""
        if need.permission not in self.permissions:
            return False
        if need.permission is Permission.RETURN_WITHOUT_RECEIPT:
            return self.return_limit is None or need.amount <= self.return_limit
        return need.permission not in DISCOUNTS or need.discount_bp <= self.discount_percent * _BP_PER_PERCENT

    def cover(self, other: Rights) -> bool:
        """Whether nothing of `other` goes beyond these."""
        gives_discounts = bool(other.permissions & DISCOUNTS)
        within = not gives_discounts or other.discount_percent <= self.discount_percent
        return other.permissions <= self.permissions and within and self._takes_back_as_much(other)

    def _takes_back_as_much(self, other: Rights) -> bool:
        if Permission.RETURN_WITHOUT_RECEIPT not in other.permissions or self.return_limit is None:
            return True
        return other.return_limit is not None and other.return_limit <= self.return_limit


EVERYTHING = Rights(frozenset(Permission), FULL_PERCENT, return_limit=None)
NOTHING = Rights()


class NotAllowed(Refused):
    """The one who is signed in may not do it; `need` is what somebody else would have to approve."""

    def __init__(self, user_name: str, need: Need, rights: Rights) -> None:
        self.need = need
        if need.permission not in rights.permissions:
            super().__init__(NOT_ALLOWED, user=user_name, permission=Word(NAMES[need.permission]))
        elif need.permission is Permission.RETURN_WITHOUT_RECEIPT:
            super().__init__(OVER_LIMIT, user=user_name, most=rights.return_limit)
        else:
            super().__init__(OVER_CEILING, user=user_name, most=rights.discount_percent)


def check_percent(percent: int) -> None:
    """Refuse a ceiling for discounts that is no percentage."""
    if not 0 <= percent <= FULL_PERCENT:
        raise Refused(msg("The most discount is between 0 and 100 %."))


def check_limit(limit: Money | None) -> None:
    """Refuse a limit for returns without a receipt that is no amount; None is no limit."""
    if limit is not None and not ZERO <= limit <= Money(MAX_CENTS):
        raise Refused(msg("The limit for returns is an amount from 0 on, or empty for none."))
