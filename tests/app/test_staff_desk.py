"""Signing in, changing places, locking and approving at a till; what another till changes; what survives a restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from till.app.attendance import APPROVAL_S, REREAD_S, Locked
from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.audit import trail
from till.clock import FixedClock
from till.documents.models import DocumentRow
from till.errors import Refused
from till.money import Money
from till.sales.basket import PercentOff
from till.settings import Settings
from till.staff.permission import Need, NotAllowed, Permission
from till.staff.pin import Argon2
from till.staff.roles import CASHIER, MANAGER, SHIFT_LEAD
from till.staff.users import OwnRights, User

ROSE = "4006381333931"
MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}
DRAWER = Need(Permission.OPEN_DRAWER)


class KilledError(Exception):
    """Stands for the end of the process."""


@dataclass
class Counted:
    """Cheap argon2 that counts how often a PIN was really compared, and on which thread."""

    cheap: Argon2 = field(default_factory=lambda: Argon2(1, 8, 1))
    compared: int = 0
    threads: set[str] = field(default_factory=set)
    dies: bool = False
    goes_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.goes_on.set()

    def hash(self, pin: str) -> str:
        self.threads.add(threading.current_thread().name)
        return self.cheap.hash(pin)

    def verify(self, stored: str, pin: str) -> bool:
        self.compared += 1
        self.goes_on.wait(10)
        if self.dies:
            raise KilledError
        self.threads.add(threading.current_thread().name)
        return self.cheap.verify(stored, pin)

    def is_outdated(self, stored: str) -> bool:
        return self.cheap.is_outdated(stored)


@pytest.fixture
def pins() -> Counted:
    """The port that hashes PINs."""
    return Counted()


@pytest.fixture
def ports(fast_ports: Ports, pins: Counted) -> Ports:
    """The fixed clock, quick threads, cheap PINs."""
    return replace(fast_ports, pins=pins)


Opener = Callable[..., Till]


@pytest.fixture
def opened(any_shop_settings: Settings, ports: Ports) -> Iterator[Opener]:
    """Opens tills of one shop, on each of both databases: `opened()`, `opened(till_id="KASSE-2")`."""
    tills: list[Till] = []

    def make(**changes: object) -> Till:
        till = open_till(replace(any_shop_settings, **changes), ports)  # type: ignore[arg-type]
        tills.append(till)
        return till

    yield make
    for till in tills:
        till.close()


@pytest.fixture
def shop(opened: Opener) -> Till:
    """An open till with a manager and two cashiers who have PINs; the manager is signed in."""
    till = opened()
    till.cash.open_shift(Money(10000))
    till.staff.set_pin(MARIE, PINS[MARIE]).result()
    till.staff.hire(User("", "Jan Alt", "JA"), PINS[JAN]).result()
    till.staff.hire(User("", "Ida Neu", "IN"), PINS[IDA]).result()
    return till


def sign_in(till: Till, user_id: str) -> User:
    """Sign in with the right PIN."""
    return till.staff.sign_in(user_id, PINS[user_id]).result()


def is_locked(till: Till) -> bool:
    """Whether somebody has to sign in first."""
    return till.staff.is_locked


def refusal(deed: Callable[[], object]) -> Refused:
    """What is said to it."""
    with pytest.raises(Refused) as refused:
        deed()
    return refused.value


def sold(till: Till) -> str:
    """Sell a rose; the name in the document."""
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    return till.sale.complete().document.user_name


def noted(till: Till, action: trail.Action) -> list[trail.AuditEntry]:
    """What stands in the audit trail of this till."""
    assert till.settle()
    with till.workplace.database.read() as session:
        return trail.entries(session, till.settings.till_id, action)


# Coming and going


def test_who_works_alone_without_a_pin_needs_no_signing_in(opened: Opener) -> None:
    till = opened(lock_after_s=1)
    assert not till.staff.is_locked
    till.staff.lock()
    assert not till.staff.is_locked
    assert till.staff.current is not None
    assert till.staff.may(Permission.STAFF)
    till.cash.open_shift(Money(0))
    assert sold(till) == "Marie Klein"


def test_a_pin_makes_the_next_start_ask_for_it(opened: Opener) -> None:
    till = opened()
    till.staff.set_pin(MARIE, PINS[MARIE]).result()
    assert not till.staff.is_locked, "who is at work stays at work"
    till.close()
    again = opened()
    assert again.staff.is_locked
    assert again.staff.current is None
    assert not again.staff.may(Permission.SELL)
    with pytest.raises(Locked, match="sign in"):
        again.cash.open_shift(Money(0))
    assert sign_in(again, MARIE).name == "Marie Klein"
    again.cash.open_shift(Money(0))


def test_every_booking_names_who_is_signed_in(shop: Till) -> None:
    assert sold(shop) == "Marie Klein"
    sign_in(shop, JAN)
    assert (sold(shop), shop.cashier_name, shop.cashier_short) == ("Jan Alt", "Jan Alt", "JA")
    shop.sale.scan(ROSE)
    sign_in(shop, IDA)
    shop.sale.pay_cash(Money(350))
    assert shop.sale.complete().document.user_name == "Ida Neu", "who takes the money is the BEDIENER"
    assert shop.settle()
    with shop.workplace.database.read() as session:
        names = session.execute(select(DocumentRow.user_id, DocumentRow.user_name).order_by(DocumentRow.number)).all()
    assert [tuple(row) for row in names][-3:] == [("1", "Marie Klein"), ("2", "Jan Alt"), ("3", "Ida Neu")]
    assert verify(shop.workplace.database) == []


def test_a_wrong_pin_signs_nobody_in_and_leaves_who_is_there(shop: Till) -> None:
    said = refusal(lambda: shop.staff.sign_in(JAN, "9999").result())
    assert str(said) == "This is not the PIN of Jan Alt."
    assert shop.cashier_name == "Marie Klein"
    (row,) = noted(shop, trail.Action.PIN_WRONG)
    assert (row.user_name, row.subject, row.after) == ("Jan Alt", "user 2", "1")


def test_pins_are_hashed_away_from_the_counter(shop: Till, pins: Counted) -> None:
    sign_in(shop, JAN)
    assert threading.current_thread().name not in pins.threads
    assert all(name.startswith("staff") for name in pins.threads)


def test_what_is_no_pin_is_not_even_counted(shop: Till, pins: Counted) -> None:
    for typed in ("", "12", "123456789", "abcd", "१५०८"):
        assert "4 to 8 digits" in str(refusal(lambda typed=typed: shop.staff.sign_in(JAN, typed).result()))  # type: ignore[misc]
    assert pins.compared == 0
    assert not noted(shop, trail.Action.PIN_WRONG)


def test_a_thousand_pins_in_a_row_are_three_and_the_right_one_among_them_does_not_help(
    shop: Till, pins: Counted
) -> None:
    for number in range(1000):
        refusal(lambda number=number: shop.staff.sign_in(JAN, f"{number + 1000:04d}").result())  # type: ignore[misc]
    assert pins.compared == 3
    assert shop.cashier_name == "Marie Klein"
    assert len(noted(shop, trail.Action.PIN_WRONG)) == 3


def test_a_delay_goes_on_after_a_restart_and_at_the_other_till(
    shop: Till, opened: Opener, clock: FixedClock, pins: Counted
) -> None:
    for _ in range(4):
        refusal(lambda: shop.staff.sign_in(JAN, "9999").result())
        clock.advance(10)
    shop.close()
    again, other = opened(), opened(till_id="KASSE-2")
    for till in (again, other):
        assert "Too many wrong PINs for Jan Alt" in str(refusal(lambda till=till: sign_in(till, JAN)))  # type: ignore[misc]
    compared = pins.compared
    clock.advance(20)
    assert sign_in(other, JAN).id == JAN
    assert pins.compared == compared + 1


def test_a_program_that_dies_while_it_compares_has_counted_the_try(shop: Till, pins: Counted) -> None:
    pins.dies = True
    for _ in range(3):
        with pytest.raises(KilledError):
            shop.staff.sign_in(JAN, "9999").result()
    assert "Too many wrong PINs" in str(refusal(lambda: sign_in(shop, JAN)))


def test_a_hash_of_old_parameters_is_made_anew_at_the_next_right_pin(shop: Till, pins: Counted) -> None:
    pins.cheap = Argon2(2, 8, 1)
    sign_in(shop, JAN)
    sign_in(shop, JAN)
    assert not pins.is_outdated(_stored_hash(shop, JAN))


def _stored_hash(till: Till, user_id: str) -> str:
    from till.staff.models import CredentialRow

    with till.workplace.database.read() as session:
        return str(session.execute(select(CredentialRow.pin_hash).where(CredentialRow.user_id == user_id)).scalar_one())


def test_no_pin_reaches_the_disk(make_till: Callable[..., Till], ports: Ports) -> None:
    till = make_till(ports=ports)
    till.staff.set_pin(MARIE, "73915264").result()
    till.staff.hire(User("", "Jan Alt", "JA"), "82640519").result()
    refusal(lambda: till.staff.sign_in(JAN, "91736428").result())
    code = till.staff.new_card(JAN)
    assert till.settle()
    folder = till.settings.data_dir
    till.close()
    found = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"argon2id" in found, "the hash is there"
    for secret in ("73915264", "82640519", "91736428", code, code[2:]):
        assert secret.encode() not in found


def test_a_card_signs_in(shop: Till) -> None:
    code = shop.staff.new_card(JAN)
    assert shop.staff.sign_in_by_card(code).result().name == "Jan Alt"
    sign_in(shop, MARIE)
    shop.staff.take_card(JAN)
    assert "not known here" in str(refusal(lambda: shop.staff.sign_in_by_card(code).result()))
    assert shop.cashier_name == "Marie Klein"


# Changing places in one tap


def test_cashiers_who_have_proved_themselves_change_places_in_one_tap(shop: Till) -> None:
    assert "signs in with PIN or card" in str(refusal(lambda: shop.staff.switch_to(JAN)))
    sign_in(shop, JAN)
    sign_in(shop, IDA)
    assert shop.staff.switch_to(JAN).name == "Jan Alt"
    assert sold(shop) == "Jan Alt"
    assert shop.staff.switch_to(IDA).name == "Ida Neu"
    taps = {name.person.user.id: name.needs_proof for name in shop.staff.names()}
    assert taps == {MARIE: True, JAN: False, IDA: False}


def test_nobody_becomes_a_manager_by_a_tap(shop: Till) -> None:
    sign_in(shop, MARIE)
    sign_in(shop, JAN)
    assert "Marie Klein signs in" in str(refusal(lambda: shop.staff.switch_to(MARIE)))
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    assert shop.staff.switch_to(JAN).id == JAN, "downwards a tap is enough"


def test_after_locking_everybody_proves_themselves_again(shop: Till) -> None:
    sign_in(shop, JAN)
    shop.staff.lock()
    for user_id in (JAN, IDA):
        assert "signs in with" in str(refusal(lambda user_id=user_id: shop.staff.switch_to(user_id)))  # type: ignore[misc]
    assert shop.staff.is_locked


def test_who_has_neither_pin_nor_card_signs_in_with_a_tap(shop: Till) -> None:
    eva = shop.staff.hire(User("", "Eva Frei", "EF")).result()
    shop.staff.lock()
    assert shop.staff.switch_to(eva.id) == eva
    assert sold(shop) == "Eva Frei"
    assert "nobody with the number 77" in str(refusal(lambda: shop.staff.switch_to("77")))


def test_a_new_pin_ends_the_changing_by_tap(shop: Till) -> None:
    sign_in(shop, JAN)
    sign_in(shop, MARIE)
    shop.staff.set_pin(JAN, "7410").result()
    assert "signs in with" in str(refusal(lambda: shop.staff.switch_to(JAN)))


# Locking by itself


def test_the_till_locks_after_a_while_without_a_touch_and_keeps_the_basket(shop: Till, clock: FixedClock) -> None:
    told: list[bool] = []
    shop.staff.listen(lambda: told.append(shop.staff.is_locked))
    shop.sale.scan(ROSE)
    clock.advance(299)
    shop.sale.scan(ROSE)
    clock.advance(299)
    assert not is_locked(shop)
    shop.staff.note_activity()
    clock.advance(299)
    assert not is_locked(shop)
    clock.advance(1)
    assert is_locked(shop)
    assert told == [True]
    with pytest.raises(Locked):
        shop.sale.scan(ROSE)
    shop.staff.note_activity()
    assert is_locked(shop), "a touch is no signing in"
    sign_in(shop, JAN)
    shop.sale.pay_cash(Money(700))
    assert shop.sale.complete().document.draft.total == Money(700)


def test_a_clock_put_back_keeps_the_till_open_for_one_more_time_only(shop: Till, clock: FixedClock) -> None:
    clock.advance(-86_400)
    assert not is_locked(shop)
    clock.advance(300)
    assert is_locked(shop)


def test_a_till_that_is_told_not_to_lock_does_not(shop: Till, opened: Opener, clock: FixedClock) -> None:
    other = opened(till_id="KASSE-2", lock_after_s=0)
    sign_in(other, JAN)
    clock.advance(86_400)
    assert is_locked(shop)
    assert not other.staff.is_locked


# Rights that change


def test_a_changed_role_counts_at_once_while_one_is_signed_in(shop: Till) -> None:
    sign_in(shop, JAN)
    with pytest.raises(NotAllowed, match="Jan Alt may not do this"):
        shop.cash.open_drawer()
    sign_in(shop, MARIE)
    shop.staff.change_user(User(JAN, "Jan Alt", "JA", role_id=SHIFT_LEAD))
    sign_in(shop, JAN)
    shop.cash.open_drawer()
    assert not shop.staff.may(Permission.STAFF)


def test_what_another_till_changes_is_seen_within_seconds(shop: Till, opened: Opener, clock: FixedClock) -> None:
    other = opened(till_id="KASSE-2")
    other_told: list[str] = []
    sign_in(other, JAN)
    other.staff.listen(lambda: other_told.append(other.cashier_name))
    other.cash.open_shift(Money(0))
    shop.staff.change_rights(JAN, OwnRights(frozenset({Permission.OPEN_DRAWER}), frozenset({Permission.REMOVE})))
    clock.advance(REREAD_S)
    other.cash.open_drawer()
    assert other_told == ["Jan Alt"]
    other.sale.scan(ROSE)
    with pytest.raises(NotAllowed):
        other.sale.cancel()
    shop.staff.change_user(User(JAN, "Jan Alt", "JA", is_active=False))
    clock.advance(REREAD_S)
    with pytest.raises(Locked):
        other.sale.scan(ROSE)
    assert other.sale.state.priced.total == Money(350), "the basket waits for somebody else"
    sign_in(other, IDA)
    other.sale.cancel()


def test_rights_are_asked_in_memory_but_for_a_look_every_few_seconds(
    shop: Till, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(shop, JAN)
    shop.workplace.attendance.reread()
    database = shop.workplace.database
    reads: list[str] = []
    right = database.read

    def read() -> AbstractContextManager[Session]:
        reads.append("read")
        return right()

    monkeypatch.setattr(database, "read", read)
    for _ in range(100):
        shop.staff.may(Permission.SELL)
        with shop.workplace.attendance.allowing(Need(Permission.SELL)):
            pass
    assert reads == []
    clock.advance(REREAD_S)
    with shop.workplace.attendance.allowing(Need(Permission.SELL)):
        pass
    assert reads == ["read"]


def test_the_last_manager_can_not_be_let_go_at_the_desk(shop: Till) -> None:
    said = refusal(lambda: shop.staff.change_user(User(MARIE, "Marie Klein", "MK", role_id=CASHIER)))
    assert "Nobody would be left" in str(said)
    assert shop.staff.may(Permission.STAFF)
    shop.staff.change_user(User(JAN, "Jan Alt", "JA", role_id=MANAGER))
    shop.staff.change_user(User(MARIE, "Marie Klein", "MK", role_id=CASHIER))
    assert not shop.staff.may(Permission.STAFF)


def test_a_forgotten_pin_is_set_anew_by_who_may(shop: Till) -> None:
    for _ in range(3):
        refusal(lambda: shop.staff.sign_in(JAN, "9999").result())
    shop.staff.set_pin(JAN, "7410").result()
    assert shop.staff.sign_in(JAN, "7410").result().id == JAN
    assert "changing" not in shop.cashier_name


def test_an_own_pin_is_changed_with_the_old_one(shop: Till) -> None:
    sign_in(shop, JAN)
    assert "not the PIN" in str(refusal(lambda: shop.staff.change_own_pin("9999", "7410").result()))
    assert "anybody would try" in str(refusal(lambda: shop.staff.change_own_pin(PINS[JAN], "1234").result()))
    shop.staff.change_own_pin(PINS[JAN], "7410").result()
    assert shop.staff.sign_in(JAN, "7410").result().id == JAN


def test_a_refused_pin_hires_nobody(shop: Till) -> None:
    assert "anybody would try" in str(refusal(lambda: shop.staff.hire(User("", "Eva", "E"), "0000").result()))
    assert [person.user.name for person in shop.staff.everybody()] == ["Ida Neu", "Jan Alt", "Marie Klein"]
    own, rights = shop.staff.rights_of(JAN)
    assert own == OwnRights()
    assert rights == next(role.rights for role in shop.staff.roles() if role.id == CASHIER)


# Approving


def test_a_manager_approves_one_action_and_both_stand_in_the_audit_trail(shop: Till) -> None:
    sign_in(shop, JAN)
    refused = refusal(shop.cash.open_drawer)
    assert isinstance(refused, NotAllowed)
    approval = shop.staff.approve(refused.need, MARIE, PINS[MARIE]).result()
    assert approval.by.name == "Marie Klein"
    assert shop.cashier_name == "Jan Alt", "an approval changes nobody's place"
    shop.cash.open_drawer()
    with pytest.raises(NotAllowed):
        shop.cash.open_drawer()
    for action in (trail.Action.APPROVED, trail.Action.APPROVAL_USED):
        (row,) = noted(shop, action)
        assert (row.user_name, row.subject) == ("Jan Alt", "open-drawer")
        assert json.loads(row.after) == {"by": "1", "by_name": "Marie Klein", "discount_bp": 0}
    (drawer,) = noted(shop, trail.Action.DRAWER_OPENED)
    assert drawer.user_name == "Jan Alt"
    assert verify(shop.workplace.database) == []


def test_a_card_approves_too(shop: Till) -> None:
    code = shop.staff.new_card(MARIE)
    sign_in(shop, JAN)
    shop.sale.scan(ROSE)
    line = shop.sale.state.priced.lines[0].line.id
    refused = refusal(lambda: shop.sale.set_line_discount(line, PercentOff(5000)))
    assert isinstance(refused, NotAllowed)
    shop.staff.approve_by_card(refused.need, code).result()
    shop.sale.set_line_discount(line, PercentOff(5000))
    assert shop.sale.state.priced.total == Money(175)
    assert json.loads(noted(shop, trail.Action.APPROVAL_USED)[0].after)["discount_bp"] == 5000


def test_who_may_not_can_not_approve(shop: Till) -> None:
    sign_in(shop, JAN)
    refused = refusal(lambda: shop.staff.approve(DRAWER, IDA, PINS[IDA]).result())
    assert isinstance(refused, NotAllowed)
    assert "Ida Neu may not do this" in str(refused)
    assert "not the PIN of Marie Klein" in str(refusal(lambda: shop.staff.approve(DRAWER, MARIE, "9999").result()))
    with pytest.raises(NotAllowed):
        shop.cash.open_drawer()
    assert noted(shop, trail.Action.APPROVED) == []


def test_wrong_pins_at_approving_count_as_any_other(shop: Till) -> None:
    sign_in(shop, JAN)
    for _ in range(3):
        refusal(lambda: shop.staff.approve(DRAWER, MARIE, "9999").result())
    assert "Too many wrong PINs for Marie Klein" in str(refusal(lambda: sign_in(shop, MARIE)))


def test_an_approval_that_failed_for_another_reason_is_still_there(shop: Till) -> None:
    sign_in(shop, JAN)
    shop.staff.approve(Need(Permission.CHANGE_PRICE), MARIE, PINS[MARIE]).result()
    shop.sale.scan(ROSE)
    line = shop.sale.state.priced.lines[0].line.id
    assert "below 0" in str(refusal(lambda: shop.sale.set_price(line, Money(-1))))
    shop.sale.set_price(line, Money(300))
    with pytest.raises(NotAllowed):
        shop.sale.set_price(line, Money(200))


@pytest.mark.parametrize("how", ["another cashier", "locked", "too late", "clock back"])
def test_an_approval_does_not_outlive_its_moment(shop: Till, clock: FixedClock, how: str) -> None:
    sign_in(shop, JAN)
    shop.staff.approve(DRAWER, MARIE, PINS[MARIE]).result()
    if how == "another cashier":
        sign_in(shop, IDA)
        sign_in(shop, JAN)
    elif how == "locked":
        shop.staff.lock()
        sign_in(shop, JAN)
    elif how == "too late":
        clock.advance(APPROVAL_S - 1)
        sign_in_again = shop.workplace.attendance.note_activity
        sign_in_again()
        clock.advance(1)
    else:
        clock.advance(-1)
    with pytest.raises((NotAllowed, Locked)):
        shop.cash.open_drawer()


def test_an_approval_is_only_for_who_asked_for_it(shop: Till, pins: Counted) -> None:
    sign_in(shop, IDA)
    sign_in(shop, JAN)
    pins.goes_on.clear()
    asked = shop.staff.approve(DRAWER, MARIE, PINS[MARIE])
    shop.staff.switch_to(IDA)
    pins.goes_on.set()
    with pytest.raises(Locked):
        asked.result()
    with pytest.raises(NotAllowed):
        shop.cash.open_drawer()
    assert noted(shop, trail.Action.APPROVED) == []


def test_a_locked_till_approves_nothing_and_changes_no_pin(shop: Till) -> None:
    sign_in(shop, JAN)
    shop.staff.lock()
    with pytest.raises(Locked):
        shop.staff.approve(DRAWER, MARIE, PINS[MARIE]).result()
    with pytest.raises(Locked):
        shop.staff.change_own_pin(PINS[JAN], "7410").result()
    sign_in(shop, JAN)
    with pytest.raises(NotAllowed):
        shop.cash.open_drawer()


def test_who_is_let_go_while_their_pin_is_compared_does_not_come_in(shop: Till, pins: Counted) -> None:
    pins.goes_on.clear()
    coming = shop.staff.sign_in(JAN, PINS[JAN])
    shop.staff.change_user(User(JAN, "Jan Alt", "JA", is_active=False))
    pins.goes_on.set()
    assert "nobody with the number 2" in str(refusal(coming.result))
    assert shop.cashier_name == "Marie Klein"


def test_those_are_asked_who_may_and_can_prove_it(shop: Till) -> None:
    shop.staff.change_user(User(IDA, "Ida Neu", "IN", role_id=SHIFT_LEAD))
    eva = shop.staff.hire(User("", "Eva Frei", "EF", role_id=SHIFT_LEAD)).result()
    sign_in(shop, JAN)

    def asked(need: Need) -> list[str]:
        return [user.id for user in shop.staff.approvers(need)]

    assert asked(DRAWER) == [IDA, MARIE], "Eva may, but anybody could be Eva"
    assert eva.id not in asked(DRAWER)
    assert asked(Need(Permission.LINE_DISCOUNT, 3100)) == [MARIE]
    sign_in(shop, IDA)
    assert asked(DRAWER) == [MARIE], "nobody approves their own"


def test_the_list_of_people_says_who_has_to_wait(shop: Till) -> None:
    for _ in range(3):
        refusal(lambda: shop.staff.sign_in(JAN, "9999").result())
    refusal(lambda: shop.staff.sign_in(IDA, "9999").result())
    stand = {one.person.user.id: (one.wrong_pins, one.must_wait) for one in shop.staff.standings()}
    assert stand == {MARIE: (0, False), JAN: (3, True), IDA: (1, False)}


def test_somebody_who_left_can_still_be_looked_at(shop: Till) -> None:
    rights = OwnRights(frozenset({Permission.REPORTS}))
    shop.staff.change_person(User(JAN, "Jan Alt", "JA", is_active=False), rights)
    assert shop.staff.rights_of(JAN)[0] == rights
    assert "nobody with the number 77" in str(refusal(lambda: shop.staff.rights_of("77")))


def test_a_locked_till_sees_whom_another_one_has_hired(shop: Till, opened: Opener) -> None:
    other = opened(till_id="KASSE-2")
    told: list[str] = []
    other.staff.listen(lambda: told.append("changed"))
    eva = shop.staff.hire(User("", "Eva Frei", "EF")).result()
    other.staff.look_again()
    assert told == ["changed"]
    assert eva in [name.person.user for name in other.staff.names()]
    assert not shop.staff.works_alone


# The program itself


def test_closing_the_till_ends_the_thread_of_the_pins(opened: Opener) -> None:
    till = opened()
    till.staff.set_pin(MARIE, PINS[MARIE]).result()
    till.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("staff")]


def test_a_shop_of_several_starts_locked_and_the_basket_of_yesterday_is_there(shop: Till, opened: Opener) -> None:
    shop.sale.scan(ROSE)
    assert shop.settle()
    shop.close()
    with closing(opened()) as again:
        assert again.staff.is_locked
        assert again.sale.state.priced.total == Money(350)
        sign_in(again, JAN)
        again.sale.pay_cash(Money(350))
        assert again.sale.complete().document.user_name == "Jan Alt"
        assert again.settle()
        assert verify(again.workplace.database) == []
