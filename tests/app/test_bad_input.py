"""Whatever is scanned or typed: a plain sentence in German and English, the basket as it was, nothing half booked."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from till.app.bootstrap import Ports, open_till
from till.clock import FixedClock
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import MAX_CENTS, Money
from till.quantity import Quantity, pieces
from till.sales.basket import AmountOff, PercentOff
from till.shop.models import TenderRow

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE = "4006381333931"

Deed = Callable[["Counter"], object]


def voucher_id(counter: Counter, number: str) -> uuid.UUID:
    return counter.voucher(number).standing.voucher.id


def too_much_for_a_line(counter: Counter) -> None:
    counter.sale.set_price(counter.line(1), Money(MAX_CENTS + 1))


DEEDS: dict[str, dict[str, tuple[Deed, str, str]]] = {
    "codes": {
        "unknown code": (
            lambda c: c.sale.scan("4012345678901"),
            "Unbekannter Code 4012345678901",
            "Unknown code 4012345678901",
        ),
        "wrong check digit": (lambda c: c.sale.scan("4006381333932"), "Prüfziffer", "check digit is wrong"),
        "empty code": (lambda c: c.sale.scan("  "), "leeren Code", "empty code"),
        "10,000 characters": (lambda c: c.sale.scan("4" * 10_000), "zu lang", "too long"),
        "control characters": (lambda c: c.sale.scan("40\x1b@63\x00"), "Zeichen", "characters"),
        "a lone surrogate": (lambda c: c.sale.scan("\ud83d"), "Zeichen", "characters"),
        "emoji": (lambda c: c.sale.scan("🌹🌹🌹"), "🌹🌹🌹", "🌹🌹🌹"),
        "SQL": (lambda c: c.sale.scan("'; DROP TABLE document; --"), "DROP TABLE", "DROP TABLE"),
        "an unknown voucher": (lambda c: c.sale.scan("$V901.AG-9999"), "AG-9999", "AG-9999"),
        "a receipt that is none": (lambda c: c.sale.scan("$RKASSE-1.77"), "Nr. 77", "number 77"),
        "a receipt beyond all counters": (lambda c: c.sale.scan(f"$RKASSE-1.{'9' * 60}"), "Beleg", "receipt"),
        "a receipt number typed": (lambda c: c.till.receipts.find(2**70), "Beleg", "receipt"),
        "a customer card": (lambda c: c.sale.scan("$C1234"), "Kundenkarte", "customer card"),
    },
    "tiles and vouchers to sell": {
        "a tile that is gone": (lambda c: c.sale.add(replace(c.tile("Rose"), id=str(uuid.uuid4()))), "Artikel", "article"),
        "no price": (lambda c: c.sale.add(c.tile("Strauß nach Wunsch")), "Was kostet", "What does"),
        "a voucher of 0": (lambda c: c.sale.add(c.tile("Gutschein frei"), price=Money(0)), "", ""),
        "a voucher of -5": (lambda c: c.sale.add(c.tile("Gutschein frei"), price=Money(-500)), "", ""),
        "a voucher of millions": (lambda c: c.sale.add(c.tile("Gutschein frei"), price=Money(10**12)), "", ""),
        "51 vouchers at once": (lambda c: c.sale.add(c.tile("Gutschein 25"), pieces(51)), "50", "50"),
    },
    "quantities": {
        "quantity 0": (lambda c: c.sale.set_quantity(c.line(1), Quantity(0)), "0", "can’t be 0"),
        "quantity -1": (lambda c: c.sale.set_quantity(c.line(1), Quantity(-1000)), "0", "below 0"),
        "quantity 1e9": (lambda c: c.sale.set_quantity(c.line(1), Quantity(10**12)), "zu", "too large"),
        "scan 0 of it": (lambda c: c.sale.scan(ROSE, Quantity(0)), "0", "0"),
        "scan -5 of it": (lambda c: c.sale.scan(ROSE, Quantity(-5000)), "0", "0"),
        "scan 1e9 of it": (lambda c: c.sale.scan(ROSE, Quantity(10**12)), "zu", "too large"),
        "1.5 of a piece": (lambda c: c.sale.set_quantity(c.line(1), Quantity(1500)), "Rose", "by the piece"),
    },
    "prices and discounts": {
        "a price below 0": (lambda c: c.sale.set_price(c.line(1), Money(-1)), "Preis", "price"),
        "a price beyond the exports": (too_much_for_a_line, "zu viel", "too much"),
        "101 %": (lambda c: c.sale.set_line_discount(c.line(1), PercentOff(10_100)), "100 %", "100 %"),
        "0 %": (lambda c: c.sale.set_discount(PercentOff(0)), "100 %", "100 %"),
        "-5 %": (lambda c: c.sale.set_discount(PercentOff(-500)), "100 %", "100 %"),
        "more off than it costs": (lambda c: c.sale.set_line_discount(c.line(1), AmountOff(Money(351))), "3,51", "3.51"),
        "more off than all": (lambda c: c.sale.set_discount(AmountOff(Money(99_999))), "999,99", "999.99"),
        "an endless note": (lambda c: c.sale.set_note(c.line(1), "x" * 10_000), "80", "80"),
        "a line that is gone": (lambda c: c.sale.remove(99), "Position", "line"),
    },
    "payments": {
        "cash of 0": (lambda c: c.sale.pay_cash(Money(0)), "0", "above 0"),
        "cash below 0": (lambda c: c.sale.pay_cash(Money(-100)), "0", "above 0"),
        "a billion in cash": (lambda c: c.sale.pay_cash(Money(10**14)), "zu", "too large"),
        "more by card than is open": (lambda c: c.sale.pay_card("card", Money(351)), "3,50", "3.50"),
        "cash as a card": (lambda c: c.sale.pay_card("cash", Money(350)), "", "not offered"),
        "a voucher as a card": (lambda c: c.sale.pay_card("voucher", Money(350)), "", "not offered"),
        "a tender that is none": (lambda c: c.sale.pay_card("bitcoin", Money(350)), "", "not offered"),
        "a voucher that is none": (lambda c: c.sale.redeem(uuid.uuid4(), Money(100)), "Gutschein", "voucher"),
        "complete what is not paid": (lambda c: c.sale.complete(), "3,50", "3.50"),
        "close with an open sale": (lambda c: c.till.cash.close_shift(Money(0)), "offen", "still open"),
        "open twice": (lambda c: c.till.cash.open_shift(Money(0)), "", "open already"),
        "a second till's float": (lambda c: c.till.cash.open_shift(Money(-1)), "", ""),
    },
}  # fmt: skip


@pytest.mark.parametrize("theme", DEEDS)
def test_bad_input_is_refused_in_words_and_changes_nothing(plain: Counter, theme: str) -> None:
    plain.sale.scan(ROSE)
    before, booked = plain.sale.state, plain.books()
    for name, (deed, german, english) in DEEDS[theme].items():
        refused = refusal(plain, deed, name)
        assert plain.sale.state == before, name
        in_german, in_english = (Formats(Translator(language)).sentence(refused) for language in ("de", "en"))
        assert in_german != in_english, name
        assert german in in_german, name
        assert english in in_english, name
        assert len(in_german) < 300, name
        assert "{" not in in_german + in_english, name
    assert plain.books() == booked
    plain.sale.pay_cash(Money(350))
    assert plain.sale.complete().document.draft.total == Money(350)


def refusal(counter: Counter, deed: Deed, name: str) -> Refused:
    """What the till says to it; only a rule's no will do."""
    try:
        deed(counter)
    except Refused as refused:
        return refused
    pytest.fail(f"{name} was not refused")


