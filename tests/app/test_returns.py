"""What comes back at the counter: single lines, parts of them, whole receipts, and who gets how much of it (S1, S2, G9)."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Ports, open_till
from till.business_case import BonTyp, GvTyp, VatKey
from till.clock import FixedClock
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.errors import Refused, Unavailable
from till.fiscal.recording import signature_of
from till.ledger.journal import entries_of
from till.money import ZERO, Money
from till.quantity import ONE, Quantity, pieces
from till.sales.basket import AmountOff, PercentOff
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnWish
from till.settings import Settings
from till.shifts.movement import STORNO, Movement, MovementKind
from till.vouchers.block import Blocking
from till.vouchers.model import VoucherOrigin, VoucherState
from till.vouchers.rules import VoucherRules, set_voucher_rules
from till.vouchers.types import change_type, voucher_types

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.returns import CompletedReturn

ROSE, TEA, CUP, GLASS = "4006381333931", "4012345000016", "4012345000023", "4012345000047"
VALUE_FREE, SINGLE, OWN_NUMBER = uuid.UUID(int=102), uuid.UUID(int=105), uuid.UUID(int=106)


def wish(counter: Counter, original: Document, *what: tuple[int, Quantity], **more: object) -> ReturnWish:
    """A wish for these positions and quantities, begun at the desk; without any it cancels the receipt."""
    order = counter.till.returns.begin(original.id)
    if not what:
        more = {"is_cancellation": True, "reason": "Irrtum", **more}
    return ReturnWish(order, original.id, what, **more)  # type: ignore[arg-type]


def give_back(counter: Counter, original: Document, *what: tuple[int, Quantity], **more: object) -> CompletedReturn:
    """Take this back."""
    return counter.till.returns.complete(wish(counter, original, *what, **more))


def sell(counter: Counter, *codes: str, paid_with: tuple[str, str] | None = None) -> Document:
    """Sell these; a part is paid with a voucher (number, amount in euros) where one is given, the rest in cash."""
    for code in codes:
        counter.sale.scan(code)
    if paid_with is not None:
        counter.do(f"redeem {paid_with[0]} {paid_with[1]}")
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    return counter.sale.complete().document


def left(counter: Counter, number: str) -> tuple[int, int]:
    """What is left on a voucher in cents, paid and bonus."""
    standing = counter.voucher(number).standing
    return standing.paid_left.cents, standing.bonus_left.cents


def cases(document: Document) -> list[tuple[GvTyp, VatKey, int]]:
    """The lines of a document as the export tells them: business case, VAT key, gross in cents."""
    return [(line.gv_typ, line.vat_key, line.gross.cents) for line in document.draft.lines]


# Lines


def test_one_of_three_roses_comes_back_for_cash(plain: Counter) -> None:
    plain.sale.scan(ROSE, Quantity(3000))
    sold = plain.sell(CUP).document
    plan = plain.till.returns.preview(wanted := wish(plain, sold, (0, pieces(1))))
    assert (plan.value, plan.to_refund, plan.open, plan.refusal) == (Money(350), Money(350), Money(0), None)
    back = plain.till.returns.complete(wanted)
    assert (back.cash, back.vouchers) == (Money(350), ())
    assert plain.till.cash.expected_cash() == Money(10000 + 1050 + 1200 - 350)
    (line,) = back.document.draft.lines
    assert (line.quantity, line.gross, line.tax, line.gv_name) == (pieces(-1), Money(-350), Money(-23), STORNO)
    assert (line.returns, line.unit_price, line.article_number) == (0, Money(350), "1")
    assert [reference.document_id for reference in back.document.draft.references] == [sold.id]
    assert (back.document.draft.kind, back.document.draft.bon_typ) == (DocumentKind.RETURN, BonTyp.BELEG)
    assert plain.problems() == []
    assert plain.count("signature") == 3


def test_what_is_left_of_a_line_is_told_and_no_more_comes_back(counter: Counter) -> None:
    counter.sale.scan(ROSE, Quantity(3000))
    sold = counter.sell().document
    give_back(counter, sold, (0, pieces(2)))
    (line,) = (seen := counter.till.returns.look(sold.id)).lines
    assert (line.sold, line.returned, line.left) == (pieces(3), pieces(2), pieces(1))
    assert (line.amount, line.amount_left, line.is_by_piece) == (Money(1050), Money(350), True)
    assert [(one.number, one.value, one.kind) for one in seen.earlier] == [(3, Money(700), DocumentKind.RETURN)]
    with pytest.raises(Refused, match="Only 1 of “Rose” can still come back"):
        counter.till.returns.preview(wish(counter, sold, (0, pieces(2))))
    give_back(counter, sold, (0, pieces(1)))
    with pytest.raises(Refused, match="Everything on receipt 2 has come back already"):
        counter.till.returns.begin(sold.id)
    assert counter.problems() == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ((0, Quantity(500)), "by the piece"),
        ((0, pieces(-1)), "below 0"),
        ((9, ONE), "can’t be brought back"),
        ((1, ONE), "can’t be brought back"),
        ((0, pieces(0)), "Choose first"),
    ],
)
def test_a_quantity_that_makes_no_sense_is_refused(counter: Counter, what: tuple[int, Quantity], said: str) -> None:
    counter.sale.scan(ROSE)
    counter.sale.set_line_discount(counter.line(1), PercentOff(1000))
    sold = counter.sell().document
    with pytest.raises(Refused, match=said):
        counter.till.returns.preview(wish(counter, sold, what))


def test_discounts_come_back_in_proportion_and_the_parts_sum_to_the_cent(counter: Counter) -> None:
    counter.sale.scan(ROSE, Quantity(3000))
    counter.sale.scan(CUP)
    counter.sale.set_discount(AmountOff(Money(100)))
    sold = counter.sell().document
    backs = [give_back(counter, sold, (0, ONE)) for _ in range(3)]
    assert sum(one.cash.cents for one in backs) == 1050 - 47
    assert [one.cash for one in backs] == [Money(334), Money(335), Money(334)]
    assert {line.gv_typ for line in backs[0].document.draft.lines} == {GvTyp.UMSATZ, GvTyp.RABATT}
    assert [line.reduces for line in backs[0].document.draft.lines] == [None, 0]
    last = give_back(counter, sold)
    assert last.cash == Money(1200 - 53)
    taxes = [line for one in (*backs, last) for line in one.document.draft.lines]
    assert sum(line.tax.cents for line in taxes) == -sum(vat.tax.cents for vat in sold.draft.vat)
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.problems() == []


def test_a_deposit_comes_back_with_its_glass_unless_it_is_kept(counter: Counter) -> None:
    counter.sale.scan(GLASS, Quantity(2000))
    sold = counter.sell().document
    juice, deposit = counter.till.returns.look(sold.id).lines
    assert (juice.deposit_of, deposit.deposit_of) == (None, juice.position)
    both = counter.till.returns.preview(wish(counter, sold, (0, ONE)))
    assert [(line.text, line.amount) for line in both.lines] == [
        ("Saft im Glas", Money(300)),
        ("Pfand Glas", Money(200)),
    ]
    assert give_back(counter, sold, (0, ONE), (1, pieces(0))).cash == Money(300)
    assert give_back(counter, sold, (1, pieces(2))).cash == Money(400)
    assert give_back(counter, sold, (0, ONE)).cash == Money(300)
    assert counter.problems() == []


def test_weighed_goods_come_back_by_weight(counter: Counter) -> None:
    counter.sale.add(counter.tile("Käse"), Quantity(345))
    sold = counter.sell().document
    first = give_back(counter, sold, (0, Quantity(100)))
    rest = give_back(counter, sold, (0, Quantity(245)))
    assert first.cash + rest.cash == sold.draft.total
    assert counter.problems() == []


# Money


def test_a_cancelled_receipt_goes_back_as_it_was_paid(plain: Counter) -> None:
    plain.sale.scan(CUP)
    plain.sale.scan(ROSE)
    plain.sale.pay_card("card", Money(1000))
    plain.sale.pay_cash(Money(1000))
    sold = plain.sale.complete().document
    done = give_back(plain, sold)
    document = done.document
    assert [(p.tender_id, p.amount.cents) for p in document.draft.payments] == [("cash", -550), ("card", -1000)]
    assert (document.draft.kind, document.draft.note, done.cash) == (DocumentKind.CANCELLATION, "Irrtum", Money(550))
    assert cases(document) == [(GvTyp.UMSATZ, VatKey.GENERAL, -1200), (GvTyp.UMSATZ, VatKey.REDUCED, -350)]
    with plain.database.read() as session:
        (first,), (second,) = (entries_of(session, [one.id])[one.id] for one in (sold, document))
    assert second.values["reverses"] == first.values["id"]
    assert sorted(-leg.amount.cents for leg in second.postings) == sorted(leg.amount.cents for leg in first.postings)
    with pytest.raises(Refused, match="has come back already"):
        plain.till.returns.begin(sold.id)
    assert plain.problems() == []


def test_the_way_money_goes_back_can_be_chosen_and_must_fit(counter: Counter) -> None:
    sold = sell(counter, CUP, ROSE)
    desk = counter.till.returns
    assert [face.id for face in desk.ways()] == ["cash", "card"]
    begun = wish(counter, sold, (0, ONE), refunds=(MoneyBack("card", Money(1000)),))
    plan = desk.preview(begun)
    assert (plan.open, str(plan.refusal)) == (Money(200), "2.00 is still to be refunded. Say how.")
    too_much = wish(counter, sold, (0, ONE), refunds=(MoneyBack("card", Money(1300)),))
    with pytest.raises(Refused, match=r"1\.00 too much"):
        desk.complete(too_much)
    unknown = wish(counter, sold, (0, ONE), refunds=(MoneyBack("voucher", Money(1200)),))
    with pytest.raises(Refused, match="can’t be used to refund"):
        desk.complete(unknown)
    turned = (MoneyBack("card", Money(1300)), MoneyBack("cash", Money(-100)))
    with pytest.raises(Refused, match="above 0"):
        desk.complete(wish(counter, sold, (0, ONE), refunds=turned))
    done = desk.complete(wish(counter, sold, (0, ONE), refunds=(MoneyBack("card", Money(1200)),)))
    assert done.cash == ZERO
    rest = desk.preview(wish(counter, sold))
    assert rest.refunds == (MoneyBack("cash", Money(350)),)
    assert counter.problems() == []


def test_what_went_back_another_way_before_is_never_asked_of_the_customer_again(counter: Counter) -> None:
    counter.sale.scan(ROSE, Quantity(3000))
    counter.sale.pay_card("card", Money(1050))
    sold = counter.sale.complete().document
    give_back(counter, sold, (0, ONE), refunds=(MoneyBack("cash", Money(350)),))
    rest = give_back(counter, sold)
    assert [(payment.tender_id, payment.amount) for payment in rest.document.draft.payments] == [("card", Money(-700))]


def test_cash_that_is_not_in_the_drawer_cant_go_out(counter: Counter) -> None:
    sold = sell(counter, CUP)
    counter.till.cash.move(Movement(MovementKind.BANK_DROP, Money(10500), "Tresor"))
    wanted = wish(counter, sold)
    plan = counter.till.returns.preview(wanted)
    assert plan.refusal is not None
    with pytest.raises(Refused, match=r"only 7\.00 are in the drawer, so 12\.00") as refused:
        counter.till.returns.complete(wanted)
    assert str(refused.value) == str(plan.refusal)
    by_card = wish(counter, sold, refunds=(MoneyBack("card", Money(1200)),))
    assert counter.till.returns.complete(by_card).cash == ZERO
    assert counter.problems() == []


def test_a_cancellation_needs_a_reason_and_a_return_may_have_one(counter: Counter) -> None:
    sold = sell(counter, CUP, ROSE)
    with pytest.raises(Refused, match="Say why"):
        give_back(counter, sold, reason=" \n ")
    with pytest.raises(Refused, match="80 characters"):
        give_back(counter, sold, reason="x" * 81)
    assert give_back(counter, sold, (0, ONE), reason=" zu\tklein ").document.draft.note == "zu klein"


# Vouchers that had paid


def test_of_a_part_return_voucher_and_money_bear_their_shares(counter: Counter) -> None:
    number = counter.sell_voucher("Gutschein 25")
    sold = sell(counter, CUP, CUP, CUP, paid_with=(number, "20,00"))
    plan = counter.till.returns.preview(wish(counter, sold, (0, ONE)))
    (back,) = plan.back
    assert (plan.value, back.paid, back.bonus, back.rest) == (Money(1200), Money(667), ZERO, Money(1167))
    assert (plan.to_refund, plan.refunds) == (Money(533), (MoneyBack("cash", Money(533)),))
    backs = [give_back(counter, sold, (0, ONE)) for _ in range(3)]
    assert [one.cash.cents for one in backs] == [533, 534, 533]
    assert left(counter, number) == (2500, 0)
    assert counter.problems() == []


def test_bonus_goes_back_to_bonus_and_never_into_money(counter: Counter) -> None:
    number = counter.sell_voucher("Aktion 20/30")
    sold = sell(counter, CUP, CUP, paid_with=(number, "all"))
    assert left(counter, number) == (400, 200)
    voucher = counter.voucher(number).standing.voucher.id
    paid_out = frozenset({voucher})
    plan = counter.till.returns.preview(wish(counter, sold, (0, ONE), paid_out=paid_out))
    (back,) = plan.back
    assert (back.paid, back.bonus, back.paid_out, back.back) == (Money(800), Money(400), Money(800), Money(400))
    done = give_back(counter, sold, (0, ONE), paid_out=paid_out)
    assert (done.cash, left(counter, number)) == (Money(800), (400, 600))
    assert cases(done.document) == [
        (GvTyp.UMSATZ, VatKey.GENERAL, -1200),
        (GvTyp.MEHRZWECK_EINLOESUNG, VatKey.NOT_TAXABLE, 800),
        (GvTyp.RABATT, VatKey.GENERAL, 400),
        (GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, -800),
    ]
    assert counter.problems() == []


def test_a_receipt_that_a_gift_paid_comes_back_without_money(counter: Counter) -> None:
    number = counter.sell_voucher("Geschenk")
    sold = sell(counter, CUP, paid_with=(number, "all"))
    plan = counter.till.returns.preview(wanted := wish(counter, sold, paid_out=frozenset({uuid.uuid4()})))
    assert (plan.to_refund, plan.refunds) == (ZERO, ())
    done = counter.till.returns.complete(wanted)
    assert (done.cash, done.document.draft.total, left(counter, number)) == (ZERO, ZERO, (0, 1500))
    assert cases(done.document) == [(GvTyp.UMSATZ, VatKey.GENERAL, -1200), (GvTyp.RABATT, VatKey.GENERAL, 1200)]
    with pytest.raises(Refused, match="too much"):
        give_back(counter, sell(counter, CUP, paid_with=(number, "12,00")), refunds=(MoneyBack("cash", Money(1200)),))
    assert counter.problems() == []


def test_a_single_purpose_voucher_gets_back_only_what_it_paid_within_its_rate(counter: Counter) -> None:
    number = counter.sell_voucher("Floristik-Kurs")
    sold = sell(counter, CUP, ROSE, paid_with=(number, "all"))
    assert give_back(counter, sold, (1, ONE)).cash == Money(350)
    done = give_back(counter, sold, (0, ONE))
    assert (done.cash, left(counter, number)) == (ZERO, (5000, 0))
    assert cases(done.document) == [
        (GvTyp.UMSATZ, VatKey.GENERAL, -1200),
        (GvTyp.EINZWECK_EINLOESUNG, VatKey.GENERAL, 1200),
    ]
    assert counter.problems() == []


def test_the_paid_part_of_a_single_purpose_voucher_is_paid_out_with_its_vat(counter: Counter) -> None:
    number = counter.sell_voucher("Floristik-Kurs")
    voucher = counter.voucher(number).standing.voucher.id
    sold = sell(counter, CUP, paid_with=(number, "all"))
    done = give_back(counter, sold, (0, ONE), paid_out=frozenset({voucher}))
    assert (done.cash, left(counter, number)) == (Money(1200), (3800, 0))
    assert [(vat.vat_key, vat.gross, vat.tax) for vat in done.document.draft.vat] == [
        (VatKey.GENERAL, Money(-1200), Money(-192))
    ]
    assert counter.problems() == []


def test_two_vouchers_and_money_share_every_part_to_the_cent(counter: Counter) -> None:
    first, second = counter.sell_voucher("Aktion 20/30"), counter.sell_voucher("Gutschein 25")
    for code in (CUP, CUP, CUP, ROSE, ROSE, ROSE, TEA):
        counter.sale.scan(code)
    counter.do(f"redeem {first} 17,77")
    counter.do(f"redeem {second} 11,11")
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    sold = counter.sale.complete().document
    cash = 0
    for position, count in ((0, 3), (1, 3), (2, 1)):
        for _ in range(count):
            cash += give_back(counter, sold, (position, ONE)).cash.cents
    assert (left(counter, first), left(counter, second)) == ((2000, 1000), (2500, 0))
    assert cash == sold.draft.total.cents
    assert counter.till.cash.expected_cash() == Money(10000 + 2000 + 2500)
    assert counter.problems() == []


# Vouchers instead of money


def test_a_refund_can_be_a_voucher_all_of_which_is_paid(plain: Counter) -> None:
    sold = sell(plain, CUP, ROSE)
    wanted = wish(plain, sold, (0, ONE), vouchers=(NewVoucherBack(VALUE_FREE, Money(1000)),))
    plan = plain.till.returns.preview(wanted)
    assert plan.refunds == (MoneyBack("cash", Money(200)),)
    done = plain.till.returns.complete(wanted)
    (voucher,) = done.vouchers
    assert (voucher.origin, voucher.sale, voucher.face) == (VoucherOrigin.REFUND, Money(1000), Money(1000))
    assert (done.cash, left(plain, voucher.number)) == (Money(200), (1000, 0))
    assert cases(done.document)[-1] == (GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, 1000)
    assert done.document.draft.total == Money(-200)
    used = sell(plain, CUP, paid_with=(voucher.number, "all"))
    assert used.draft.total == Money(200)
    assert plain.problems() == []


def test_a_voucher_for_one_rate_is_taxed_when_it_is_given(counter: Counter) -> None:
    sold = sell(counter, CUP)
    done = give_back(counter, sold, vouchers=(NewVoucherBack(SINGLE, Money(1200)),))
    assert cases(done.document) == [
        (GvTyp.UMSATZ, VatKey.GENERAL, -1200),
        (GvTyp.EINZWECK_KAUF, VatKey.GENERAL, 1200),
    ]
    assert (done.cash, done.document.draft.payments[0].amount) == (ZERO, ZERO)
    assert counter.problems() == []


def test_a_new_voucher_can_have_a_typed_number_and_must_be_worth_something(counter: Counter) -> None:
    sold = sell(counter, CUP)
    with pytest.raises(Refused, match="worth nothing"):
        give_back(counter, sold, vouchers=(NewVoucherBack(OWN_NUMBER, ZERO, "X-1"),))
    with pytest.raises(Refused, match="no longer sold"):
        give_back(counter, sold, vouchers=(NewVoucherBack(uuid.uuid4(), Money(1200)),))
    done = give_back(counter, sold, vouchers=(NewVoucherBack(OWN_NUMBER, Money(1200), "X-1"),))
    assert [voucher.number for voucher in done.vouchers] == ["X-1"]


def test_what_a_voucher_paid_can_become_another_voucher_but_its_bonus_cant(counter: Counter) -> None:
    number = counter.sell_voucher("Aktion 20/30")
    voucher = counter.voucher(number).standing.voucher.id
    sold = sell(counter, CUP, paid_with=(number, "12,00"))
    out = frozenset({voucher})
    with pytest.raises(Refused, match=r"4\.00 too much"):
        give_back(counter, sold, paid_out=out, refunds=(), vouchers=(NewVoucherBack(VALUE_FREE, Money(1200)),))
    done = give_back(counter, sold, paid_out=out, vouchers=(NewVoucherBack(VALUE_FREE, Money(800)),))
    assert (done.cash, left(counter, number), left(counter, done.vouchers[0].number)) == (ZERO, (1200, 1000), (800, 0))
    assert counter.problems() == []


def test_a_voucher_that_was_given_back_cant_be_returned_itself(counter: Counter) -> None:
    done = give_back(counter, sell(counter, CUP), vouchers=(NewVoucherBack(VALUE_FREE, Money(1200)),))
    with pytest.raises(Refused, match="is a cancellation itself"):
        counter.till.returns.begin(done.document.id)


# Vouchers that were sold


def test_a_voucher_line_comes_back_as_a_whole_and_closes_the_voucher(counter: Counter) -> None:
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.sale.scan(CUP)
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    sale = counter.sale.complete()
    done = give_back(counter, sale.document, (0, ONE))
    assert done.cash == Money(2500)
    assert counter.voucher(sale.vouchers[0].number).standing.state is VoucherState.CANCELLED
    (goods,) = [line for line in counter.till.returns.look(sale.document.id).lines if line.left > Quantity(0)]
    assert goods.text == "Becher"
    give_back(counter, sale.document)
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.problems() == []


def test_a_receipt_with_a_used_voucher_lets_its_other_lines_come_back(counter: Counter) -> None:
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.sale.scan(ROSE)
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    sale = counter.sale.complete()
    sell(counter, CUP, paid_with=(sale.vouchers[0].number, "12,00"))
    seen = counter.till.returns.look(sale.document.id)
    assert (seen.refusal, seen.cancel_refusal) == (None, seen.lines[0].refusal)
    assert r"worth 25.00, and 13.00 of it is left" in str(seen.cancel_refusal)
    assert seen.lines[1].refusal is None
    assert give_back(counter, sale.document, (1, ONE)).cash == Money(350)
    assert counter.problems() == []


def test_a_discounted_voucher_gives_back_what_was_paid(counter: Counter) -> None:
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.sale.set_line_discount(counter.line(1), AmountOff(Money(500)))
    counter.sale.pay_cash(Money(2000))
    sale = counter.sale.complete()
    assert give_back(counter, sale.document).cash == Money(2000)
    assert counter.problems() == []


# What can't come back


def test_what_is_no_sale_cant_come_back_and_says_so(counter: Counter) -> None:
    moved = counter.till.cash.move(Movement(MovementKind.PRIVATE_IN, Money(100), "Einlage"))
    returned = give_back(counter, sell(counter, CUP), (0, ONE)).document
    counter.sale.scan(CUP)
    counter.sale.cancel()
    counter.till.training.begin()
    practised = counter.sell(CUP).document
    counter.till.training.end()
    with counter.database.read() as session:
        (aborted,) = find.latest(session, "KASSE-1", (DocumentKind.ABORTED,))
    said = {moved.id: "moved only cash", returned.id: "is a return itself", practised.id: "only practised"}
    for document_id, words in (said | {aborted.id: "was aborted"}).items():
        assert words in str(counter.till.returns.look(document_id).refusal)
        with pytest.raises(Refused, match=words):
            counter.till.returns.begin(document_id)
    with pytest.raises(Refused, match="not there any more"):
        counter.till.returns.look(uuid.uuid4())


def test_nothing_comes_back_in_training_or_at_a_closed_till(counter: Counter) -> None:
    sold = sell(counter, CUP)
    counter.till.training.begin()
    with pytest.raises(Refused, match="training"):
        counter.till.returns.begin(sold.id)
    counter.till.training.end()
    counter.till.cash.close_shift(None)
    with pytest.raises(Refused, match="closed"):
        counter.till.returns.begin(sold.id)


# Once, whatever happens


def test_completing_twice_is_completing_once(plain: Counter) -> None:
    wanted = wish(plain, sell(plain, CUP))
    first = plain.till.returns.complete(wanted)
    assert plain.till.returns.complete(wanted) is first
    assert plain.till.settle()
    assert plain.count("document") == plain.count("signature")
    assert len(plain.till.returns.look(first.document.draft.references[0].document_id).earlier) == 1
    assert plain.problems() == []


def test_a_return_whose_answer_was_lost_is_booked_and_signed_once(plain: Counter) -> None:
    wanted = wish(plain, sell(plain, CUP))
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.till.returns.complete(wanted)
    done = plain.till.returns.complete(wanted)
    assert (done.cash, done.document.number) == (Money(1200), 3)
    assert plain.till.settle()
    plain.until(lambda: plain.count("signature") == 3)
    assert plain.count("document") == 3
    assert plain.problems() == []


def test_a_return_whose_answer_was_lost_cant_be_left(plain: Counter) -> None:
    wanted = wish(plain, sell(plain, CUP))
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.till.returns.complete(wanted)
    with pytest.raises(Refused, match=r"booked after all: receipt no\. 3"):
        plain.till.returns.abandon()
    plain.till.returns.abandon()
    plain.until(lambda: plain.count("signature") == 3)
    assert plain.problems() == []


def test_the_same_id_with_another_wish_is_refused(plain: Counter) -> None:
    sold = sell(plain, CUP, ROSE)
    wanted = wish(plain, sold, (0, ONE))
    plain.till.returns.complete(wanted)
    other = ReturnWish(wanted.id, sold.id, ((1, ONE),))
    plain.till.returns._completed = None
    with pytest.raises(Refused, match="booked already with other lines"):
        plain.till.returns.complete(other)


def test_two_tills_that_take_the_same_line_back_at_once_pay_for_it_once(
    plain: Counter, any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]
) -> None:
    sold = sell(plain, CUP)
    if not plain.database.is_sqlite:
        beside = open_till(replace_till(any_shop_settings), fast_ports)
        beside.cash.open_shift(Money(10000))
        tills = [plain, at(beside)]
    else:
        tills = [plain, plain]
    wishes = [ReturnWish(uuid.uuid4(), sold.id, ((0, ONE),)) for _ in tills]
    answers: list[str] = []
    start = threading.Barrier(2)

    def take_back(counter: Counter, wanted: ReturnWish) -> None:
        start.wait()
        try:
            counter.till.returns.complete(wanted)
            answers.append("taken back")
        except Refused as refused:
            answers.append(str(refused))

    threads = [threading.Thread(target=take_back, args=pair) for pair in zip(tills, wishes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["Everything on receipt 2 has come back already.", "taken back"]
    assert all(counter.till.settle() for counter in tills)
    assert plain.problems() == []
    if tills[1] is not plain:
        tills[1].till.close()


def replace_till(settings: Settings) -> Settings:
    """The same shop's second till."""
    folder = settings.data_dir.parent / "second"
    folder.mkdir(exist_ok=True)
    return replace(settings, till_id="KASSE-2", data_dir=folder)


