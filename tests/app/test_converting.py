"""A voucher that becomes credit of a customer: paid to paid, bonus to goodwill, and the VAT of a single-purpose one back (V45).

The screens for it come with the customers; what they will book is proved here.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from till.app.recording import process_of
from till.business_case import BonTyp, GvTyp, VatKey
from till.db.protect import expected_triggers
from till.documents.model import CREDIT, DocumentKind
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO, Money
from till.sales.conversion_checks import conversions
from till.sales.converting import Conversion, Converted, convert
from till.shifts.figures import Tally
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.history import Happening, history
from till.vouchers.model import Voucher, VoucherState
from till.vouchers.movements import uses

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from tests.conftest import BringIn

ANNA = uuid.UUID(int=4711)
CUP = "4012345000023"


def sold(counter: Counter, name: str, amount: str = "") -> Voucher:
    """One voucher, sold for cash."""
    voucher: Voucher = counter.voucher(counter.sell_voucher(name, amount)).standing.voucher
    return voucher


def make_credit(counter: Counter, wish: Conversion) -> Converted:
    """Book it, as the desk of the customers will."""
    workplace = counter.till.workplace
    booked = workplace.database.run(lambda session: convert(session, workplace.context(), wish, workplace.rates()))
    if booked.document is not None and booked.is_new:
        counter.till._recording.sign(booked.document)
    return booked


def balances(counter: Counter) -> tuple[int, int]:
    """Anna's paid credit and her goodwill, in cents."""
    with counter.till.workplace.database.read() as session:
        found = [balance(session, one, str(ANNA)) for one in (Account.CUSTOMER_CREDIT, Account.GOODWILL)]
    return -found[0].cents, -found[1].cents


def on(counter: Counter, voucher: Voucher) -> tuple[VoucherState, int, int]:
    """Its state, and what is left of both parts in cents."""
    now = counter.voucher(voucher.number).standing
    return now.state, now.paid_left.cents, now.bonus_left.cents


