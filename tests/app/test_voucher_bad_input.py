"""Whatever the voucher and return desks are asked: a plain sentence in German and English, and nothing half booked."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from till.app.refund_ways import RefundWay
from till.app.views import VoucherWish
from till.documents.model import Document
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import MAX_CENTS, ZERO, Money
from till.quantity import ONE, Quantity, pieces
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnWish
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.listing import Wanted
from till.vouchers.model import Voucher, VoucherType
from till.vouchers.old import OldVoucher
from till.vouchers.reissue import Reissue
from till.vouchers.type_rules import TypeField

if TYPE_CHECKING:
    from tests.app.conftest import Counter

CUP = "4012345000023"
VALUE_FREE, OWN_NUMBER = uuid.UUID(int=102), uuid.UUID(int=106)
NOBODY = uuid.UUID(int=987)
HUGE = Money(10**20)
TEXTS = {
    "nothing": "",
    "blanks": " \t ",
    "10,000 characters": "0" * 10_000,
    "controls": "40\x1b@\x00",
    "a lone surrogate": "\ud83d",
    "a turned one": "\u202e12",
    "SQL": "'; DROP TABLE voucher; --" * 3,
    "41 letters": "ß" * 41,
}


@dataclass(frozen=True)
class Scene:
    """A counter with a voucher over 50,00, a receipt over a cup, and one whose voucher paid out its surplus."""

    counter: Counter
    voucher: Voucher
    sold: Document
    surplus: Document

    def wish(self, of: Document, **more: object) -> ReturnWish:
        """A wish for all of a receipt."""
        order = self.counter.till.returns.begin(of.id)
        return ReturnWish(order, of.id, is_cancellation=True, reason="x", **more)  # type: ignore[arg-type]

    def give_back(self, of: Document, **more: object) -> object:
        return self.counter.till.returns.complete(self.wish(of, **more))

    def part(self, *what: tuple[int, Quantity]) -> object:
        order = self.counter.till.returns.begin(self.sold.id)
        return self.counter.till.returns.complete(ReturnWish(order, self.sold.id, what))

    def kind(self) -> VoucherType:
        return next(one for one in self.counter.till.voucher_files.kinds() if one.id == VALUE_FREE)


Deed = Callable[[Scene], object]


@pytest.fixture
def scene(plain: Counter) -> Scene:
    voucher, spent = (plain.voucher(plain.sell_voucher("Gutschein frei", "50,00")).standing.voucher for _ in range(2))
    sold = plain.sell(CUP).document
    plain.sale.dismiss()
    plain.sale.scan(CUP)
    plain.sale.redeem(spent.id, Money(1200), pay_out=True)
    surplus = plain.sale.complete().document
    plain.sale.dismiss()
    return Scene(plain, voucher, sold, surplus)


def typed(text: str) -> Mapping[str, Deed]:
    """Where a person types a number of a voucher that is no number."""
    return {
        "look up": lambda s: s.counter.sale.look_up_voucher(text),
        "a new number": lambda s: s.counter.sale.voucher_number(OWN_NUMBER, text),
        "sell": lambda s: s.counter.sale.sell_voucher(VoucherWish(OWN_NUMBER, text)),
        "scanned in the office": lambda s: s.counter.till.vouchers.scanned(text),
        "an old voucher": lambda s: s.counter.till.voucher_files.add_old(OldVoucher(s.kind(), text, Money(100))),
        "given for goods": lambda s: s.give_back(s.sold, vouchers=(NewVoucherBack(OWN_NUMBER, Money(1200), text),)),
    }


def replaced_by(text: str) -> Mapping[str, Deed]:
    """A voucher gets another number that is none."""
    return {"replace": lambda s: s.counter.till.vouchers.reissue(Reissue(s.voucher.id, "x", text))}


def said(text: str) -> Mapping[str, Deed]:
    """Where a person says why, and says nothing."""
    return {
        "reduce": lambda s: s.counter.till.vouchers.reduce(Correction(s.voucher.id, Money(-1), text)),
        "add": lambda s: s.counter.till.vouchers.add_bonus(Correction(s.voucher.id, Money(1), text)),
        "block": lambda s: s.counter.till.vouchers.block(Blocking(s.voucher.id, text)),
        "replace": lambda s: s.counter.till.vouchers.reissue(Reissue(s.voucher.id, text)),
        "cancel": lambda s: s.counter.till.returns.complete(replace(s.wish(s.sold), reason=text)),
    }


def test_not_every_text_is_a_number_or_a_reason(scene: Scene) -> None:
    for name, text in TEXTS.items():
        _all_refused(scene, typed(text), name)
        if text.strip():  # with none at all its type gives the next one
            _all_refused(scene, replaced_by(text), name)
    for text in ("", " \n ", "\x00\x1b", "\ud83d", "x" * 10_000):
        _all_refused(scene, said(text), text[:9])
    assert scene.counter.problems() == []


def test_a_typed_number_of_any_length_is_looked_for_at_once(counter: Counter) -> None:
    begun = time.process_time()
    for text in ("0" * 10_000, "l" * 10_000, "\ud83d", "\x00"):
        assert counter.sale.voucher_like(text) is None
    assert time.process_time() - begun < 1.0


def test_no_text_is_too_strange_to_be_looked_for(plain: Counter) -> None:
    plain.sell_voucher("Gutschein frei", "50,00")
    types, kind = plain.till.voucher_types, plain.till.voucher_types.one(VALUE_FREE)
    assert len(plain.till.vouchers.page(Wanted(VALUE_FREE, "FR-\x00")).lines) == 1
    for text in (*TEXTS.values(), "%", "_"):
        assert len(plain.till.vouchers.page(Wanted(VALUE_FREE, text)).lines) <= 1
        assert plain.till.receipt_search.understand(text) is not None
        if text.strip():
            problems = types.problems(replace(kind, plu=text))
            assert [one.field for one in problems] == [TypeField.PLU], text


def test_nothing_less_than_one_is_put_to_what_comes_back(counter: Counter) -> None:
    """A line that is there already would stay as it is, or shrink."""
    desk, roses = counter.till.free_returns, counter.tile("Rose")
    desk.add(roses, pieces(3))
    counter.sale.add(roses, pieces(3))
    for few in (Quantity(0), pieces(-1)):
        with pytest.raises(Refused):
            desk.add(roses, few)
        with pytest.raises(Refused):
            counter.sale.add(roses, few)
    assert desk.state.priced.total == counter.sale.state.priced.total == Money(1050)
    desk.abandon()


AMOUNTS: dict[str, Deed] = {
    "nothing off": lambda s: s.counter.till.vouchers.reduce(Correction(s.voucher.id, ZERO, "x")),
    "less than nothing off": lambda s: s.counter.till.vouchers.reduce(Correction(s.voucher.id, Money(1), "x")),
    "more off than there is": lambda s: s.counter.till.vouchers.reduce(Correction(s.voucher.id, Money(-5001), "x")),
    "all the money off": lambda s: s.counter.till.vouchers.reduce(Correction(s.voucher.id, -HUGE, "x")),
    "nothing added": lambda s: s.counter.till.vouchers.add_bonus(Correction(s.voucher.id, ZERO, "x")),
    "less than nothing added": lambda s: s.counter.till.vouchers.add_bonus(Correction(s.voucher.id, Money(-1), "x")),
    "all the money added": lambda s: s.counter.till.vouchers.add_bonus(Correction(s.voucher.id, HUGE, "x")),
    "one cent too much": lambda s: s.counter.till.vouchers.add_bonus(
        Correction(s.voucher.id, Money(MAX_CENTS - 4999), "x")
    ),
    "an old one over nothing": lambda s: s.counter.till.voucher_files.add_old(OldVoucher(s.kind(), "A1", ZERO)),
    "an old one below nothing": lambda s: s.counter.till.voucher_files.add_old(OldVoucher(s.kind(), "A1", Money(-1))),
    "an old one over too much": lambda s: s.counter.till.voucher_files.add_old(OldVoucher(s.kind(), "A1", HUGE)),
    "none comes back": lambda s: s.part((0, Quantity(0))),
    "less than none comes back": lambda s: s.part((0, pieces(-1))),
    "half a cup comes back": lambda s: s.part((0, Quantity(500))),
    "a shipload comes back": lambda s: s.part((0, Quantity(10**20))),
    "a line that is not there": lambda s: s.part((7, ONE)),
    "a line before the first": lambda s: s.part((-1, ONE)),
    "too little refunded": lambda s: s.give_back(s.sold, refunds=(MoneyBack("cash", Money(1199)),)),
    "too much refunded": lambda s: s.give_back(s.sold, refunds=(MoneyBack("cash", HUGE),)),
    "less than nothing refunded": lambda s: s.give_back(
        s.sold, refunds=(MoneyBack("cash", Money(1300)), MoneyBack("card", Money(-100)))
    ),
    "a voucher over nothing": lambda s: s.give_back(s.sold, vouchers=(NewVoucherBack(VALUE_FREE, ZERO),)),
    "a voucher below nothing": lambda s: s.give_back(s.sold, vouchers=(NewVoucherBack(VALUE_FREE, Money(-100)),)),
    "a voucher over all the money": lambda s: s.give_back(s.sold, vouchers=(NewVoucherBack(VALUE_FREE, HUGE),)),
    "two vouchers with one number": lambda s: s.give_back(
        s.sold,
        vouchers=(NewVoucherBack(OWN_NUMBER, Money(600), "X1"), NewVoucherBack(OWN_NUMBER, Money(600), " x1 ")),
    ),
    "cash in for a card": lambda s: s.give_back(
        s.surplus, refunds=(MoneyBack("cash", Money(-3900)), MoneyBack("card", Money(100)))
    ),
    "all the cash in for a card": lambda s: s.give_back(
        s.surplus, refunds=(MoneyBack("cash", -HUGE - Money(3800)), MoneyBack("card", HUGE))
    ),
    "cash in for a voucher": lambda s: s.give_back(
        s.surplus,
        refunds=(MoneyBack("cash", Money(-13_800)),),
        vouchers=(NewVoucherBack(VALUE_FREE, Money(10_000)),),
    ),
}  # fmt: skip

STRANGERS: dict[str, Deed] = {
    "a voucher that is none": lambda s: s.counter.till.vouchers.sheet(NOBODY),
    "its line": lambda s: s.counter.till.vouchers.line(NOBODY),
    "reduced": lambda s: s.counter.till.vouchers.reduce(Correction(NOBODY, Money(-1), "x")),
    "blocked": lambda s: s.counter.till.vouchers.block(Blocking(NOBODY, "x")),
    "let go": lambda s: s.counter.till.vouchers.unblock(Blocking(s.voucher.id, "x")),
    "replaced": lambda s: s.counter.till.vouchers.reissue(Reissue(NOBODY, "x")),
    "a receipt for a voucher": lambda s: s.counter.till.vouchers.sheet(s.sold.id),
    "a voucher for a receipt": lambda s: s.counter.till.returns.begin(s.voucher.id),
    "a receipt that is none": lambda s: s.counter.till.returns.look(NOBODY),
    "a type that is none": lambda s: s.counter.sale.sell_voucher(VoucherWish(NOBODY)),
    "a voucher for a type": lambda s: s.give_back(s.sold, vouchers=(NewVoucherBack(s.voucher.id, Money(1200)),)),
    "a tender that is none": lambda s: s.give_back(s.sold, refunds=(MoneyBack("bitcoin", Money(1200)),)),
    "a voucher as a tender": lambda s: s.give_back(s.sold, refunds=(MoneyBack("voucher", Money(1200)),)),
    "a parked basket that is none": lambda s: s.counter.sale.recall(s.sold.id),
    "thrown away": lambda s: s.counter.sale.discard_parked(NOBODY),
    "by an amount of nobody": lambda s: _paying(s, lambda: s.counter.sale.redeem_by_amount(NOBODY, Money(100))),
    "redeemed": lambda s: _paying(s, lambda: s.counter.sale.redeem(NOBODY, Money(100))),
    "redeemed by a receipt": lambda s: _paying(s, lambda: s.counter.sale.redeem(s.sold.id, Money(100))),
    "redeemed for nothing": lambda s: _paying(s, lambda: s.counter.sale.redeem(s.voucher.id, ZERO)),
    "redeemed below nothing": lambda s: _paying(s, lambda: s.counter.sale.redeem(s.voucher.id, Money(-100))),
    "redeemed for too much": lambda s: _paying(s, lambda: s.counter.sale.redeem(s.voucher.id, HUGE)),
    "accepted though it is valid": lambda s: _paying(
        s, lambda: s.counter.sale.redeem_expired(s.voucher.id, Money(100), "x")
    ),
    "no way to refund": lambda s: s.counter.till.free_returns.complete("x", RefundWay("Bitcoin", tender_id="bitcoin")),
    "nothing to refund": lambda s: s.counter.till.free_returns.complete("x", s.counter.till.free_returns.ways()[0]),
    "a line of nobody": lambda s: s.counter.till.free_returns.set_price(7, Money(100)),
    "a voucher without its receipt": lambda s: s.counter.till.free_returns.scan(f"$V902.{s.voucher.number}"),
}  # fmt: skip


def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(scene: Scene) -> None:
    _all_refused(scene, AMOUNTS | STRANGERS)
    done = scene.counter.till.returns.complete(scene.wish(scene.surplus))
    assert done.cash == Money(-3800), "and what makes sense is done"
    assert scene.counter.problems() == []


def test_nothing_is_given_for_goods_that_are_worth_nothing(counter: Counter) -> None:
    desk = counter.till.free_returns
    line = desk.add(counter.tile("Käse"), Quantity(1))
    desk.set_price(line, Money(1))
    assert desk.state.priced.total == ZERO
    booked = counter.count("document")
    way = next(way for way in desk.ways() if way.voucher_type is not None)
    with pytest.raises(Refused, match="worth nothing"):
        desk.complete("x", way)
    assert counter.count("document") == booked
    done = desk.complete("x", desk.ways()[0])
    assert [(one.tender_id, one.amount) for one in done.document.draft.payments] == [("none", ZERO)]
    assert counter.problems() == []


def test_a_gift_that_was_corrected_and_used_is_no_untouched_one(counter: Counter) -> None:
    """What was redeemed of it would come back onto a voucher that is cancelled."""
    gift = counter.voucher(counter.sell_voucher("Geschenk", "0,00")).standing.voucher
    counter.sale.scan(CUP)
    counter.sale.redeem(gift.id, Money(500))
    counter.sale.pay_cash(Money(700))
    counter.sale.complete()
    counter.till.vouchers.add_bonus(Correction(gift.id, Money(500), "Kulanz"))
    desk, sold = counter.till.returns, gift.document_id
    assert sold is not None
    with pytest.raises(Refused, match="was corrected by"):
        desk.complete(ReturnWish(desk.begin(sold), sold, is_cancellation=True, reason="x"))
    desk.abandon()
    assert counter.voucher(gift.number).standing.remaining == Money(1500)
    assert counter.problems() == []


def _paying(scene: Scene, deed: Callable[[], object]) -> None:
    """As `deed`, with a cup in the basket that is taken out again."""
    scene.counter.sale.scan(CUP)
    try:
        deed()
    finally:
        scene.counter.sale.cancel()
        scene.counter.till.settle()


def _all_refused(scene: Scene, deeds: Mapping[str, Deed], what: str = "") -> None:
    counter = scene.counter
    before = _worth(counter)
    for deed_name, deed in deeds.items():
        name = f"{deed_name}: {what}"
        try:
            deed(scene)
        except Refused as refused:
            for language in ("de", "en"):
                sentence = Formats(Translator(language)).sentence(refused)
                assert 5 < len(sentence) < 300, name
                assert "{" not in sentence, name
        else:
            pytest.fail(f"{name} was not refused")
        assert _worth(counter) == before, name
    counter.till.returns.abandon()


def _worth(counter: Counter) -> tuple[object, ...]:
    """What is in the drawer, in the basket and in the books; what was begun and left is an abort, and moves nothing."""
    tables = ("voucher", "voucher_event", "ledger_entry")
    return (counter.till.cash.expected_cash(), counter.sale.state.priced.total, *map(counter.count, tables))