# The TSE


def test_a_return_that_is_left_ends_as_aborted_and_names_its_receipt(counter: Counter) -> None:
    sold = sell(counter, CUP)
    counter.till.returns.begin(sold.id)
    assert counter.till.returns.begin(sold.id) == counter.till.returns.begin(sold.id)
    counter.till.returns.abandon()
    counter.till.returns.abandon()
    assert counter.till.settle()
    with counter.database.read() as session:
        (aborted,) = find.latest(session, "KASSE-1", (DocumentKind.ABORTED,))
        answer = signature_of(session, aborted.id)
    assert answer is not None
    assert answer.finished is not None
    assert answer.finished.process_data.startswith("AVBelegabbruch")
    assert [reference.document_id for reference in aborted.draft.references] == [sold.id]
    assert counter.till.returns.look(sold.id).earlier == ()
    assert counter.problems() == []


def test_another_receipt_ends_the_return_under_way(counter: Counter) -> None:
    first, second = sell(counter, CUP), sell(counter, ROSE)
    counter.till.returns.begin(first.id)
    give_back(counter, second)
    assert counter.till.settle()
    assert counter.count("signature") == counter.count("document")
    assert counter.problems() == []


def test_a_return_under_way_ends_before_somebody_practises(counter: Counter) -> None:
    sold = sell(counter, CUP)
    counter.till.returns.begin(sold.id)
    counter.till.training.begin()
    counter.till.training.end()
    assert counter.till.settle()
    with counter.database.read() as session:
        (aborted,) = find.latest(session, "KASSE-1", (DocumentKind.ABORTED,), 5)
    assert aborted.draft.bon_typ is BonTyp.ABBRUCH
    give_back(counter, sold)
    assert counter.problems() == []


