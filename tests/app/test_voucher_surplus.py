"""A voucher that holds more than is due: the rest stays on it, or its paid part goes back in cash (V35, G6a, 60-fiscal A4.3)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from till.app.bootstrap import Till
from till.app.recording import process_of
from till.app.verify import verify
from till.business_case import ZahlartTyp
from till.db.engine import Database
from till.documents.model import Document, DocumentKind
from till.errors import Refused
from till.money import ZERO, Money
from till.sales.returned import ReturnWish
from till.sales.saved import from_json, to_json
from till.vouchers.model import Voucher, VoucherState
from till.vouchers.rules import VoucherRules, set_voucher_rules

if TYPE_CHECKING:
    from till.app.views import VoucherHit

FREE = uuid.UUID(int=102)
ROSE_CODE, GLASS_CODE = "4006381333931", "4012345000047"
Counter = Any
BringIn = Callable[..., Voucher]


def rule(till: Till, **rules: object) -> None:
    """The shop decides otherwise."""
    till.workplace.database.run(lambda session: set_voucher_rules(session, VoucherRules(**rules)))  # type: ignore[arg-type]


def sold(counter: Counter, name: str, amount: str = "") -> Voucher:
    """One voucher, sold for cash."""
    counter.do(f'tap "{name}" for {amount}' if amount else f'tap "{name}"')
    if counter.sale.state.settlement.due:
        counter.do("cash 500")
    counter.do("complete")
    assert counter.last is not None
    voucher: Voucher = counter.last.vouchers[0]
    return voucher


def look(counter: Counter, voucher: Voucher) -> VoucherHit:
    hit: VoucherHit = counter.voucher(voucher.number)
    return hit


def paid_out(counter: Counter, voucher: Voucher) -> Document:
    """It pays what is due, and its surplus goes back in cash."""
    counter.sale.redeem(voucher.id, look(counter, voucher).offered, pay_out=True)
    document: Document = counter.sale.complete().document
    return document


def lines(document: Document) -> list[tuple[str, int, int]]:
    return [(line.gv_typ.value, line.gross.cents, line.vat_key.value) for line in document.draft.lines]


@pytest.fixture
def here(till: Till, at: type[Counter]) -> Counter:
    """An open till without a printer, on SQLite."""
    return at(till)


def the_books_agree(counter: Counter) -> None:
    assert list(verify(counter.till.workplace.database)) == []


def test_the_surplus_stays_on_the_voucher_unless_asked_for(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    hit = look(here, voucher)
    assert hit.surplus is not None
    assert (hit.offered, hit.surplus.cash, hit.surplus.stays) == (Money(350), Money(14650), ZERO)
    here.sale.redeem(voucher.id, hit.offered)
    document = here.sale.complete().document
    assert [payment.zahlart_typ for payment in document.draft.payments] == [ZahlartTyp.KEINE]
    assert look(here, voucher).standing.remaining == Money(14650)


def test_the_surplus_of_a_multi_purpose_voucher_in_cash(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein frei", "150,00")
    plain.do("tap Becher")
    plain.do("line 1 price 7,00")
    before = plain.till.cash.expected_cash()
    completed_change = _complete_with_payout(plain, voucher)
    document = plain.sale.state.completed.document
    assert completed_change == Money(14300)
    assert lines(document) == [("Umsatz", 700, 1), ("MehrzweckgutscheinEinloesung", -15000, 5)]
    assert [(p.zahlart_typ, p.amount, p.given) for p in document.draft.payments] == [
        (ZahlartTyp.BAR, Money(-14300), None)
    ]
    assert process_of(document)[1] == "Beleg^7.00_0.00_0.00_0.00_-150.00^-143.00:Bar"
    assert plain.till.cash.expected_cash() == before - Money(14300)
    assert look(plain, voucher).standing.state is VoucherState.USED
    the_books_agree(plain)


def _complete_with_payout(counter: Counter, voucher: Voucher) -> Money:
    counter.sale.redeem(voucher.id, look(counter, voucher).offered, pay_out=True)
    done = counter.sale.complete()
    assert done.by_vouchers + done.given - done.total == done.change
    change: Money = done.change
    return change


def test_the_surplus_of_a_single_purpose_voucher_takes_back_its_vat(plain: Counter) -> None:
    voucher = sold(plain, "Floristik-Kurs")
    plain.do("tap Becher")
    document = paid_out(plain, voucher)
    assert lines(document) == [
        ("Umsatz", 1200, 1),
        ("EinzweckgutscheinEinloesung", -1200, 1),
        ("EinzweckgutscheinKauf", -3800, 1),
    ]
    (vat,) = document.draft.vat
    assert (vat.gross, vat.tax) == (Money(-3800), Money(-607))
    assert document.draft.lines[2].gv_name == "Auszahlung"
    assert process_of(document)[1] == "Beleg^-38.00_0.00_0.00_0.00_0.00^-38.00:Bar"
    (origin,) = document.draft.references
    assert (origin.document_id, origin.number) == (voucher.document_id, voucher.issued_number)
    assert look(plain, voucher).standing.remaining == ZERO
    the_books_agree(plain)


def test_only_the_paid_part_becomes_cash_and_the_rest_stays_usable(plain: Counter) -> None:
    voucher = sold(plain, "Aktion 20/30")
    plain.do("tap Becher")
    hit = look(plain, voucher)
    assert hit.surplus is not None
    assert (hit.surplus.cash, hit.surplus.stays) == (Money(1200), Money(600))
    document = paid_out(plain, voucher)
    assert lines(document) == [("Umsatz", 1200, 1), ("MehrzweckgutscheinEinloesung", -2000, 5), ("Rabatt", -400, 1)]
    left = look(plain, voucher).standing
    assert (left.paid_left, left.bonus_left, left.state) == (ZERO, Money(600), VoucherState.ACTIVE)
    plain.do("tap Becher")
    assert plain.do(f"redeem {voucher.number} all") == "open 6.00"
    assert look(plain, voucher).surplus is None
    plain.do("cash 6")
    plain.do("complete")
    assert look(plain, voucher).standing.state is VoucherState.USED
    the_books_agree(plain)


def test_a_given_voucher_never_becomes_cash(here: Counter) -> None:
    voucher = sold(here, "Geschenk", "0,00")
    here.sale.scan(ROSE_CODE)
    hit = look(here, voucher)
    assert hit.surplus is not None
    assert (hit.surplus.cash, hit.surplus.stays) == (ZERO, Money(1150))
    with pytest.raises(Refused, match="was given, not paid for"):
        here.sale.redeem(voucher.id, hit.offered, pay_out=True)
    assert here.sale.state.tendered == ()


def test_a_shop_that_pays_no_rest_out_says_so(here: Counter) -> None:
    rule(here.till, surplus_in_cash=False)
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    with pytest.raises(Refused, match="not paid out in this shop"):
        here.sale.redeem(voucher.id, Money(350), pay_out=True)


def test_a_shop_that_decides_otherwise_before_the_booking_pays_nothing_out(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    rule(here.till, surplus_in_cash=False)
    with pytest.raises(Refused, match="not paid out in this shop"):
        here.sale.complete()
    assert look(here, voucher).standing.remaining == Money(15000)


def test_nothing_is_paid_out_while_something_is_due(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    with pytest.raises(Refused, match="only when the voucher pays all that is due"):
        here.sale.redeem(voucher.id, Money(349), pay_out=True)


def test_the_drawer_must_hold_what_is_paid_out(counter: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(counter.till, FREE, "ALT-1", sale=Money(20000), face=Money(20000))
    counter.sale.scan(ROSE_CODE)
    with pytest.raises(Refused, match=r"only 100.00 are in the drawer, so 196.50 can’t be taken out"):
        counter.sale.redeem(voucher.id, Money(350), pay_out=True)
    assert counter.sale.state.tendered == ()


def test_the_drawer_is_asked_again_at_the_booking(counter: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(counter.till, FREE, "ALT-1", sale=Money(9000), face=Money(9000))
    counter.sale.scan(ROSE_CODE)
    counter.sale.redeem(voucher.id, Money(350), pay_out=True)
    counter.do('move bank-drop 50,00 "zur Bank"')
    with pytest.raises(Refused, match=r"only 50.00 are in the drawer, so 86.50 can’t be taken out"):
        counter.sale.complete()
    assert look(counter, voucher).standing.remaining == Money(9000)


def test_the_drawer_opens_and_the_receipt_tells(counter: Counter) -> None:
    voucher = sold(counter, "Gutschein frei", "150,00")
    counter.sale.scan(ROSE_CODE)
    assert counter.till.sale.state.settlement.paid_out == ZERO
    kicks = []
    counter.sale._kick_drawer = lambda: kicks.append(1)
    document = paid_out(counter, voucher)
    assert kicks == [1]
    text = " ".join(counter.till.receipts.text(document.id).split())
    assert f"Einlösung Gutschein {voucher.number} −150,00" in text
    assert "Ausgezahlt: Bar −146,50" in text


def test_x_and_z_count_what_was_paid_out(here: Counter) -> None:
    single = sold(here, "Floristik-Kurs")
    here.do("tap Becher")
    paid_out(here, single)
    z = here.till.cash.close_shift(here.till.cash.expected_cash())
    assert z.difference == ZERO
    sums = z.sums
    assert (sums.vouchers_sold.count, sums.vouchers_sold.amount) == (1, Money(5000))
    assert (sums.vouchers_redeemed.count, sums.vouchers_redeemed.amount) == (1, Money(5000))
    assert sum(case.gross.cents for case in sums.turnover) == sum(tender.amount.cents for tender in sums.takings)
    the_books_agree(here)


def test_the_red_x_takes_the_cash_back_too(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    assert here.sale.state.settlement.back == Money(14650)
    refusal = look(here, voucher).refusal
    assert refusal is not None
    assert "in this payment already" in refusal.msgid
    here.do("take back 1")
    assert here.sale.state.settlement.back == ZERO
    assert look(here, voucher).refusal is None


def test_a_basket_that_grows_is_paid_by_what_was_to_go_out(here: Counter) -> None:
    """The customer pays the rest and gets the same back: the books see the difference."""
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    here.sale.scan(ROSE_CODE)
    here.do("cash 5")
    document = here.sale.complete().document
    (cash,) = document.draft.payments
    assert (cash.amount, cash.given, cash.change) == (Money(-14300), Money(500), Money(14800))
    the_books_agree(here)


def test_a_payout_survives_a_restart_and_parking(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    here.sale.park("Frau Weber")
    assert look(here, voucher).standing.remaining == Money(15000)
    (parked,) = here.sale.parked()
    assert here.sale.recall(parked.order_id) == ()
    (again,) = here.sale.state.tendered
    assert again.paid_out == Money(14650)
    kept = here.sale._kept
    assert from_json(to_json(kept)) == kept
    here.sale.complete()
    assert look(here, voucher).standing.state is VoucherState.USED


def test_a_parked_payout_that_can_no_longer_be_is_taken_out(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    here.sale.park()
    rule(here.till, surplus_in_cash=False)
    (parked,) = here.sale.parked()
    (told,) = here.sale.recall(parked.order_id)
    assert "taken out of the payment" in told.msgid
    assert here.sale.state.tendered == ()


def test_training_pays_nothing_out(here: Counter) -> None:
    voucher = sold(here, "Gutschein frei", "150,00")
    before = here.till.cash.expected_cash()
    here.do("training begins")
    here.sale.scan(ROSE_CODE)
    here.sale.redeem(voucher.id, Money(350), pay_out=True)
    kicks = []
    here.sale._kick_drawer = lambda: kicks.append(1)
    assert here.sale.complete().document.draft.kind is DocumentKind.TRAINING_SALE
    here.do("training ends")
    assert kicks == []
    assert here.till.cash.expected_cash() == before
    assert look(here, voucher).standing.remaining == Money(15000)
    the_books_agree(here)


def test_the_payment_tells_how_much_bonus_parts_may_pay(here: Counter) -> None:
    covers = []
    for step in (f"scan {ROSE_CODE}", f"scan {GLASS_CODE}", 'tap "Gutschein 25"'):
        here.do(step)
        covers.append(here.sale.state.bonus_covers)
    assert covers == [None, Money(650), Money(650)]


def test_a_restored_payment_is_looked_at_again(
    make_till: Callable[..., Till], bring_in: BringIn, at: type[Counter]
) -> None:
    """The program ends with two vouchers and cash in the payment; meanwhile the shop pays nothing out any more."""
    till = make_till()
    first = at(till)
    voucher, other = bring_in(till, FREE, "G-1"), bring_in(till, FREE, "G-2", sale=Money(100), face=Money(100))
    first.sale.scan(ROSE_CODE)
    first.sale.redeem(other.id, Money(100))
    first.do("cash 0,50")
    first.sale.redeem(voucher.id, Money(200), pay_out=True)
    till.settle(5)
    till.close()
    rule_closed(till, surplus_in_cash=False)
    again = at(make_till())
    state = again.sale.state
    assert state.restored
    assert [one.name for one in state.tendered] == ["G-2", "Bar"]
    assert [lost.values["number"] for lost in state.lost] == ["G-1"]
    again.sale.redeem(voucher.id, Money(200))
    again.sale.complete()
    again.sale.dismiss()
    assert again.sale.state.lost == ()


def rule_closed(till: Till, **rules: object) -> None:
    """The shop decides otherwise while this till is closed."""
    database = Database(till.settings.database_url)
    database.run(lambda session: set_voucher_rules(session, VoucherRules(**rules)))  # type: ignore[arg-type]
    database.close()


@pytest.mark.parametrize(("name", "offered"), [("Aktion 20/30", 1000), ("Geschenk", 600), ("Gutschein frei", 1000)])
def test_given_value_keeps_a_voucher_from_deposits_only_as_far_as_it_goes(
    here: Counter, name: str, offered: int
) -> None:
    """Two glasses at 3,00 with 2,00 deposit each: a promotion pays both with its paid part, a gift only the juice (G6a)."""
    voucher = sold(here, name, {"Geschenk": "0,00", "Gutschein frei": "30,00"}.get(name, ""))
    here.sale.scan(GLASS_CODE)
    here.sale.scan(GLASS_CODE)
    hit = look(here, voucher)
    assert hit.offered == Money(offered)
    here.sale.redeem(voucher.id, hit.offered)
    if here.sale.state.settlement.open:
        here.do("cash 10")
    here.sale.complete()
    the_books_agree(here)


def test_a_small_promotion_has_no_room_for_its_given_part(here: Counter, bring_in: BringIn) -> None:
    """A third of it was given; 1,00 of goods and 2,00 of deposits leave room for 1,00 of that: 3,00 in all."""
    bring_in(here.till, FREE, "AK", sale=Money(100), face=Money(300))
    here.do("tap Rose")
    here.do("line 1 price 1,00")
    here.do('tap "Pfand Glas"')
    hit = here.voucher("AK")
    assert hit.offered == Money(150)
    here.sale.redeem(hit.standing.voucher.id, Money(150))
    assert here.voucher("AK").offered == ZERO
    here.do("cash 1,50")
    here.sale.complete()
    the_books_agree(here)


def test_cancelling_what_was_paid_out_asks_for_the_cash_again(plain: Counter) -> None:
    voucher = sold(plain, "Aktion 20/30")
    plain.do("tap Becher")
    document = paid_out(plain, voucher)
    before, desk = plain.till.cash.expected_cash(), plain.till.returns
    done = desk.complete(ReturnWish(desk.begin(document.id), document.id, is_cancellation=True, reason="Irrtum"))
    assert done.cash == Money(-1200)
    assert plain.till.cash.expected_cash() == before + Money(1200)
    left = look(plain, voucher).standing
    assert (left.paid_left, left.bonus_left) == (Money(2000), Money(1000))
    the_books_agree(plain)