EMPTY: dict[str, Deed] = {
    "complete": lambda c: c.sale.complete(),
    "undo": lambda c: c.sale.undo(),
    "cash": lambda c: c.sale.pay_cash(Money(100)),
    "card": lambda c: c.sale.pay_card("card", Money(100)),
    "discount": lambda c: c.sale.set_discount(PercentOff(1000)),
    "remove": lambda c: c.sale.remove(1),
}


def test_an_empty_basket_can_not_be_paid_or_changed(plain: Counter) -> None:
    booked = plain.books()
    for deed in EMPTY.values():
        with pytest.raises(Refused):
            deed(plain)
    assert plain.sale.state.priced.basket.is_empty
    assert not plain.sale.state.can_undo
    assert plain.books() == booked


def test_cancelling_nothing_books_nothing(plain: Counter) -> None:
    booked = plain.books()
    plain.sale.cancel()
    assert plain.books() == booked


def test_a_finished_sale_completed_again_is_the_same_sale(plain: Counter) -> None:
    sale = plain.sell(ROSE)
    booked = plain.books()
    assert plain.sale.complete() is sale
    assert plain.books() == booked


def test_a_sale_emptied_line_by_line_ends_as_aborted_and_does_not_hold_up_the_z(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.remove(plain.line(1))
    assert plain.count("document") == 1
    plain.till.cash.close_shift(Money(10000))
    assert [plain.till.receipts.find(number).draft.kind.value for number in (2, 3)] == ["aborted", "closing"]
    assert plain.problems() == []


def test_while_the_till_is_closed_nothing_is_sold(plain: Counter) -> None:
    plain.till.cash.close_shift(None)
    booked = plain.books()
    for deed in (
        lambda: plain.sale.scan(ROSE),
        lambda: plain.sale.add(plain.tile("Rose")),
        plain.till.cash.open_drawer,
    ):
        with pytest.raises(Refused, match="closed"):
            deed()
    with pytest.raises(Refused, match="closed"):
        plain.till.cash.close_shift(None)
    assert plain.books() == booked


# Vouchers


def test_a_voucher_gives_what_it_holds_once_even_twice_in_one_payment(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan("4012345000023", pieces(3))
    plain.sale.redeem(voucher_id(plain, number), Money(2000))
    hit = plain.voucher(number)
    assert hit.offered == Money(500)
    with pytest.raises(Refused, match="at most"):
        plain.sale.redeem(hit.standing.voucher.id, Money(501))
    plain.sale.redeem(hit.standing.voucher.id, Money(500))
    with pytest.raises(Refused, match="in this payment already"):
        plain.sale.redeem(hit.standing.voucher.id, Money(1))
    plain.sale.pay_cash(Money(1100))
    plain.sale.complete()
    assert plain.voucher(number).refusal is not None
    assert plain.problems() == []


def test_a_used_voucher_says_since_when(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan("4012345000023", pieces(3))
    plain.sale.redeem(voucher_id(plain, number), Money(2500))
    plain.sale.pay_cash(Money(1100))
    plain.sale.complete()
    plain.sale.scan(ROSE)
    before = plain.sale.state
    with pytest.raises(Refused) as refused:
        plain.sale.redeem(voucher_id(plain, number), Money(100))
    assert plain.said(refused.value) == "AG-0001: vollständig eingelöst am 20.11.2026, 12:00."
    assert plain.sale.state == before


def test_a_voucher_pays_no_voucher(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.add(plain.tile("Gutschein 25"))
    assert plain.voucher(number).offered == Money(0)
    with pytest.raises(Refused):
        plain.sale.redeem(voucher_id(plain, number), Money(2500))


def test_an_expired_voucher_is_refused_with_its_last_day(plain: Counter, clock: FixedClock) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.till.cash.close_shift(None)
    clock.set(dt.datetime(2037, 1, 1, 9, tzinfo=dt.UTC))
    plain.till.cash.open_shift(Money(0))
    plain.sale.scan(ROSE)
    with pytest.raises(Refused) as refused:
        plain.sale.redeem(voucher_id(plain, number), Money(100))
    assert plain.said(refused.value) == "AG-0001: abgelaufen, war gültig bis 31.12.2036."


def test_what_a_voucher_lost_at_the_other_till_is_said_at_completion_and_the_basket_stays(
    plain: Counter, fast_ports: Ports
) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan("4012345000023", pieces(2))
    plain.sale.redeem(voucher_id(plain, number), Money(2400))
    with contextlib.closing(open_till(replace(plain.till.settings, till_id="KASSE-2"), fast_ports)) as other:
        other.cash.open_shift(Money(0))
        next_door = type(plain)(other)
        other.sale.scan("4012345000023", pieces(2))
        other.sale.redeem(voucher_id(next_door, number), Money(2000))
        other.sale.pay_cash(Money(400))
        other.sale.complete()
    before, booked = plain.sale.state, plain.books()
    with pytest.raises(Refused) as refused:
        plain.sale.complete()
    assert plain.sale.state == before
    assert plain.books() == booked
    assert "Kasse KASSE-2" in plain.said(refused.value)
    plain.sale.take_back(1)
    plain.sale.pay_cash(Money(2400))
    plain.sale.complete()
    assert plain.problems() == []


# Texts from outside


def test_a_note_from_anywhere_is_printed_without_control_codes(counter: Counter) -> None:
    counter.sale.scan(ROSE)
    counter.sale.set_note(counter.line(1), "für\x1b@\x00\nOma 🌹 \x1dV0")
    counter.sale.pay_cash(Money(350))
    sale = counter.sale.complete()
    paper = counter.paper(sale.document)
    assert "für" in paper
    assert "Summe" in paper
    assert counter.printer.unknown == []
    assert counter.problems() == []


def test_any_text_may_be_searched_for(plain: Counter) -> None:
    assert [tile.name for tile in plain.sale.search("ROSE")] == ["Rose"]
    assert [tile.name for tile in plain.sale.search("gutschein 25")] == ["Gutschein 25"]
    assert [tile.name for tile in plain.sale.search("905")] == ["Floristik-Kurs"]
    for nothing in ("", "  ", "%", "_", "\x00", "🌹", "x" * 10_000, "' OR 1=1"):
        assert plain.sale.search(nothing) == ()


def test_a_tender_that_was_switched_off_is_not_offered(plain: Counter) -> None:
    with plain.database.write() as session:
        session.execute(update(TenderRow).where(TenderRow.id == "card").values(is_active=False))
    plain.till.cash.close_shift(None)
    plain.till.cash.open_shift(Money(0))
    plain.sale.scan(ROSE)
    with pytest.raises(Refused, match="not offered"):
        plain.sale.pay_card("card", Money(350))
    assert [key.id for key in plain.sale.tenders()] == ["cash", "voucher"]