@pytest.mark.parametrize("end", ["z", "program"])
def test_a_return_under_way_ends_with_the_till(counter: Counter, fast_ports: Ports, end: str) -> None:
    counter.till.returns.begin(sell(counter, CUP).id)
    if end == "z":
        counter.till.cash.close_shift(None)
    counter.till.settle()
    counter.till.close()
    again = open_till(counter.till.settings, fast_ports)
    again.settle()
    with again.workplace.database.read() as session:
        aborted = find.latest(session, "KASSE-1", (DocumentKind.ABORTED,), 5)
    again.close()
    assert len(aborted) == 1


def test_negative_amounts_reach_the_tse_as_the_law_has_them(counter: Counter) -> None:
    counter.sale.scan(CUP)
    counter.sale.scan(ROSE)
    sold = counter.sell().document
    done = give_back(counter, sold)
    assert counter.till.settle()
    with counter.database.read() as session:
        answer = signature_of(session, done.document.id)
    assert answer is not None
    assert answer.finished is not None
    assert answer.finished.process_data == "Beleg^-12.00_-3.50_0.00_0.00_0.00^-15.50:Bar"


# X and Z


def test_returns_and_cancellations_are_told_apart_on_x_and_z(counter: Counter) -> None:
    number = counter.sell_voucher("Aktion 20/30")
    first = sell(counter, CUP, ROSE, paid_with=(number, "12,00"))
    second = sell(counter, CUP)
    give_back(counter, first, (1, ONE))
    give_back(counter, first, (0, ONE))
    give_back(counter, second)
    sums = counter.till.cash.close_shift(None).sums
    assert (sums.returns.count, sums.returns.amount) == (2, Money(-1550))
    assert (sums.cancellations.count, sums.cancellations.amount) == (1, Money(-1200))
    assert (sums.vouchers_sold.count, sums.vouchers_sold.amount) == (1, Money(2000))
    assert sums.sales == 3
    storno = [case for case in sums.cases if case.gv_name == STORNO and case.gv_typ == GvTyp.UMSATZ.value]
    assert sum(case.gross.cents for case in storno) == -2750
    assert counter.problems() == []