def test_a_multi_purpose_voucher_is_redeemed_for_credit_without_vat(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein 25")
    document = make_credit(plain, Conversion(voucher.id, ANNA, Money(2500))).document
    assert document is not None
    assert (document.draft.kind, document.draft.bon_typ) == (DocumentKind.VOUCHER_CONVERSION, BonTyp.BELEG)
    assert [(line.gv_typ, line.gv_name, line.vat_key, line.gross) for line in document.draft.lines] == [
        (GvTyp.MEHRZWECK_EINLOESUNG, CREDIT, VatKey.NOT_TAXABLE, Money(-2500)),
        (GvTyp.MEHRZWECK_KAUF, CREDIT, VatKey.NOT_TAXABLE, Money(2500)),
    ]
    assert process_of(document)[1] == "Beleg^0.00_0.00_0.00_0.00_0.00^"
    assert balances(plain) == (2500, 0)
    assert on(plain, voucher) == (VoucherState.CONVERTED, 0, 0)
    assert plain.problems() == []


def test_a_single_purpose_voucher_takes_its_vat_back_and_names_its_sale(plain: Counter) -> None:
    voucher = sold(plain, "Floristik-Kurs")
    document = make_credit(plain, Conversion(voucher.id, ANNA, Money(5000))).document
    assert document is not None
    assert [(line.gv_typ, line.vat_key, line.gross, line.tax) for line in document.draft.lines] == [
        (GvTyp.EINZWECK_KAUF, VatKey.GENERAL, Money(-5000), Money(-798)),
        (GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, Money(5000), ZERO),
    ]
    assert process_of(document)[1] == "Beleg^-50.00_0.00_0.00_0.00_50.00^"
    (origin,) = document.draft.references
    assert (origin.number, origin.document_id) == (voucher.issued_number, voucher.document_id)
    assert (balances(plain), on(plain, voucher)) == ((5000, 0), (VoucherState.CONVERTED, 0, 0))
    assert plain.problems() == []


def test_paid_and_bonus_part_never_change_places(plain: Counter) -> None:
    voucher = sold(plain, "Aktion 20/30")
    assert make_credit(plain, Conversion(voucher.id, ANNA, Money(1000))).document is not None
    assert (balances(plain), on(plain, voucher)) == ((667, 333), (VoucherState.ACTIVE, 1333, 667))
    make_credit(plain, Conversion(voucher.id, ANNA, Money(2000)))
    assert (balances(plain), on(plain, voucher)) == ((2000, 1000), (VoucherState.CONVERTED, 0, 0))
    assert plain.problems() == []


def test_a_given_voucher_becomes_goodwill_without_a_receipt(plain: Counter) -> None:
    voucher, before = sold(plain, "Geschenk"), plain.count("document")
    booked = make_credit(plain, Conversion(voucher.id, ANNA, Money(1500)))
    assert (booked.document, booked.is_new, plain.count("document")) == (None, True, before)
    assert (balances(plain), on(plain, voucher)) == ((0, 1500), (VoucherState.CONVERTED, 0, 0))
    assert plain.problems() == []


@pytest.mark.parametrize("name", ["Gutschein 25", "Geschenk"])
def test_the_same_wish_again_books_nothing(plain: Counter, name: str) -> None:
    voucher = sold(plain, name)
    wish = Conversion(voucher.id, ANNA, Money(500))
    first, again = make_credit(plain, wish), make_credit(plain, wish)
    assert (again.is_new, again.document) == (False, first.document)
    assert sum(balances(plain)) == 500
    with pytest.raises(Refused, match="booked already"):
        make_credit(plain, replace(wish, amount=Money(600)))
    assert plain.problems() == []


def test_it_is_refused_as_a_redemption_is(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein 25")
    with pytest.raises(Refused, match=r"only .* is left"):
        make_credit(plain, Conversion(voucher.id, ANNA, Money(2501)))
    with pytest.raises(ValueError, match="above 0"):
        make_credit(plain, Conversion(voucher.id, ANNA, ZERO))
    plain.till.vouchers.block(Blocking(voucher.id, "verloren"))
    with pytest.raises(Refused, match="blocked since"):
        make_credit(plain, Conversion(voucher.id, ANNA, Money(100)))
    with pytest.raises(Refused, match="not known here"):
        make_credit(plain, Conversion(ANNA, ANNA, Money(100)))
    assert balances(plain) == (0, 0)


def test_what_became_credit_is_neither_redeemed_nor_corrected_any_more(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein 25")
    make_credit(plain, Conversion(voucher.id, ANNA, Money(2500)))
    plain.sale.scan(CUP)
    with pytest.raises(Refused, match="made into credit on"):
        plain.sale.redeem(voucher.id, Money(100))
    with pytest.raises(Refused, match="made into credit on"):
        plain.till.vouchers.add_bonus(Correction(voucher.id, Money(100), "Irrtum"))


def test_a_part_that_became_credit_leaves_the_rest_as_it_was(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein 25")
    make_credit(plain, Conversion(voucher.id, ANNA, Money(1300)))
    plain.sale.scan(CUP)
    plain.sale.redeem(voucher.id, Money(1200))
    plain.sale.complete()
    assert on(plain, voucher) == (VoucherState.USED, 0, 0)
    assert plain.problems() == []


@pytest.mark.parametrize("name", ["Aktion 20/30", "Geschenk"])
def test_its_history_tells_it_once(plain: Counter, name: str) -> None:
    voucher = sold(plain, name)
    make_credit(plain, Conversion(voucher.id, ANNA, Money(500)))
    with plain.till.workplace.database.read() as session:
        told, used = history(session, voucher), uses(session, voucher, 5)
    assert [(line.happening, line.amount) for line in told] == [
        (Happening.SOLD, voucher.face),
        (Happening.CONVERTED, Money(-500)),
    ]
    assert [use.amount for use in used] == [Money(-500)]


def test_an_old_voucher_that_was_given_tells_where_it_came_from_and_went(plain: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(plain.till, uuid.UUID(int=101), "ALT-1", sale=ZERO)
    make_credit(plain, Conversion(voucher.id, ANNA, voucher.face))
    with plain.till.workplace.database.read() as session:
        told = [line.happening for line in history(session, voucher)]
    assert told == [Happening.BROUGHT_IN, Happening.CONVERTED]
    assert plain.problems() == []


def test_x_counts_it_as_redeemed_and_not_as_a_voucher_sold(plain: Counter) -> None:
    voucher = sold(plain, "Gutschein 25")
    make_credit(plain, Conversion(voucher.id, ANNA, Money(2500)))
    z = plain.till.cash.close_shift(None)
    assert z.sums.vouchers_sold == z.sums.vouchers_redeemed == Tally(1, Money(2500))


def test_nothing_comes_back_of_its_receipt(plain: Counter) -> None:
    document = make_credit(plain, Conversion(sold(plain, "Gutschein 25").id, ANNA, Money(2500))).document
    assert document is not None
    with pytest.raises(Refused, match="nothing was sold with it"):
        plain.till.returns.begin(document.id)


CHANGES = {
    "another customer": "UPDATE ledger_posting SET subject = 'x' WHERE account = 'customer-credit'",
    "bonus as paid credit": "UPDATE ledger_posting SET account = 'customer-credit' WHERE account = 'goodwill'",
    "another amount": "UPDATE voucher_event SET amount = amount - 1",
    "no event": "DELETE FROM voucher_event",
    "another till": "UPDATE voucher_event SET till_id = 'KASSE-9'",
    "no document": "UPDATE voucher_event SET document_id = NULL",
    "no entry": "UPDATE ledger_entry SET document_id = NULL, reason = ''",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_conversion_is_found(counter: Counter, change: str) -> None:
    make_credit(counter, Conversion(sold(counter, "Aktion 20/30").id, ANNA, Money(1000)))
    assert _found(counter) == []
    with counter.database.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for trigger in expected_triggers("sqlite"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}"))
        session.execute(text(CHANGES[change]))
    assert _found(counter)


def _found(counter: Counter) -> list[str]:
    with counter.database.read() as session:
        return [str(finding) for finding in conversions(session, lambda _done, _whole: None)]
