"""Selling vouchers at the counter: what is asked and refused, what a code may mean, discounts, parking (V8 to V29)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from till.app.bootstrap import Ports, open_till
from till.app.views import ButtonKind, ScanKind, Tile, VoucherWish
from till.business_case import GvTyp
from till.catalog.barcodes import receipt_barcode, voucher_barcode
from till.catalog.plu import Plu, PluKind, claim
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO, Money
from till.quantity import Quantity, pieces
from till.sales.basket import AmountOff, PercentOff
from till.settings import Settings
from till.vouchers.models import VoucherTypeRow

if TYPE_CHECKING:
    from tests.app.conftest import Counter

VALUE_25, VALUE_FREE, PROMOTION, GIFT, SINGLE, OWN_NUMBER = (uuid.UUID(int=n) for n in range(101, 107))
CUP = "4012345000023"
LONGEST = "x" * 120


def own(number: str, text: str = "") -> VoucherWish:
    return VoucherWish(OWN_NUMBER, number, text=text)


def sell_own(counter: Counter, number: str, text: str = "") -> None:
    counter.sale.sell_voucher(own(number, text))
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    counter.sale.complete()


def numbers(counter: Counter) -> list[str]:
    lines = counter.sale.state.priced.lines
    return [line.line.item.voucher.number for line in lines if line.line.item.voucher is not None]


def change_type(counter: Counter, type_id: uuid.UUID, **values: object) -> None:
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == type_id).values(**values))


def give_plu(counter: Counter, plu: str, type_id: uuid.UUID) -> None:
    with counter.database.write() as session:
        claim(session, Plu(plu, PluKind.VOUCHER_TYPE, str(type_id)))


# V20: by tile, by search, by PLU


def test_every_type_that_is_sold_has_a_tile_also_one_whose_number_is_asked(plain: Counter) -> None:
    names = {tile.name for tile in plain.sale.assortment().tiles if tile.kind is ButtonKind.VOUCHER}
    assert "Eigene Nummer" in names
    assert [tile.name for tile in plain.sale.search("eigene")] == ["Eigene Nummer"]
    change_type(plain, OWN_NUMBER, active=False)
    plain.sale.reload_assortment()
    assert "Eigene Nummer" not in {tile.name for tile in plain.sale.assortment().tiles}


def test_a_number_that_counts_up_and_a_fixed_price_go_straight_into_the_basket(plain: Counter) -> None:
    give_plu(plain, "901", VALUE_25)
    assert plain.sale.asks(plain.tile("Gutschein 25")) is None
    plain.sale.add(plain.tile("Gutschein 25"))
    (hit,) = plain.sale.search("gutschein 25")
    plain.sale.add(hit)
    assert plain.sale.scan("901").kind is ScanKind.LINE
    assert plain.sale.state.priced.total == Money(7500)


def test_goods_are_asked_nothing_here(plain: Counter) -> None:
    assert plain.sale.asks(plain.tile("Strauß nach Wunsch")) is None


@pytest.mark.parametrize(
    ("plu", "type_id", "asks"),
    [("902", VALUE_FREE, (False, True)), ("906", OWN_NUMBER, (True, False)), ("904", GIFT, (False, True))],
)
def test_a_typed_plu_asks_what_the_tile_asks(
    plain: Counter, plu: str, type_id: uuid.UUID, asks: tuple[bool, bool]
) -> None:
    give_plu(plain, plu, type_id)
    result = plain.sale.scan(plu)
    tile = next(t for t in plain.sale.assortment().tiles if t.number == plu)
    assert result.kind is ScanKind.ASK
    assert result.ask is not None
    assert result.ask == plain.sale.asks(tile)
    assert (result.ask.asks_number, result.ask.asks_price) == asks
    assert plain.sale.state.priced.lines == ()


def test_a_number_that_is_asked_is_not_left_out(plain: Counter) -> None:
    with pytest.raises(Refused, match="Type or scan the voucher’s number"):
        plain.sale.add(plain.tile("Eigene Nummer"))
    assert plain.sale.state.priced.lines == ()


def test_a_deactivated_type_is_sold_by_no_way(plain: Counter) -> None:
    tile = plain.tile("Eigene Nummer")
    change_type(plain, OWN_NUMBER, active=False)
    for way in (
        lambda: plain.sale.asks(tile),
        lambda: plain.sale.sell_voucher(own("S-1")),
        lambda: plain.sale.add(tile),
        lambda: plain.sale.voucher_worth(OWN_NUMBER, Money(100)),
    ):
        with pytest.raises(Refused, match="no longer sold"):
            way()


def test_several_vouchers_at_once_are_counted(plain: Counter) -> None:
    tile = plain.tile("Eigene Nummer")
    ask = plain.sale.asks(tile, pieces(3))
    assert ask is not None
    assert ask.count == 3
    for quantity in (Quantity(1500), pieces(51), Quantity(0)):
        with pytest.raises(Refused, match="between 1 and 50"):
            plain.sale.asks(tile, quantity)
    plain.sale.sell_voucher(VoucherWish(VALUE_FREE, price=Money(2000), text="Hallo", count=3))
    assert [line.amount for line in plain.sale.state.priced.lines] == [Money(2000)] * 3


def test_nothing_is_asked_while_the_till_is_closed(closed_counter: Counter) -> None:
    tile = closed_counter.tile("Eigene Nummer")
    with pytest.raises(Refused, match="closed"):
        closed_counter.sale.asks(tile)


# V21: the number


def test_a_number_is_kept_as_it_was_typed_without_the_blanks_around_it(plain: Counter) -> None:
    sell_own(plain, "  Spende1003 \t")
    assert plain.voucher("spende1003").standing.voucher.number == "Spende1003"


@pytest.mark.parametrize("again", ["Spende1003", " spende1003 ", "SPENDE1003"])
def test_a_number_in_use_is_refused_at_once_with_the_day_of_its_sale(plain: Counter, again: str) -> None:
    sell_own(plain, "Spende1003")
    for way in (lambda: plain.sale.voucher_number(OWN_NUMBER, again), lambda: plain.sale.sell_voucher(own(again))):
        with pytest.raises(Refused) as refused:
            way()
        assert plain.said(refused.value) == (
            f"Nummer {again.strip()} wurde bereits am 20.11.2026, 12:00 verkauft. Bitte eine andere wählen."
        )
    assert plain.sale.state.priced.lines == ()


def test_another_type_may_have_the_same_number(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    sell_own(plain, number)
    assert len(plain.sale.look_up_voucher(number)) == 2


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Type or scan"),
        ("  \t ", "Type or scan"),
        ("A\x07B", "can’t be printed"),
        ("A\x1bp\x00B", "can’t be printed"),
        ("x" * 500, "too long"),
    ],
)
def test_what_can_be_no_number_is_refused_in_words_and_changes_nothing(plain: Counter, typed: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        plain.sale.voucher_number(OWN_NUMBER, typed)
    with pytest.raises(Refused, match=reason):
        plain.sale.sell_voucher(own(typed))
    assert plain.sale.state.priced.lines == ()


@pytest.mark.parametrize("again", ["S-1", " s-1 "])
def test_two_lines_of_one_basket_never_have_one_number(plain: Counter, again: str) -> None:
    plain.sale.sell_voucher(own("S-1"))
    with pytest.raises(Refused, match="in this basket already"):
        plain.sale.sell_voucher(own(again))
    plain.sale.sell_voucher(own("S-2"))
    with pytest.raises(Refused, match="in this basket already"):
        plain.sale.set_voucher(plain.line(2), again, "")
    plain.sale.set_voucher(plain.line(1), "S-1", "dieselbe")
    assert numbers(plain) == ["S-1", "S-2"]


def test_a_number_that_was_sold_meanwhile_is_refused_when_the_sale_is_booked(plain: Counter) -> None:
    plain.sale.sell_voucher(own("S-1"))
    order = plain.sale.state.priced.basket.order_id
    plain.sale.park()
    sell_own(plain, "s-1")
    plain.sale.recall(order)
    plain.sale.pay_cash(Money(3000))
    before = plain.count("document")
    with pytest.raises(Refused, match="was sold already"):
        plain.sale.complete()
    assert plain.count("document") == before
    plain.sale.set_voucher(plain.line(1), "S-2", "")
    assert plain.sale.complete().vouchers[0].number == "S-2"
    assert plain.problems() == []


def test_a_scan_says_the_number_with_and_without_the_tills_own_prefix(plain: Counter) -> None:
    ask = plain.sale.asks(plain.tile("Eigene Nummer"))
    assert ask is not None
    assert plain.sale.scanned_number(ask, " KARTE-77\r").number == "KARTE-77"
    assert plain.sale.scanned_number(ask, voucher_barcode("906", "karte-77")).number == "KARTE-77"
    assert plain.sale.scanned_number(ask, "4006381333948").doubt is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (voucher_barcode("901", "AG-0001"), "voucher of another type"),
        (receipt_barcode("KASSE-1", 7), "barcode of a receipt"),
        ("$S" + "7" * 30, "staff card"),
        ("A\x07B", "no barcode of the shop"),
    ],
)
def test_other_barcodes_are_no_number(plain: Counter, code: str, reason: str) -> None:
    ask = plain.sale.asks(plain.tile("Eigene Nummer"))
    assert ask is not None
    with pytest.raises(Refused, match=reason):
        plain.sale.scanned_number(ask, code)


def test_the_code_of_an_article_is_in_doubt_and_may_be_the_number_all_the_same(plain: Counter) -> None:
    ask = plain.sale.asks(plain.tile("Eigene Nummer"))
    assert ask is not None
    scanned = plain.sale.scanned_number(ask, CUP)
    assert scanned.number == CUP
    assert scanned.doubt is not None
    assert "Becher" in str(scanned.doubt)
    plain.sale.sell_voucher(own(CUP))
    assert numbers(plain) == [CUP]


# V6 to V10: the price


def test_a_gift_is_given_away_only_on_purpose(plain: Counter) -> None:
    with pytest.raises(Refused, match="Type its price"):
        plain.sale.sell_voucher(VoucherWish(VALUE_FREE))
    plain.sale.sell_voucher(VoucherWish(GIFT, price=ZERO))
    sale = plain.sale.complete()
    assert sale.document.draft.total == ZERO
    standing = plain.voucher(sale.vouchers[0].number).standing
    assert (standing.paid_left, standing.bonus_left) == (ZERO, Money(1500))


def test_a_type_that_must_cost_something_insists_until_it_does(plain: Counter) -> None:
    for wrong in (None, ZERO, Money(-500)):
        with pytest.raises(Refused):
            plain.sale.sell_voucher(VoucherWish(VALUE_FREE, price=wrong))
    with pytest.raises(Refused, match="above 0"):
        plain.sale.voucher_worth(VALUE_FREE, ZERO)
    plain.sale.sell_voucher(VoucherWish(VALUE_FREE, price=Money(3545)))
    assert plain.sale.state.priced.total == Money(3545)


def test_the_worth_follows_the_types_rule(plain: Counter) -> None:
    change_type(plain, VALUE_FREE, face_bonus_bp=1050)
    worth = plain.sale.voucher_worth(VALUE_FREE, Money(3545))
    assert (worth.sale, worth.face) == (Money(3545), Money(3917))


def test_a_fixed_price_is_not_asked_and_not_given_either(plain: Counter) -> None:
    plain.sale.sell_voucher(VoucherWish(OWN_NUMBER, "S-1", price=Money(1)))
    assert plain.sale.state.priced.total == Money(3000)


# V22: the words


def test_the_words_are_printed_and_can_be_changed_on_the_line(counter: Counter) -> None:
    counter.sale.sell_voucher(own("S-1", "  Alles Gute\nzum 30. Geburtstag "))
    counter.sale.set_voucher(counter.line(1), "S-1", "Alles Liebe")
    counter.sale.pay_cash(Money(3000))
    sale = counter.sale.complete()
    assert sale.vouchers[0].text == "Alles Liebe"
    assert "Alles Liebe" in counter.paper(sale.document)
    slip = counter.printer.wait_for_receipts(3)[-1]
    assert "Alles Liebe" in slip.text


def test_words_that_are_too_long_are_refused_and_control_codes_become_blanks(plain: Counter) -> None:
    plain.sale.sell_voucher(own("S-1", LONGEST))
    with pytest.raises(Refused, match="121 characters; at most 120"):
        plain.sale.set_voucher(plain.line(1), "S-1", LONGEST + "x")
    plain.sale.set_voucher(plain.line(1), "S-1", "A\x1b[2J\x00B")
    assert plain.sale.state.priced.lines[0].line.item.voucher is not None
    assert plain.sale.state.priced.lines[0].line.item.voucher.text == "A [2J B"


def test_what_counts_up_keeps_no_typed_number(plain: Counter) -> None:
    plain.sale.add(plain.tile("Gutschein 25"))
    plain.sale.set_voucher(plain.line(1), "SELBST-1", "Für dich")
    plain.sale.pay_cash(Money(2500))
    (voucher,) = plain.sale.complete().vouchers
    assert (voucher.number, voucher.text) == ("AG-0001", "Für dich")


def test_goods_have_no_words_of_a_voucher(plain: Counter) -> None:
    plain.sale.scan(CUP)
    with pytest.raises(Refused, match="is no voucher"):
        plain.sale.set_voucher(plain.line(1), "", "Hallo")


def test_parking_undo_and_a_restart_keep_number_and_words(
    plain: Counter, any_shop_settings: Settings, fast_ports: Ports
) -> None:
    plain.sale.sell_voucher(own("S-1", "Für Oma"))
    kept = plain.sale.state.priced.lines[0].line.item.voucher
    plain.sale.set_voucher(plain.line(1), "S-9", "")
    plain.sale.undo()
    order = plain.sale.state.priced.basket.order_id
    plain.sale.park("Frau Weber")
    plain.sale.recall(order)
    assert plain.sale.state.priced.lines[0].line.item.voucher == kept
    plain.till.close()
    again = open_till(any_shop_settings, fast_ports)
    try:
        (line,) = again.sale.state.priced.lines
        assert line.line.item.voucher == kept
        again.sale.pay_cash(Money(3000))
        assert again.sale.complete().vouchers[0].text == "Für Oma"
    finally:
        again.close()


# V23 and V29: one receipt, discounts


def test_vouchers_and_goods_share_a_receipt_with_any_mix_of_payments(plain: Counter) -> None:
    first = plain.sell_voucher("Gutschein 25")
    plain.sale.scan(CUP)
    plain.sale.sell_voucher(own("S-1"))
    plain.sale.add(plain.tile("Floristik-Kurs"))
    hit = plain.voucher(first)
    assert hit.offered == Money(1200)
    plain.sale.redeem(hit.standing.voucher.id, Money(1000))
    plain.sale.pay_card("card", Money(5000))
    plain.sale.pay_cash(Money(5000))
    sale = plain.sale.complete()
    assert sale.change == Money(1800)
    assert {voucher.type_name for voucher in sale.vouchers} == {"Eigene Nummer", "Floristik-Kurs"}
    assert plain.problems() == []


def test_a_discount_on_everything_skips_vouchers(plain: Counter) -> None:
    plain.sale.scan(CUP)
    plain.sale.sell_voucher(own("S-1"))
    plain.sale.set_discount(PercentOff(1000))
    cup, voucher = plain.sale.state.priced.lines
    assert (cup.amount, voucher.amount) == (Money(1080), Money(3000))
    with pytest.raises(Refused, match="more than"):
        plain.sale.set_discount(AmountOff(Money(1201)))


def test_a_line_discount_lowers_the_paid_part_and_the_rest_is_given(counter: Counter) -> None:
    counter.sale.sell_voucher(own("S-1"))
    counter.sale.set_line_discount(counter.line(1), PercentOff(2000))
    counter.sale.pay_cash(Money(2400))
    sale = counter.sale.complete()
    standing = counter.voucher("S-1").standing
    assert (standing.paid_left, standing.bonus_left) == (Money(2400), Money(600))
    (line,) = sale.document.draft.lines
    assert (line.gv_typ, line.gross, line.tax) == (GvTyp.MEHRZWECK_KAUF, Money(2400), ZERO)
    subject = str(sale.vouchers[0].id)
    with counter.database.read() as session:
        assert balance(session, Account.VOUCHER_MULTI, subject) == Money(-2400)
        assert balance(session, Account.VOUCHER_BONUS, subject) == Money(-600)
    paper = " ".join(counter.paper(sale.document).split())
    assert "Eigene Nummer 24,00 E" in paper
    assert "Wert 30,00 €" in paper
    assert counter.problems() == []


def test_a_reduced_single_purpose_voucher_is_taxed_on_what_it_cost(plain: Counter) -> None:
    plain.sale.add(plain.tile("Floristik-Kurs"))
    plain.sale.set_line_discount(plain.line(1), AmountOff(Money(1000)))
    plain.sale.pay_cash(Money(4000))
    sale = plain.sale.complete()
    (vat,) = sale.document.draft.vat
    assert (vat.gross, vat.tax) == (Money(4000), Money(639))
    subject = str(sale.vouchers[0].id)
    with plain.database.read() as session:
        assert balance(session, Account.VOUCHER_SINGLE, subject) == Money(-4000)
        assert balance(session, Account.VOUCHER_BONUS, subject) == Money(-1000)
    assert plain.problems() == []


@pytest.mark.parametrize(
    ("name", "type_id", "treatment"),
    [("Floristik-Kurs", SINGLE, "multi-purpose"), ("Gutschein 25", VALUE_25, "single-purpose")],
)
def test_a_type_that_is_taxed_otherwise_meanwhile_is_sold_as_it_came_into_the_basket(
    plain: Counter, name: str, type_id: uuid.UUID, treatment: str
) -> None:
    plain.sale.add(plain.tile(name))
    order = plain.sale.state.priced.basket.order_id
    plain.sale.park()
    change_type(plain, type_id, vat_treatment=treatment, vat_key=1 if treatment == "single-purpose" else 5)
    plain.sale.recall(order)
    plain.sale.pay_cash(plain.sale.state.settlement.open)
    (voucher,) = plain.sale.complete().vouchers
    assert voucher.vat_treatment.value != treatment
    assert plain.problems() == []


def test_a_scanned_number_is_kept_where_the_type_counts_up_meanwhile(plain: Counter) -> None:
    plain.sale.sell_voucher(own("KARTE-77"))
    change_type(plain, OWN_NUMBER, numbering="automatic", next_number="EN-0001")
    plain.sale.pay_cash(Money(3000))
    assert plain.sale.complete().vouchers[0].number == "KARTE-77"


def test_a_number_that_is_asked_meanwhile_is_missed_in_words(plain: Counter) -> None:
    plain.sale.add(plain.tile("Gutschein 25"))
    change_type(plain, VALUE_25, numbering="own")
    plain.sale.pay_cash(Money(2500))
    with pytest.raises(Refused, match="Type or scan the voucher’s number"):
        plain.sale.complete()


# V25: a code that names several things


def test_a_code_of_an_article_and_of_a_voucher_is_to_be_picked_from(plain: Counter) -> None:
    sell_own(plain, CUP)
    result = plain.sale.scan(CUP, pieces(2))
    assert result.kind is ScanKind.PICK
    article, voucher = result.choices
    assert plain.sale.state.priced.lines == ()
    assert article.tile is not None
    assert (article.tile.name, article.quantity) == ("Becher", pieces(2))
    assert voucher.voucher is not None
    assert plain.sale.pick(voucher).vouchers == (voucher.voucher,)
    assert plain.sale.pick(article).kind is ScanKind.LINE
    assert plain.sale.state.priced.total == Money(2400)


def test_a_code_of_an_article_and_of_a_type_is_to_be_picked_from(plain: Counter) -> None:
    give_plu(plain, "3", OWN_NUMBER)
    result = plain.sale.scan("3")
    assert [choice.tile.name for choice in result.choices if choice.tile] == ["Becher", "Eigene Nummer"]
    assert plain.sale.pick(result.choices[1]).kind is ScanKind.ASK
    assert plain.sale.pick(result.choices[0]).kind is ScanKind.LINE


def test_a_used_up_voucher_does_not_stand_in_the_way_of_an_article(plain: Counter) -> None:
    sell_own(plain, CUP)
    plain.sale.scan("4012345000016", pieces(4))
    hit = plain.voucher(CUP)
    plain.sale.redeem(hit.standing.voucher.id, Money(3000))
    plain.sale.pay_cash(plain.sale.state.settlement.open)
    plain.sale.complete()
    assert plain.sale.scan(CUP).kind is ScanKind.LINE


def test_foreign_cards_are_found_bare_and_the_tills_own_by_their_prefix(plain: Counter) -> None:
    sell_own(plain, "4006381333948")
    for code in ("4006381333948", voucher_barcode("906", "4006381333948")):
        result = plain.sale.scan(code)
        assert [hit.standing.voucher.number for hit in result.vouchers] == ["4006381333948"]


# Training


def test_in_training_no_voucher_and_no_slip_come_of_it(counter: Counter) -> None:
    counter.till.training.begin()
    counter.sale.sell_voucher(own("S-1", "Hallo"))
    counter.sale.pay_cash(Money(3000))
    sale = counter.sale.complete()
    assert sale.vouchers == ()
    counter.paper(sale.document)
    counter.till.training.end()
    assert counter.till.settle()
    assert counter.count("voucher") == 0
    with counter.database.read() as session:
        kinds = {row[0] for row in session.connection().exec_driver_sql("SELECT kind FROM print_job")}
    assert "voucher-slip" not in kinds
    assert counter.sale.voucher_number(OWN_NUMBER, "S-1") == "S-1"


def test_a_tile_of_a_voucher_says_what_it_costs(plain: Counter) -> None:
    found: Tile = plain.tile("Eigene Nummer")
    assert found.price == Money(3000)