def test_a_receipt_of_yesterday_comes_back_into_todays_z(counter: Counter) -> None:
    sold = sell(counter, CUP)
    counter.till.cash.close_shift(None)
    counter.till.cash.open_shift(Money(11200))
    give_back(counter, sold)
    z = counter.till.cash.close_shift(None)
    assert (z.sums.cancellations.amount, z.target_cash) == (Money(-1200), Money(10000))
    assert counter.problems() == []


# Paper


def test_the_paper_says_what_it_is_and_the_originals_copy_stays_as_it_was(counter: Counter) -> None:
    number = counter.sell_voucher("Gutschein 25")
    sold = sell(counter, CUP, paid_with=(number, "10,00"))
    assert counter.till.settle()
    before = counter.till.receipts.text(sold.id)
    done = give_back(counter, sold, vouchers=(NewVoucherBack(VALUE_FREE, Money(200)),))
    paper = counter.paper(done.document)
    assert f"Zu Beleg-Nr. {sold.number} der Kasse KASSE-1" in paper
    assert "Rest 25,00" in paper
    assert "Irrtum" in paper
    assert re.search("[-−–]12,00", paper)
    assert "FR-0001" in paper
    counter.until(lambda: sum("FR-0001" in one.text for one in counter.printer.receipts) > 1)
    assert counter.till.receipts.text(sold.id) == before
    assert done.document.number in {entry.number for entry in counter.till.receipts.recent()}


