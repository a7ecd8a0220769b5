"""`till staff pin`: the way back in from the PC itself when the only one who may change users has forgotten the PIN."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import replace

import pytest

from till.app.bootstrap import Ports, open_till
from till.app.forgotten_pin import find_person
from till.app.verify import verify
from till.audit import trail
from till.cli import main
from till.db.engine import Database
from till.errors import Refused
from till.settings import Settings
from till.staff.pin import Argon2
from till.staff.users import User

MARIE, JAN = "1", "2"


class Terminal(io.StringIO):
    """A keyboard."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def ports(fast_ports: Ports) -> Ports:
    """The fixed clock and cheap PINs."""
    return replace(fast_ports, pins=Argon2(1, 8, 1))


@pytest.fixture
def forgotten(any_shop_settings: Settings, ports: Ports) -> Settings:
    """A shop whose manager has typed wrong PINs only, on each of both databases; the till is closed."""
    with closing(open_till(any_shop_settings, ports)) as till:
        till.staff.set_pin(MARIE, "4711").result()
        till.staff.hire(User("", "Jan Alt", "JA"), "1508").result()
        for _ in range(3):
            with pytest.raises(Refused):
                till.staff.sign_in(MARIE, "9999").result()
    return any_shop_settings


def at(settings: Settings) -> tuple[str, ...]:
    return "--data", str(settings.data_dir), "--database", settings.database_url, "--language", "en"


def typed(monkeypatch: pytest.MonkeyPatch, *pins: str) -> list[str]:
    """These are typed one after the other; gives what was asked."""
    asked: list[str] = []
    answers = iter(pins)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", answer)
    return asked


def test_a_new_pin_typed_unseen_lets_the_manager_in_again_and_is_audited(
    forgotten: Settings, ports: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = typed(monkeypatch, "8362", "8362")
    assert main(["staff", "pin", "marie klein", *at(forgotten)]) == 0
    assert asked == ["New PIN for Marie Klein: ", "Once more: "]
    assert capsys.readouterr().out == "Marie Klein has a new PIN.\n"
    with closing(open_till(forgotten, ports)) as till:
        assert till.staff.sign_in(MARIE, "8362").result().id == MARIE, "and the wrong ones are forgiven"
        with till.workplace.database.read() as session:
            row = trail.entries(session, till.settings.till_id, trail.Action.PIN_CHANGED)[-1]
        assert (row.user_name, row.subject) == ("till staff pin", "user 1")
        assert "8362" not in row.before + row.after
        assert verify(till.workplace.database) == []


def test_from_standard_input_it_is_read_once(
    forgotten: Settings, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("8362\n"))
    assert main(["staff", "pin", MARIE, *at(forgotten)]) == 0
    with closing(open_till(forgotten, ports)) as till:
        assert till.staff.sign_in(MARIE, "8362").result().id == MARIE


@pytest.mark.parametrize(
    ("arguments", "pins", "said"),
    [
        (["1"], ["8362", "8363"], "not the same"),
        (["1"], ["12", "12"], "4 to 8 digits"),
        (["MK"], ["1234", "1234"], "anybody would try"),
        (["Eva"], [], "Nobody who may work at this till is called “Eva”. These may: Jan Alt (2), Marie Klein (1)."),
        (["1", "--remove"], [], "Set a PIN or card first"),
    ],
)
def test_what_is_refused_changes_nothing(
    forgotten: Settings,
    ports: Ports,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    pins: list[str],
    said: str,
) -> None:
    typed(monkeypatch, *pins)
    assert main(["staff", "pin", *arguments, *at(forgotten)]) == 1
    assert said in capsys.readouterr().err
    with closing(open_till(forgotten, ports)) as till:
        with pytest.raises(Refused, match="Too many wrong PINs"):
            till.staff.sign_in(MARIE, "4711").result()
        assert till.staff.sign_in(JAN, "1508").result().id == JAN


def test_who_works_alone_gets_rid_of_the_pin(
    any_shop_settings: Settings, ports: Ports, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_till(any_shop_settings, ports)) as till:
        till.staff.set_pin(MARIE, "4711").result()
    assert main(["staff", "pin", "Marie Klein", "--remove", *at(any_shop_settings)]) == 0
    assert capsys.readouterr().out == "The PIN of Marie Klein was taken away.\n"
    with closing(open_till(any_shop_settings, ports)) as till:
        assert not till.staff.is_locked


def test_two_of_one_name_are_told_apart_by_their_number(
    forgotten: Settings, ports: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_till(forgotten, ports)) as till, till.workplace.attendance.unattended():
        till.staff.change_user(User(JAN, "Marie Klein", "M2"))
    typed(monkeypatch)
    assert main(["staff", "pin", "Marie Klein", *at(forgotten)]) == 1
    assert "Several are called “Marie Klein”" in capsys.readouterr().err


def test_a_running_till_keeps_its_pins(
    forgotten: Settings, ports: Ports, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "8362", "8362")
    with closing(open_till(forgotten, ports)) as till:
        assert main(["staff", "pin", "1", *at(forgotten)]) == 1
        assert till.settings.till_id in capsys.readouterr().err


def test_without_a_shop_nobody_is_found(database: Database) -> None:
    with pytest.raises(Refused, match="no shop in this database"):
        find_person(database, "Marie")
