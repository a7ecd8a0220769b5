"""Two tills do something to one voucher in the same moment: it happens once, and the other one hears why not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from till.app.bootstrap import Till
from till.app.verify import verify
from till.money import Money
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import VoucherState
from till.vouchers.reissue import Reissue

if TYPE_CHECKING:
    from tests.several_tills.conftest import AtOnce, FoundShop, TwoTills

ROUNDS = 6


def test_two_corrections_at_once_never_take_more_than_there_is(
    url: str, found: FoundShop, two_tills: TwoTills, at_once: AtOnce
) -> None:
    shop = found(url, ROUNDS, 1000)
    with two_tills(url) as tills:
        for voucher in shop.vouchers:

            def take(till: Till, voucher_id: uuid.UUID = voucher.id) -> object:
                return till.vouchers.reduce(Correction(voucher_id, Money(-600), "Fleck"))

            refused = at_once(tills, (take, take))
            assert refused == ["{number}: only {left} is left."]
            assert tills[0].vouchers.sheet(voucher.id).standing.remaining == Money(400)
        database = tills[0].workplace.database
        assert all(till.settle() for till in tills)
        assert verify(database) == []


def test_one_voucher_is_replaced_once_and_blocked_or_replaced_in_turn(
    url: str, found: FoundShop, two_tills: TwoTills, at_once: AtOnce
) -> None:
    shop = found(url, ROUNDS, 1000)
    with two_tills(url) as tills:
        for place, voucher in enumerate(shop.vouchers):
            voucher_id = voucher.id
            wish = Reissue(voucher_id, "x")

            def renew(till: Till, wish: Reissue = wish) -> object:
                return till.vouchers.reissue(wish)

            def other(till: Till, number: int = place, mine: uuid.UUID = voucher_id) -> object:
                if number % 2:
                    return till.vouchers.reissue(Reissue(mine, "y"))
                return till.vouchers.block(Blocking(mine, "y"))

            refused = at_once(tills, (renew, other))
            assert len(refused) <= 1
            assert tills[1].vouchers.sheet(voucher_id).standing.state is VoucherState.REPLACED
            if place % 2:
                assert refused == ["{number}: replaced by {reason} on {date}. Take that one."]
        assert all(till.settle() for till in tills)
        assert verify(tills[0].workplace.database) == []