def test_a_voucher_cancelled_meanwhile_cant_pay_any_more(plain: Counter) -> None:
    plain.sale.add(plain.tile("Gutschein 25"))
    plain.sale.pay_cash(Money(2500))
    sale = plain.sale.complete()
    plain.sale.scan(CUP)
    plain.do(f"redeem {sale.vouchers[0].number} all")
    give_back(plain, sale.document)
    with pytest.raises(Refused, match=r"only 0\.00 is left|cancelled on"):
        plain.sale.complete()
    plain.sale.take_back(1)
    plain.sale.cancel()
    assert plain.problems() == []


def test_a_surplus_in_cash_comes_back_with_the_whole_receipt(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan(ROSE)
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(350), pay_out=True)
    sold = plain.sale.complete().document
    assert (sold.draft.total, left(plain, number)) == (Money(-2150), (0, 0))
    done = give_back(plain, sold)
    assert (done.cash, left(plain, number)) == (Money(-2150), (2500, 0))
    assert plain.till.cash.expected_cash() == Money(10000 + 2500)
    assert plain.problems() == []


def test_in_a_shop_that_pays_out_nothing_a_paid_part_becomes_another_voucher_but_no_money(counter: Counter) -> None:
    number = counter.sell_voucher("Gutschein 25")
    sold = sell(counter, CUP, paid_with=(number, "12,00"))
    out = frozenset({counter.voucher(number).standing.voucher.id})
    with counter.database.write() as session:
        set_voucher_rules(session, VoucherRules(surplus_in_cash=False))
    with pytest.raises(Refused, match="not paid out in this shop"):
        give_back(counter, sold, (0, ONE), paid_out=out)
    done = give_back(counter, sold, (0, ONE), paid_out=out, vouchers=(NewVoucherBack(VALUE_FREE, Money(1200)),))
    assert (done.cash, left(counter, number)) == (ZERO, (1300, 0))


