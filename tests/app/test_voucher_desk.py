"""The office's vouchers: corrected, blocked, replaced, each once however often it is asked for, and proved by the books."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from till.app.watch import Watch
from till.audit import trail
from till.business_case import BonTyp
from till.documents import find
from till.documents.model import DocumentKind, Draft
from till.documents.post import Booking, post
from till.errors import Refused, Unavailable
from till.ledger.account import Account
from till.ledger.balances import balance
from till.ledger.entry import Posting
from till.money import MAX_CENTS, ZERO, Money
from till.sales.returned import ReturnWish
from till.vouchers import listing
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.history import Happening
from till.vouchers.listing import Wanted
from till.vouchers.model import VoucherOrigin, VoucherState
from till.vouchers.old import OldVoucher
from till.vouchers.reissue import Reissue

if TYPE_CHECKING:
    from tests.app.conftest import Counter as App
    from till.app.vouchers import Sheet, VoucherDesk

LOST = "Kundin hat ihn verloren"


@pytest.fixture
def desk(plain: App) -> VoucherDesk:
    """The office's desk of vouchers, on each of both databases."""
    return plain.till.vouchers


def id_of(counter: Any, number: str) -> uuid.UUID:
    """The id of the voucher with this number."""
    (found,) = counter.till.vouchers.scanned(number)
    return found.id  # type: ignore[no-any-return]


def sheet(counter: Any, number: str) -> Sheet:
    """All about the voucher with this number."""
    return counter.till.vouchers.sheet(id_of(counter, number))  # type: ignore[no-any-return]


def worth(counter: Any, number: str) -> tuple[int, int, int]:
    """Paid and bonus part that are left, and what was redeemed, in cents."""
    now = sheet(counter, number)
    return now.standing.paid_left.cents, now.standing.bonus_left.cents, now.redeemed.cents


def redeem(counter: Any, number: str, cents: int) -> None:
    """Pay a rose with it, in part."""
    counter.sale.scan("4006381333931")
    counter.sale.redeem(id_of(counter, number), Money(cents))
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    counter.sale.complete()
    counter.sale.dismiss()


def refusal(counter: Any, act: Callable[[], object]) -> str:
    """Why not, in German."""
    with pytest.raises(Refused) as refused:
        act()
    return counter.said(refused.value)  # type: ignore[no-any-return]


