"""Changes of users, roles and PINs: rights add up, one manager stays, nobody gives more than they have, all is audited."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from till.audit import trail
from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused
from till.i18n import Translator
from till.staff import changes
from till.staff.cards import card_digest, new_card_code
from till.staff.permission import EVERYTHING, Permission, Rights
from till.staff.pin import Argon2
from till.staff.roles import CASHIER, MANAGER, SHIFT_LEAD, Role, add_roles, role_by_id, roles, standard_roles
from till.staff.users import (
    OwnRights,
    User,
    active_users,
    add_user,
    own_rights,
    people,
    rights_of,
    staff_revision,
    user_by_card,
    user_by_id,
)


def audited(session: Session, action: trail.Action) -> list[tuple[str, str, str, str]]:
    """Who did it, to whom or what, and how it was before and after."""
    return [(row.user_name, row.subject, row.before, row.after) for row in trail.entries(session, "KASSE-1", action)]


def test_the_founder_may_everything_and_needs_no_pin(session: Session) -> None:
    assert active_users(session) == [User("1", "Marie Klein", "MK", role_id=MANAGER)]
    assert rights_of(session, "1") == EVERYTHING
    (person,) = people(session)
    assert person.is_free


def test_a_new_shop_has_the_standard_roles(session: Session) -> None:
    stored = {role.id: role for role in roles(session)}
    assert {key: role.rights for key, role in stored.items()} == {
        role.id: role.rights for role in standard_roles(Translator("de"))
    }


def test_people_are_found_while_they_work_here(session: Session, marie: Context, jan: User) -> None:
    assert active_users(session) == [jan, user_by_id(session, "1")]
    changes.change_user(session, marie, replace(jan, is_active=False))
    with pytest.raises(Refused, match="nobody with the number 2"):
        user_by_id(session, jan.id)
    assert [person.user.id for person in people(session)] == ["1"]
    assert [person.user.id for person in people(session, with_former=True)] == [jan.id, "1"]


def test_numbers_are_never_given_twice(session: Session, marie: Context, jan: User) -> None:
    changes.change_user(session, marie, replace(jan, is_active=False))
    ida = changes.hire(session, marie, User("2", "Ida Neu", "IN"))
    assert ida.id == "3"
    add_user(session, User("5", "Eva", "E"))
    assert changes.hire(session, marie, User("", "Kim", "K")).id == "6", "a number that is taken is passed over"


@pytest.mark.parametrize(
    ("name", "short"), [("", "X"), ("  ", "X"), ("Ida", " "), ("x" * 51, "X"), ("Ida", "ABCDE"), ("I\x1bda", "X")]
)
def test_a_name_must_fit_on_receipts(session: Session, marie: Context, jan: User, name: str, short: str) -> None:
    assert jan
    with pytest.raises(Refused, match="name"):
        changes.hire(session, marie, User("", name, short))


def test_a_role_must_be_there(session: Session, marie: Context, jan: User) -> None:
    with pytest.raises(Refused, match="no role “boss”"):
        changes.change_user(session, marie, replace(jan, role_id="boss"))


# Rights


def test_rights_are_the_role_and_what_is_granted_without_what_is_withdrawn(
    session: Session, marie: Context, jan: User
) -> None:
    before = rights_of(session, jan.id)
    granted, withdrawn = frozenset({Permission.OPEN_DRAWER, Permission.BACKUP}), frozenset({Permission.REMOVE})
    changes.change_rights(session, marie, jan.id, OwnRights(granted, withdrawn, 25))
    assert rights_of(session, jan.id) == Rights((before.permissions | granted) - withdrawn, 25)
    assert own_rights(session, jan.id) == OwnRights(granted, withdrawn, 25)
    changes.change_rights(session, marie, jan.id, OwnRights())
    assert rights_of(session, jan.id) == before


def test_withdrawn_weighs_more_than_granted(session: Session, marie: Context, jan: User) -> None:
    both = frozenset({Permission.SELL})
    changes.change_rights(session, marie, jan.id, OwnRights(both, both))
    assert Permission.SELL not in rights_of(session, jan.id).permissions


def test_an_own_ceiling_of_nought_is_one(session: Session, marie: Context, jan: User) -> None:
    changes.change_rights(session, marie, jan.id, OwnRights(discount_percent=0))
    assert rights_of(session, jan.id).discount_percent == 0
    with pytest.raises(Refused, match="between 0 and 100"):
        changes.change_rights(session, marie, jan.id, OwnRights(discount_percent=101))


def test_a_changed_role_counts_for_all_in_it(session: Session, marie: Context, jan: User) -> None:
    role = role_by_id(session, CASHIER)
    less = replace(role, name="Aushilfe", rights=Rights(frozenset({Permission.SELL}), 5))
    changes.change_role(session, marie, less)
    assert rights_of(session, jan.id) == less.rights
    assert role_by_id(session, CASHIER) == less


def test_a_shop_adds_roles_of_its_own(session: Session, marie: Context, jan: User) -> None:
    own = Role("student", "Studierende", Rights(frozenset({Permission.SELL, Permission.REPRINT})))
    changes.change_role(session, marie, own)
    changes.change_user(session, marie, replace(jan, role_id="student"))
    assert rights_of(session, jan.id) == own.rights
    with pytest.raises(Refused, match="needs a name"):
        changes.change_role(session, marie, Role("x", " ", Rights()))


def test_words_of_a_newer_version_give_nothing(session: Session, jan: User) -> None:
    session.execute(text("INSERT INTO staff_role_permission VALUES ('cashier', 'fly')"))
    session.execute(text("INSERT INTO staff_user_permission VALUES ('2', 'vanish', true)"))
    assert rights_of(session, jan.id) == standard_roles(Translator("en"))[0].rights


# One manager stays


@pytest.mark.parametrize(
    "last",
    [
        lambda s, c: changes.change_user(s, c, replace(user_by_id(s, "1"), is_active=False)),
        lambda s, c: changes.change_user(s, c, replace(user_by_id(s, "1"), role_id=SHIFT_LEAD)),
        lambda s, c: changes.change_rights(s, c, "1", OwnRights(withdrawn=frozenset({Permission.STAFF}))),
        lambda s, c: changes.change_role(s, c, Role(MANAGER, "Chefin", Rights(frozenset({Permission.SELL})))),
    ],
    ids=["let go", "another role", "withdrawn", "the role itself"],
)
def test_the_last_manager_stays_one(
    founded: Database, marie: Context, jan: User, last: Callable[[Session, Context], None]
) -> None:
    assert jan
    with pytest.raises(Refused, match="Nobody would be left"), founded.write() as session:
        last(session, marie)
    with founded.read() as session:
        assert rights_of(session, "1") == EVERYTHING
        assert [user.id for user in active_users(session)] == [jan.id, "1"]


def test_of_two_managers_one_may_go(session: Session, marie: Context, jan: User) -> None:
    changes.change_user(session, marie, replace(jan, role_id=MANAGER))
    changes.change_user(session, marie, replace(user_by_id(session, "1"), role_id=CASHIER))
    assert rights_of(session, jan.id) == EVERYTHING


def test_two_managers_who_demote_each_other_at_once_leave_one(founded: Database, marie: Context, jan: User) -> None:
    with founded.write() as session:
        changes.change_user(session, marie, replace(jan, role_id=MANAGER))
    other = replace(marie, till_id="KASSE-2", user_id=jan.id, user_name=jan.name)
    barrier, refused = threading.Barrier(2), list[Refused]()

    def demote(context: Context, user_id: str) -> None:
        barrier.wait()
        try:
            with founded.write() as session:
                user = user_by_id(session, user_id)
                changes.change_user(session, context, replace(user, role_id=CASHIER))
        except Refused as error:
            refused.append(error)

    threads = [threading.Thread(target=demote, args=pair) for pair in ((marie, jan.id), (other, "1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with founded.read() as session:
        assert sorted(user.role_id for user in active_users(session)) == [CASHIER, MANAGER]


def test_a_manager_without_pin_stays_alone(founded: Database, marie: Context, pins: Argon2) -> None:
    with pytest.raises(Refused, match="Marie Klein may change users"), founded.write() as session:
        changes.hire(session, marie, User("", "Jan Alt", "JA"), changes.Start(pins.hash("1508")))
    with founded.write() as session:
        changes.set_pin(session, marie, "1", pins.hash("4711"))
        changes.hire(session, marie, User("", "Jan Alt", "JA"))
        assert [person.is_free for person in people(session)] == [True, False], "a cashier may go without"


@pytest.mark.parametrize("lacking", ["pin", "card"])
def test_the_manager_of_several_keeps_pin_or_card(founded: Database, marie: Context, jan: User, lacking: str) -> None:
    assert jan
    with founded.write() as session:
        changes.set_card(session, marie, "1", card_digest(new_card_code()))
    with founded.write() as session:
        (changes.set_pin if lacking == "pin" else changes.set_card)(session, marie, "1", None)
    with pytest.raises(Refused, match="Set a PIN or card first"), founded.write() as session:
        (changes.set_card if lacking == "pin" else changes.set_pin)(session, marie, "1", None)


# Nobody gives more than they have


@pytest.fixture
def lead(session: Session, marie: Context, jan: User) -> Context:
    """Jan leads shifts and may change users besides; he acts."""
    changes.change_user(session, marie, replace(jan, role_id=SHIFT_LEAD))
    changes.change_rights(session, marie, jan.id, OwnRights(frozenset({Permission.STAFF})))
    return replace(marie, user_id=jan.id, user_name=jan.name)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda s, c: changes.hire(s, c, User("", "Ida Neu", "IN", role_id=MANAGER), changes.Start("hash")),
        lambda s, c: changes.change_user(s, c, User("2", "Jan Alt", "JA", role_id=MANAGER)),
        lambda s, c: changes.change_rights(s, c, "2", OwnRights(frozenset({Permission.BACKUP, Permission.STAFF}))),
        lambda s, c: changes.change_rights(s, c, "2", OwnRights(frozenset({Permission.STAFF}), frozenset(), 31)),
        lambda s, c: changes.change_role(s, c, Role(SHIFT_LEAD, "Schichtleitung", EVERYTHING)),
        lambda s, c: changes.change_role(s, c, Role(MANAGER, "Chefin", Rights(frozenset({Permission.STAFF})))),
        lambda s, c: changes.set_pin(s, c, "1", "hash"),
        lambda s, c: changes.set_card(s, c, "1", None),
        lambda s, c: changes.unlock(s, c, "1"),
        lambda s, c: changes.change_user(s, c, User("1", "Marie Klein", "MK", role_id=CASHIER)),
    ],
)
def test_who_manages_users_can_not_become_more_by_it(
    session: Session, lead: Context, beyond: Callable[[Session, Context], object]
) -> None:
    with pytest.raises(Refused, match="beyond what you may do yourself"):
        beyond(session, lead)


def test_who_manages_users_may_within_their_own(session: Session, lead: Context) -> None:
    ida = changes.hire(session, lead, User("", "Ida Neu", "IN"), changes.Start("hash"))
    changes.change_rights(session, lead, ida.id, OwnRights(frozenset({Permission.OPEN_DRAWER}), frozenset(), 30))
    assert rights_of(session, ida.id).discount_percent == 30


# A form changes all of a person in one step


def test_a_person_is_changed_as_one_and_audited_once(session: Session, marie: Context, jan: User) -> None:
    rights = OwnRights(frozenset({Permission.REPORTS}), frozenset({Permission.REMOVE}), 20)
    changes.change_person(session, marie, replace(jan, name="Jan Neu", role_id=SHIFT_LEAD), rights)
    assert user_by_id(session, jan.id).name == "Jan Neu"
    assert own_rights(session, jan.id) == rights
    ((who, subject, before, after),) = audited(session, trail.Action.USER_CHANGED)[-1:]
    assert (who, subject) == ("Marie Klein", "user 2")
    assert (json.loads(before)["role"], json.loads(after)["role"]) == (CASHIER, SHIFT_LEAD)
    assert json.loads(after)["granted"] == ["reports"]
    assert len(audited(session, trail.Action.USER_CHANGED)) == 2, "hired, then changed"


def test_only_the_end_of_such_a_change_is_judged(session: Session, marie: Context) -> None:
    """The only manager becomes a cashier who keeps the staff, and a manager again: each half alone would be refused."""
    founder = user_by_id(session, "1")
    keeps = OwnRights(EVERYTHING.permissions, discount_percent=100)
    cashier = role_by_id(session, CASHIER)
    no_limit = replace(cashier, rights=replace(cashier.rights, return_limit=None))
    changes.change_role(session, marie, no_limit)
    changes.change_person(session, marie, replace(founder, role_id=CASHIER), keeps)
    assert Permission.STAFF in rights_of(session, "1").permissions
    changes.change_person(session, marie, founder, OwnRights())
    assert rights_of(session, "1") == EVERYTHING
    with pytest.raises(Refused, match="Nobody would be left"):
        changes.change_person(session, marie, replace(founder, role_id=CASHIER), OwnRights())


def test_somebody_new_begins_with_what_is_different_for_them(session: Session, marie: Context, jan: User) -> None:
    assert jan
    start = changes.Start("hash", OwnRights(frozenset({Permission.REPORTS}), discount_percent=5))
    ida = changes.hire(session, marie, User("", "Ida Neu", "IN"), start)
    assert rights_of(session, ida.id).discount_percent == 5
    assert Permission.REPORTS in rights_of(session, ida.id).permissions


def test_from_outside_a_pin_is_set_whatever_one_may_but_the_rules_of_the_shop_stay(
    session: Session, marie: Context, jan: User, pins: Argon2
) -> None:
    outside = replace(marie, user_id="", user_name="till staff pin")
    changes.set_pin_from_outside(session, outside, "1", pins.hash("8362"))
    assert audited(session, trail.Action.PIN_CHANGED)[-1][:2] == ("till staff pin", "user 1")
    changes.set_pin_from_outside(session, outside, jan.id, None)
    with pytest.raises(Refused, match="Set a PIN or card first"):
        changes.set_pin_from_outside(session, outside, "1", None)


# Cards


def test_a_card_finds_its_owner_until_it_is_taken_or_replaced(session: Session, marie: Context, jan: User) -> None:
    first, second = new_card_code(), new_card_code()
    changes.set_card(session, marie, jan.id, card_digest(first))
    assert user_by_card(session, card_digest(first.lower())) == jan
    changes.set_card(session, marie, jan.id, card_digest(second))
    with pytest.raises(Refused, match="not known here"):
        user_by_card(session, card_digest(first))
    changes.set_card(session, marie, jan.id, None)
    with pytest.raises(Refused, match="not known here"):
        user_by_card(session, card_digest(second))


def test_the_card_of_who_was_let_go_opens_nothing(session: Session, marie: Context, jan: User) -> None:
    code = new_card_code()
    changes.set_card(session, marie, jan.id, card_digest(code))
    changes.change_user(session, marie, replace(jan, is_active=False))
    with pytest.raises(Refused, match="not known here"):
        user_by_card(session, card_digest(code))


# What stands in the audit trail


def test_a_change_is_audited_before_and_after(session: Session, marie: Context, jan: User) -> None:
    changes.change_user(session, marie, replace(jan, name="Jan Neu", role_id=SHIFT_LEAD))
    who, subject, before, after = audited(session, trail.Action.USER_CHANGED)[-1]
    assert (who, subject) == ("Marie Klein", "user 2")
    assert (json.loads(before)["name"], json.loads(before)["role"]) == ("Jan Alt", CASHIER)
    assert (json.loads(after)["name"], json.loads(after)["role"]) == ("Jan Neu", SHIFT_LEAD)


def test_new_people_rights_roles_and_unlocking_are_audited(session: Session, marie: Context, jan: User) -> None:
    hired = audited(session, trail.Action.USER_CHANGED)[-1]
    assert (hired[1], hired[2]) == ("user 2", "")
    changes.change_rights(session, marie, jan.id, OwnRights(frozenset({Permission.BACKUP}), discount_percent=7))
    after = json.loads(audited(session, trail.Action.USER_CHANGED)[-1][3])
    assert (after["granted"], after["discount_percent"]) == (["backup"], 7)
    changes.change_role(session, marie, Role(CASHIER, "Aushilfe", Rights(frozenset({Permission.SELL}), 3)))
    (role,) = audited(session, trail.Action.ROLE_CHANGED)
    assert role[1] == "role cashier"
    assert json.loads(role[2])["discount_percent"] == 10
    assert json.loads(role[3]) == {
        "name": "Aushilfe",
        "permissions": ["sell"],
        "discount_percent": 3,
        "return_limit": 0,
    }
    changes.unlock(session, marie, jan.id)
    assert audited(session, trail.Action.USER_UNLOCKED) == [("Marie Klein", "user 2", "0", "0")]


def test_no_pin_card_or_hash_stands_in_the_audit_trail(
    session: Session, marie: Context, jan: User, pins: Argon2
) -> None:
    code, stored = new_card_code(), pins.hash("73915264")
    changes.set_pin(session, marie, jan.id, stored)
    changes.set_card(session, marie, jan.id, card_digest(code))
    changes.set_pin(session, marie, jan.id, None)
    told = " ".join(part for row in trail.entries(session, "KASSE-1") for part in (row.subject, row.before, row.after))
    for secret in ("73915264", stored, code, code[2:], card_digest(code), "argon2"):
        assert secret not in told
    first, last = audited(session, trail.Action.PIN_CHANGED)[-2:]
    assert [json.loads(first[3])["pin"], json.loads(last[3])["pin"]] == [True, False]


def test_every_change_is_seen_by_its_number(session: Session, marie: Context, jan: User) -> None:
    before = staff_revision(session)
    changes.change_rights(session, marie, jan.id, OwnRights())
    changes.unlock(session, marie, jan.id)
    assert staff_revision(session) == before + 2


def test_a_refused_change_leaves_nothing(founded: Database, marie: Context, jan: User) -> None:
    with founded.read() as session:
        rows, revision = len(trail.entries(session, "KASSE-1")), staff_revision(session)
    with pytest.raises(Refused), founded.write() as session:
        changes.change_user(session, marie, replace(jan, id="99"))
    with pytest.raises(Refused), founded.write() as session:
        changes.change_rights(session, marie, "1", OwnRights(withdrawn=frozenset(Permission)))
    with founded.read() as session:
        assert (len(trail.entries(session, "KASSE-1")), staff_revision(session)) == (rows, revision)


def test_a_role_without_permissions_may_nothing(session: Session) -> None:
    add_roles(session, [Role("guest", "Gast", Rights())])
    assert role_by_id(session, "guest").rights == Rights()