def test_of_a_blocked_voucher_nothing_is_paid_out(counter: Counter) -> None:
    number = counter.sell_voucher("Gutschein 25")
    voucher = counter.voucher(number).standing.voucher.id
    sold = sell(counter, CUP, paid_with=(number, "12,00"))
    counter.till.vouchers.block(Blocking(voucher, "gestohlen"))
    plan = counter.till.returns.preview(wish(counter, sold, (0, ONE), paid_out=frozenset({voucher})))
    (back,) = plan.back
    assert (back.may_be_paid_out, back.paid_out, plan.to_refund) == (False, ZERO, ZERO)
    assert ["stays blocked" in str(said) for said in plan.said] == [True]


def test_a_voucher_bought_with_a_voucher_goes_back_to_it(counter: Counter) -> None:
    with counter.database.write() as session:
        kind = next(kind for kind in voucher_types(session) if kind.name == "Gutschein 25")
        change_type(session, replace(kind, may_be_bought_with_vouchers=True))
    first = counter.sell_voucher("Gutschein frei", "40,00")
    counter.sale.reload_assortment()
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.do(f"redeem {first} all")
    sale = counter.sale.complete()
    assert left(counter, first) == (1500, 0)
    done = give_back(counter, sale.document, (0, ONE))
    assert (done.cash, left(counter, first), left(counter, sale.vouchers[0].number)) == (ZERO, (4000, 0), (0, 0))
    assert counter.problems() == []