def test_a_correction_takes_value_off_in_the_proportion_of_its_parts(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Aktion 20/30")
    document = desk.reduce(Correction(id_of(plain, number), Money(-1200), "Druckfehler"))
    assert worth(plain, number) == (1200, 600, 1200)
    draft = document.draft
    assert (draft.kind, draft.bon_typ, draft.bon_name) == (
        DocumentKind.VOUCHER_CORRECTION,
        BonTyp.SONSTIGE,
        "Gutscheinkorrektur",
    )
    assert draft.note == f"{number} -12.00: Druckfehler"
    with plain.database.read() as session:
        assert balance(session, Account.VOUCHER_CORRECTION, str(id_of(plain, number))) == Money(-800)
    assert plain.problems() == []


def test_the_vat_of_a_single_purpose_voucher_stays_paid(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Floristik-Kurs")
    with plain.database.read() as session:
        before = balance(session, Account.VAT, "1")
    desk.reduce(Correction(id_of(plain, number), Money(-5000), "kaputt"))
    with plain.database.read() as session:
        assert balance(session, Account.VAT, "1") == before
        assert balance(session, Account.VOUCHER_CORRECTION, str(id_of(plain, number))) == ZERO
    assert sheet(plain, number).standing.state is VoucherState.USED
    assert plain.problems() == []


def test_what_is_added_is_bonus_and_spent_last(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    desk.add_bonus(Correction(id_of(plain, number), Money(500), "Entschuldigung"))
    assert worth(plain, number) == (2500, 500, 0)
    for _ in range(7):
        redeem(plain, number, 350)
    assert worth(plain, number) == (50, 500, 2450)
    redeem(plain, number, 100)
    assert worth(plain, number) == (0, 450, 2550)
    assert plain.problems() == []


@pytest.mark.parametrize(
    ("cents", "reason", "why"),
    [
        (0, "x", "Bitte einen Betrag über 0 eingeben."),
        (500, "x", "Bitte einen Betrag über 0 eingeben."),
        (-2501, "x", "AG-0001: es sind nur noch 25,00 € darauf."),
        (-100, "  ", "Bitte den Grund angeben: Er bleibt in der Historie des Gutscheins."),
        (-100, "x" * 500, "Der Grund darf höchstens 200 Zeichen haben."),
    ],
)
def test_a_senseless_correction_is_refused(counter: App, cents: int, reason: str, why: str) -> None:
    number = counter.sell_voucher("Gutschein 25")
    wish = Correction(id_of(counter, number), Money(cents), reason)
    assert refusal(counter, lambda: counter.till.vouchers.reduce(wish)) == why
    assert worth(counter, number) == (2500, 0, 0)


@pytest.mark.parametrize("cents", [0, -100, MAX_CENTS])
def test_a_senseless_raise_is_refused(counter: App, cents: int) -> None:
    number = counter.sell_voucher("Gutschein 25")
    wish = Correction(id_of(counter, number), Money(cents), "x")
    said = refusal(counter, lambda: counter.till.vouchers.add_bonus(wish))
    expected = (
        "Mehr als 99.999.999,99 € kann ein Gutschein nicht wert sein."
        if cents > 0
        else "Bitte einen Betrag über 0 eingeben."
    )
    assert said == expected


def test_a_reason_of_the_longest_length_is_kept_on_one_line(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    counter.till.vouchers.reduce(Correction(id_of(counter, number), Money(-1), "a\n" + "b" * 198))
    (_sold, line) = sheet(counter, number).history
    assert line.reason == "a " + "b" * 198
    assert counter.problems() == []


def test_nothing_is_corrected_where_nothing_is_left(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    desk = counter.till.vouchers
    desk.reduce(Correction(id_of(counter, number), Money(-2500), "x"))
    closed = sheet(counter, number).closed
    assert closed is not None
    why = "AG-0001: vollständig eingelöst am 20.11.2026, 12:00."
    assert counter.said(closed) == why
    wish = Correction(id_of(counter, number), Money(100), "y")
    assert refusal(counter, lambda: desk.add_bonus(wish)) == why
    assert refusal(counter, lambda: desk.block(Blocking(wish.voucher_id, "y"))) == why
    assert refusal(counter, lambda: desk.reissue(Reissue(wish.voucher_id, "y"))) == why


def test_the_same_correction_again_is_done_once(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    wish = Correction(id_of(plain, number), Money(-1000), "x")
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.reduce(wish)
    assert desk.reduce(wish) == desk.reduce(wish)
    assert worth(plain, number) == (1500, 0, 1000)
    plain.until(lambda: plain.count("signature") == plain.count("document") == 3)
    other = Correction(wish.voucher_id, Money(-500), "x", wish.id)
    with pytest.raises(Refused, match="already with other"):
        desk.reduce(other)
    assert plain.problems() == []


def test_a_correction_is_signed_as_what_it_is(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    document = counter.till.vouchers.reduce(Correction(id_of(counter, number), Money(-1000), "Riss; alt"))
    counter.books()
    with counter.database.read() as session:
        process = session.execute(text("SELECT process_type, process_data FROM signature ORDER BY rowid DESC")).first()
    assert process == ("SonstigerVorgang", "Gutscheinkorrektur AG-0001 -10.00: Riss, alt")
    words = counter.till.receipts.text(document.id)
    assert "Gutschein korrigiert" in words
    assert "AG-0001 -10.00: Riss; alt" in words


def test_nothing_is_corrected_while_the_till_is_closed_or_practises(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    desk, wish = counter.till.vouchers, Correction(id_of(counter, number), Money(-100), "x")
    counter.till.training.begin()
    assert "im Training" in refusal(counter, lambda: desk.reduce(wish))
    assert "im Training" in refusal(counter, lambda: desk.block(Blocking(wish.voucher_id, "x")))
    counter.till.training.end()
    counter.till.cash.close_shift(None)
    assert refusal(counter, lambda: desk.reduce(wish)).startswith("Die Kasse ist geschlossen.")
    desk.block(Blocking(wish.voucher_id, LOST))
    assert sheet(counter, number).is_blocked


def test_what_nobody_knows_is_refused(counter: App) -> None:
    desk, nobody = counter.till.vouchers, uuid.uuid4()
    for act in (
        lambda: desk.sheet(nobody),
        lambda: desk.line(nobody),
        lambda: desk.reduce(Correction(nobody, Money(-1), "x")),
        lambda: desk.block(Blocking(nobody, "x")),
        lambda: desk.reissue(Reissue(nobody, "x")),
    ):
        assert refusal(counter, act) == "Dieser Gutschein ist hier nicht bekannt."


def test_a_blocked_voucher_is_refused_everywhere_with_the_reason(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    desk.block(Blocking(id_of(plain, number), LOST))
    why = "AG-0001: gesperrt seit 20.11.2026, 12:00: Kundin hat ihn verloren."
    hit = plain.voucher(number)
    assert hit.refusal is not None
    assert plain.said(hit.refusal) == why
    plain.sale.scan("4006381333931")
    assert refusal(plain, lambda: plain.sale.redeem(id_of(plain, number), Money(350))) == why
    assert refusal(plain, lambda: desk.block(Blocking(id_of(plain, number), "noch einmal"))) == why
    plain.sale.cancel()
    desk.unblock(Blocking(id_of(plain, number), "wieder da"))
    redeem(plain, number, 350)
    assert worth(plain, number) == (2150, 0, 350)
    assert refusal(plain, lambda: desk.unblock(Blocking(id_of(plain, number), "x"))) == "AG-0001 ist nicht gesperrt."
    assert plain.problems() == []


def test_blocking_stands_in_the_audit_trail_once(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    wish = Blocking(id_of(plain, number), LOST)
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.block(wish)
    desk.block(wish)
    back = Blocking(wish.voucher_id, "gefunden")
    desk.unblock(back)
    desk.unblock(back)
    with plain.database.read() as session:
        rows = trail.entries(session, plain.till.settings.till_id)
    assert [(row.action, row.subject, row.after) for row in rows if row.subject == str(wish.voucher_id)] == [
        (trail.Action.VOUCHER_BLOCKED, str(wish.voucher_id), "AG-0001\nGrund: Kundin hat ihn verloren"),
        (trail.Action.VOUCHER_UNBLOCKED, str(wish.voucher_id), "AG-0001\nGrund: gefunden"),
    ]
    assert plain.problems() == []


def test_blocking_needs_a_reason(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    why = "Bitte den Grund angeben: Er bleibt in der Historie des Gutscheins."
    assert refusal(counter, lambda: counter.till.vouchers.block(Blocking(id_of(counter, number), " \n"))) == why
    assert refusal(counter, lambda: counter.till.vouchers.unblock(Blocking(id_of(counter, number), ""))) == why


def test_a_replacement_has_the_rest_and_the_validity_and_closes_the_old_one(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Aktion 20/30")
    redeem(plain, number, 300)
    desk.block(Blocking(id_of(plain, number), LOST))
    made = desk.reissue(Reissue(id_of(plain, number), LOST))
    old, new = sheet(plain, number), sheet(plain, "AK-0002")
    assert made.voucher == new.voucher
    assert (new.standing.state, new.standing.remaining, new.redeemed) == (VoucherState.ACTIVE, Money(2700), ZERO)
    assert (new.voucher.sale, new.voucher.face, new.voucher.origin) == (
        Money(1800),
        Money(2700),
        VoucherOrigin.REPLACEMENT,
    )
    assert (new.voucher.valid_from, new.voucher.valid_until) == (old.voucher.valid_from, old.voucher.valid_until)
    assert (old.standing.state, old.standing.remaining, old.redeemed) == (VoucherState.REPLACED, ZERO, Money(300))
    assert made.document.draft.kind is DocumentKind.VOUCHER_REPLACEMENT
    assert made.document.draft.total == ZERO
    hit = plain.voucher(number)
    assert hit.refusal is not None
    assert plain.said(hit.refusal) == "AK-0001: am 20.11.2026, 12:00 durch AK-0002 ersetzt. Bitte diesen nehmen."
    redeem(plain, "AK-0002", 350)
    assert plain.problems() == []


def test_a_typed_number_is_taken_unless_it_was_used(plain: App, desk: VoucherDesk) -> None:
    first, second = plain.sell_voucher("Gutschein 25"), plain.sell_voucher("Gutschein 25")
    taken = Reissue(id_of(plain, first), "x", second.lower())
    said = refusal(plain, lambda: desk.reissue(taken))
    assert said.startswith("Nummer ag-0002 wurde bereits am 20.11.2026")
    made = desk.reissue(Reissue(id_of(plain, first), "x", " Karte-77 "))
    assert made.voucher.number == "Karte-77"
    assert plain.sell_voucher("Gutschein 25") == "AG-0003"
    assert plain.problems() == []


def test_the_same_replacement_again_is_done_once(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    wish = Reissue(id_of(plain, number), "x")
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.reissue(wish)
    again = desk.reissue(wish)
    assert (again.voucher.number, again.is_new) == ("AG-0002", False)
    assert plain.count("voucher") == 2
    assert plain.problems() == []


def test_what_was_added_stays_bonus_that_is_spent_last_on_the_new_number(counter: App) -> None:
    number, desk = counter.sell_voucher("Gutschein 25"), counter.till.vouchers
    desk.add_bonus(Correction(id_of(counter, number), Money(500), "Trost"))
    made = desk.reissue(Reissue(id_of(counter, number), "x"))
    assert (made.voucher.sale, made.voucher.face) == (Money(2500), Money(2500))
    redeem(counter, made.voucher.number, 300)
    assert worth(counter, made.voucher.number) == (2200, 500, 300)
    again = desk.reissue(Reissue(made.voucher.id, "y"))
    assert worth(counter, again.voucher.number) == (2200, 500, 0)
    desk.reduce(Correction(again.voucher.id, Money(-2300), "z"))
    last = desk.reissue(Reissue(again.voucher.id, "y"))
    assert (last.voucher.sale, last.voucher.face) == (ZERO, Money(400))
    assert worth(counter, last.voucher.number) == (0, 400, 0)
    assert counter.problems() == []


def test_the_history_tells_all_in_order(plain: App, desk: VoucherDesk) -> None:
    number = plain.sell_voucher("Gutschein 25")
    voucher_id = id_of(plain, number)
    redeem(plain, number, 350)
    desk.reduce(Correction(voucher_id, Money(-150), "Fleck"))
    desk.add_bonus(Correction(voucher_id, Money(200), "Trost"))
    desk.block(Blocking(voucher_id, LOST))
    desk.unblock(Blocking(voucher_id, "gefunden"))
    made = desk.reissue(Reissue(voucher_id, "Karte brach"))
    told = [(line.happening, line.amount.cents, line.rest.cents, line.reason) for line in sheet(plain, number).history]
    moves = [line for line in told if line[0] not in (Happening.BLOCKED, Happening.UNBLOCKED)]
    assert moves == [
        (Happening.SOLD, 2500, 2500, ""),
        (Happening.REDEEMED, -350, 2150, ""),
        (Happening.REDUCED, -150, 2000, "Fleck"),
        (Happening.RAISED, 200, 2200, "Trost"),
        (Happening.REPLACED, -2200, 0, "Karte brach"),
    ]
    assert {line[0] for line in told} >= {Happening.BLOCKED, Happening.UNBLOCKED}
    (line,) = sheet(plain, made.voucher.number).history
    assert (line.happening, line.other, line.amount.cents) == (Happening.MADE_FROM, number, 2200)
    assert {line.user_name for line in sheet(plain, number).history} == {"Marie Klein"}
    with plain.database.read() as session:
        for line in sheet(plain, number).history:
            if line.document_id is not None:
                document = find.document(session, line.document_id)
                assert document is not None
                assert document.number == line.receipt


def test_a_page_holds_a_screenful_however_many_are_looked_through(
    counter: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 2)
    numbers = [counter.sell_voucher("Gutschein 25") for _ in range(5)]
    desk = counter.till.vouchers
    desk.block(Blocking(id_of(counter, numbers[0]), LOST))
    told: list[int] = []
    blocked = Wanted(sheet(counter, numbers[0]).voucher.type_id, state=VoucherState.BLOCKED)
    page = desk.page(blocked, watch=Watch(told.append))
    assert [line.voucher.number for line in page.lines] == [numbers[0]]
    assert (page.after, told) == (None, [2, 4])
    with pytest.raises(Refused, match="It was cancelled"):
        desk.page(blocked, watch=Watch(is_cancelled=lambda: True))


def test_a_scanned_code_names_the_vouchers_of_its_type_or_of_all(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    desk = counter.till.vouchers
    assert [one.number for one in desk.scanned("$V901.AG-0001")] == [number]
    assert [one.number for one in desk.scanned(" ag-0001 ")] == [number]
    with pytest.raises(Refused, match="no voucher with the number"):
        desk.scanned("$V902.AG-0001")


@pytest.mark.parametrize("kind", ["Gutschein 25", "Aktion 20/30", "Floristik-Kurs", "Geschenk"])
def test_value_given_back_after_a_replacement_is_on_the_new_number(counter: App, kind: str) -> None:
    number = counter.sell_voucher(kind)
    face = sheet(counter, number).voucher.face
    counter.sale.scan("4012345000023")
    counter.sale.redeem(id_of(counter, number), Money(1200))
    receipt = counter.sale.complete().document
    counter.sale.dismiss()
    made = counter.till.vouchers.reissue(Reissue(id_of(counter, number), "Karte brach"))
    again = counter.till.vouchers.reissue(Reissue(made.voucher.id, "noch einmal"))
    returns = counter.till.returns
    returns.complete(ReturnWish(returns.begin(receipt.id), receipt.id, is_cancellation=True, reason="falsch"))
    assert counter.problems() == []
    now = sheet(counter, again.voucher.number)
    assert (now.standing.remaining, now.redeemed) == (face, ZERO)
    assert [line.happening for line in now.history] == [Happening.MADE_FROM, Happening.GIVEN_BACK]
    counter.till.vouchers.reduce(Correction(again.voucher.id, Money(-350), "Teil"))
    counter.till.vouchers.reduce(Correction(again.voucher.id, Money(350) - face, "Rest"))
    assert sheet(counter, again.voucher.number).standing.remaining == ZERO
    assert counter.problems() == []


def test_a_sale_that_is_cancelled_closes_the_voucher(counter: App) -> None:
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.sale.pay_cash(Money(2500))
    sold = counter.sale.complete()
    counter.sale.dismiss()
    returns, number = counter.till.returns, sold.vouchers[0].number
    begun = returns.begin(sold.document.id)
    returns.complete(ReturnWish(begun, sold.document.id, is_cancellation=True, reason="falsch"))
    now = sheet(counter, number)
    assert (now.standing.state, now.redeemed) == (VoucherState.CANCELLED, ZERO)
    last = now.history[-1]
    assert (last.happening, last.amount, last.rest) == (Happening.CANCELLED, Money(-2500), ZERO)
    wish = Correction(now.voucher.id, Money(100), "x")
    why = refusal(counter, lambda: counter.till.vouchers.add_bonus(wish))
    assert why.startswith("AG-0001: am 20.11.2026, 12:00 mit dem Verkaufsbeleg")
    assert refusal(counter, lambda: counter.till.vouchers.reissue(Reissue(wish.voucher_id, "x"))) == why


def test_a_corrected_voucher_is_not_cancelled_with_its_receipt(counter: App) -> None:
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.sale.pay_cash(Money(2500))
    sold = counter.sale.complete()
    counter.sale.dismiss()
    counter.till.vouchers.reduce(Correction(sold.vouchers[0].id, Money(-1), "x"))
    returns = counter.till.returns
    with pytest.raises(Refused):
        returns.complete(ReturnWish(returns.begin(sold.document.id), sold.document.id, is_cancellation=True))
    returns.abandon()
    assert counter.problems() == []


@pytest.mark.parametrize("is_gift", [False, True])
def test_an_old_voucher_is_marked_corrected_and_replaced_like_any_other(counter: App, is_gift: bool) -> None:  # noqa: FBT001 - a case
    desk = counter.till.vouchers
    kind = next(one for one in counter.till.voucher_types.types() if one.plu == "901")
    old = counter.till.voucher_files.add_old(OldVoucher(kind, "Alt-7", Money(4000), is_gift, dt.date(2024, 5, 6)))
    (line,) = desk.page(Wanted(kind.id, only_old=True)).lines
    assert (line.is_old, line.state, line.redeemed, line.remaining) == (True, VoucherState.ACTIVE, ZERO, Money(4000))
    assert desk.line(old.id) == line
    assert [one.happening for one in sheet(counter, "Alt-7").history] == [Happening.BROUGHT_IN]
    assert {one.user_name for one in sheet(counter, "Alt-7").history} == {"Marie Klein"}
    desk.reduce(Correction(old.id, Money(-1500), "schon eingelöst"))
    made = desk.reissue(Reissue(old.id, "Karte brach", "Neu-7"))
    assert worth(counter, "Neu-7") == ((0, 2500, 0) if is_gift else (2500, 0, 0))
    assert made.voucher.valid_until == old.valid_until
    assert counter.problems() == []


TAMPERING = {
    "an amount": "UPDATE voucher_event SET amount = -600 WHERE kind = 'corrected'",
    "a reason": "UPDATE voucher_event SET reason = 'nichts' WHERE kind = 'corrected'",
    "a person": "UPDATE voucher_event SET user_name = 'X' WHERE kind = 'replaced'",
    "a correction": "DELETE FROM voucher_event WHERE kind = 'corrected'",
    "a replacement": "DELETE FROM voucher_event WHERE kind = 'replaced'",
    "a block": "DELETE FROM voucher_event WHERE kind = 'blocked'",
    "an unblocking": "DELETE FROM voucher_event WHERE kind = 'unblocked'",
    "why it is blocked": "UPDATE voucher_event SET reason = 'x' WHERE kind = 'blocked'",
    "a new face": "UPDATE voucher SET face = face + 100 WHERE origin = 'replacement'",
    "a new validity": "UPDATE voucher SET valid_until = '2099-12-31' WHERE origin = 'replacement'",
    "what is replaced": "UPDATE voucher SET replaces = NULL WHERE origin = 'replacement'",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_verify_finds_what_was_changed_behind_the_till(counter: App, what: str) -> None:
    desk, number = counter.till.vouchers, counter.sell_voucher("Aktion 20/30")
    voucher_id = id_of(counter, number)
    desk.reduce(Correction(voucher_id, Money(-500), "Fleck"))
    desk.block(Blocking(voucher_id, LOST))
    desk.unblock(Blocking(voucher_id, "gefunden"))
    desk.reissue(Reissue(voucher_id, "Karte brach"))
    assert counter.problems() == []
    with counter.database.write() as session:
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        assert session.execute(text(TAMPERING[what])).rowcount == 1  # type: ignore[attr-defined]
    found = counter.problems()
    assert any(problem.startswith("voucher-") for problem in found), found


def test_a_correction_that_no_event_tells_of_is_found(counter: App) -> None:
    number = counter.sell_voucher("Gutschein 25")
    context = counter.till.workplace.context()
    draft = Draft(uuid.uuid4(), DocumentKind.VOUCHER_CORRECTION, BonTyp.SONSTIGE, context.now, note=f"{number} 1: x")
    voucher = sheet(counter, number).voucher
    with counter.database.write() as session:
        post(session, context, draft, Booking((Posting(Account.CASH, Money(-1), "KASSE-1"), *_off(voucher.id))))
    assert "voucher-corrections: Document 3 of till KASSE-1 names a voucher to which nothing happened." in (
        counter.problems()
    )


def _off(voucher_id: uuid.UUID) -> tuple[Posting, ...]:
    return (Posting(Account.VOUCHER_MULTI, Money(1), str(voucher_id)),)