def test_a_voucher_of_16_percent_is_paid_out_at_16_percent_and_buys_at_the_rate_of_the_day(
    closed_counter: Counter, clock: FixedClock
) -> None:
    clock.set(dt.datetime(2020, 12, 30, 11, 0, tzinfo=dt.UTC))
    closed_counter.till.cash.open_shift(Money(10000))
    number = closed_counter.sell_voucher("Floristik-Kurs")
    voucher = closed_counter.voucher(number).standing.voucher
    assert voucher.vat_rate_bp == 1600
    closed_counter.till.cash.close_shift(None)
    clock.set(dt.datetime(2021, 1, 2, 11, 0, tzinfo=dt.UTC))
    closed_counter.till.cash.open_shift(Money(15000))
    bought = sell(closed_counter, CUP, paid_with=(number, "12,00"))
    assert [(vat.rate_bp, vat.gross) for vat in bought.draft.vat] == [(1900, ZERO)]
    back = give_back(closed_counter, bought, (0, ONE), paid_out=frozenset({voucher.id}))
    assert [(vat.vat_key, vat.rate_bp, vat.gross, vat.tax) for vat in back.document.draft.vat] == [
        (VatKey.GENERAL, 1900, ZERO, ZERO),
        (VatKey.GENERAL_16_HISTORIC, 1600, Money(-1200), Money(-166)),
    ]
    closed_counter.sale.scan(CUP)
    closed_counter.sale.redeem(voucher.id, Money(1200), pay_out=True)
    rest = closed_counter.sale.complete().document
    assert [(vat.vat_key, vat.rate_bp, vat.gross, vat.tax) for vat in rest.draft.vat] == [
        (VatKey.GENERAL, 1900, ZERO, ZERO),
        (VatKey.GENERAL_16_HISTORIC, 1600, Money(-2600), Money(-359)),
    ]
    assert left(closed_counter, number) == (0, 0)
    assert closed_counter.problems() == []


def test_what_was_sold_at_16_percent_comes_back_at_16_percent(closed_counter: Counter, clock: FixedClock) -> None:
    clock.set(dt.datetime(2020, 12, 30, 11, 0, tzinfo=dt.UTC))
    closed_counter.till.cash.open_shift(Money(10000))
    sold = sell(closed_counter, CUP)
    assert sold.draft.vat[0].rate_bp == 1600
    closed_counter.till.cash.close_shift(None)
    clock.set(dt.datetime(2021, 1, 2, 11, 0, tzinfo=dt.UTC))
    closed_counter.till.cash.open_shift(Money(11200))
    done = give_back(closed_counter, sold, vouchers=(NewVoucherBack(SINGLE, Money(500)),))
    assert [(vat.vat_key, vat.rate_bp, vat.gross) for vat in done.document.draft.vat] == [
        (VatKey.GENERAL, 1900, Money(500)),
        (VatKey.GENERAL_16_HISTORIC, 1600, Money(-1200)),
    ]
    assert done.document.draft.vat[1].tax == -sold.draft.vat[0].tax
    z = closed_counter.till.cash.close_shift(None)
    assert {(case.vat_key, case.rate_bp) for case in z.cases} == {(1, 1900), (21, 1600)}
    assert closed_counter.problems() == []
