"""The command line: exit codes 0, 1 and 2, help in both languages, and every command on good and bad input."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from till.app.bootstrap import Till, open_till
from till.cli import main
from till.db.engine import Database, sqlite_module
from till.migrations.upgrade import HEAD
from till.money import Money
from till.settings import Settings, load

COMMANDS = (
    "run", "demo", "setup", "verify", "migrate", "backup", "backup-key", "restore", "encrypt", "decrypt", "secret", "staff",
    "simulate", "support",
)  # fmt: skip
SHOP = (
    "--name", "Blumen Sommer", "--street", "Weg 1", "--postcode", "12345", "--town", "Ort", "--tax-number", "12/3",
    "--cashier", "Marie Klein",
)  # fmt: skip
ROSE = "4006381333931"


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """A German machine with a terminal of 80 columns."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def sold(any_shop_settings: Settings) -> Settings:
    """A closed till with two sales, on each of both databases."""
    return sell(any_shop_settings, 2)


@pytest.fixture
def sqlite_sold(shop_settings: Settings) -> Settings:
    """A closed till with two sales in a SQLite file."""
    return sell(shop_settings, 2)


def sell(settings: Settings, count: int) -> Settings:
    till = open_till(settings)
    if not till.cash.is_open:
        till.cash.open_shift(Money(10000))
    for _ in range(count):
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(350))
        till.sale.complete()
    till.close()
    return settings


def at(settings: Settings) -> tuple[str, ...]:
    return "--data", str(settings.data_dir), "--database", settings.database_url


def misuse(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert isinstance(end.value.code, int)
    return end.value.code


def tamper(settings: Settings, statement: str) -> None:
    """Change a posted row as a foreign tool would: without the triggers that forbid it."""
    path = settings.data_dir / "till.db"
    connection = sqlite_module().connect(path)
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('document', 'chain_link')"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


# Help and misuse


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_whole_in_german_and_english(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse(command, "--help") == 0
    in_german = capsys.readouterr().out
    assert misuse(command, "--language", "en", "--help") == 0
    in_english = capsys.readouterr().out
    assert in_german.startswith(f"Aufruf: till {command}")
    assert in_english.startswith(f"usage: till {command}")
    for word in ("--data", "--database", "--till", "--language", "--help"):
        assert word in in_german
        assert word in in_english
    english_words = {"show", "this", "the", "folder", "options:", "usage:", "shop"}
    assert not english_words & set(in_german.split())


def test_the_whole_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse("--help") == 0
    shown = capsys.readouterr().out
    named = {line.split()[0] for line in shown.splitlines() if line.startswith("    ") and line[4:5].isalpha()}
    assert named == set(COMMANDS)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse("--version") == 0
    assert capsys.readouterr().out.startswith("Till ")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sell",),
        ("verify", "--colour", "red"),
        ("restore",),
        ("setup",),
        ("setup", "--name", "Only a name"),
        ("verify", "--language", "fr"),
    ],
)
def test_misuse_ends_with_2_and_says_where_help_is(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert misuse(*arguments) == 2
    said = capsys.readouterr().err
    assert "Aufruf:" in said
    assert "--help" in said


@pytest.mark.parametrize(
    ("variables", "usage"),
    [({"LANG": "en_GB.UTF-8"}, "usage:"), ({"LC_ALL": "en_US"}, "usage:"), ({"LANG": "C"}, "Aufruf:"), ({}, "Aufruf:")],
)
def test_the_language_is_the_systems(
    variables: dict[str, str], usage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LANG")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert misuse("--help") == 0
    assert capsys.readouterr().out.startswith(usage)


# Set up, run


def test_setup_makes_a_shop_that_sells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "shop"
    assert main(["setup", "--data", str(folder), "--till", "KASSE-7", *SHOP]) == 0
    assert "eingerichtet" in capsys.readouterr().out
    assert (folder / "till.db").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    settings = load(folder)
    assert settings.till_id == "KASSE-7"
    till = open_till(settings)
    assert (till.shop_name, till.cashier_name, till.cashier_short) == ("Blumen Sommer", "Marie Klein", "MK")
    till.close()


def test_setup_makes_a_shop_on_postgresql(
    postgres_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--data", str(tmp_path), "--database", postgres_database_url)
    assert main(["setup", *where, *SHOP]) == 0
    assert main(["verify", *where]) == 0
    assert main(["migrate", *where]) == 0
    capsys.readouterr()
    assert main(["backup", *where, str(tmp_path)]) == 1
    assert "pg_dump" in capsys.readouterr().err
    assert main(["restore", *where, str(tmp_path / "x.db")]) == 1


def test_a_second_setup_changes_nothing_and_says_so(
    shop_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup", *at(shop_settings), *SHOP]) == 1
    assert "schon ein Geschäft" in capsys.readouterr().err
    till = open_till(shop_settings)
    assert till.shop_name == "Blumen & Tee"
    till.close()


def test_setup_refuses_empty_fields_and_a_bad_till_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--data", str(tmp_path / "a"), *SHOP, "--name", "  "]) == 1
    assert "--name" in capsys.readouterr().err
    assert main(["setup", "--data", str(tmp_path / "a"), *SHOP, "--till", "KASSE_1"]) == 1
    assert "KASSE_1" in capsys.readouterr().err
    assert not (tmp_path / "a" / "till.db").exists()


def test_run_without_a_shop_says_what_to_do_and_makes_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--data", str(tmp_path / "nothing")]) == 1
    assert "till setup" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_run_opens_the_till_and_closes_it_when_the_window_is_gone(
    sold: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Till] = []

    def window(till: Till, _paper: object) -> int:
        till.sale.scan(ROSE)
        seen.append(till)
        return 0

    monkeypatch.setattr("till.ui.start.run", window)
    assert main(["run", *at(sold)]) == 0
    again = open_till(sold)
    assert again.sale.state.restored
    again.close()
    assert len(seen) == 1


def test_a_broken_settings_file_is_named(shop_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (shop_settings.data_dir / "settings.toml").write_text("till_id = [")
    assert main(["verify", "--data", str(shop_settings.data_dir)]) == 1
    assert "settings.toml" in capsys.readouterr().err


# Verify and migrate


def test_verify_proves_good_books(sold: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *at(sold)]) == 0
    shown = capsys.readouterr().out
    assert "✗" not in shown
    assert shown.count("✓") >= 8
    assert "✓ TSE-Signaturen" in shown


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET total = total + 1 WHERE number = 2",
        "UPDATE document SET user_name = 'Niemand' WHERE number = 3",
        "UPDATE chain_link SET hash = 'x' WHERE position = 3",
        "DELETE FROM document WHERE number = 3",
    ],
)
def test_verify_finds_a_tampered_database(
    sqlite_sold: Settings, statement: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(sqlite_sold, statement)
    assert main(["verify", *at(sqlite_sold)]) == 1
    shown = capsys.readouterr().out
    assert "✗" in shown
    assert "KASSE-1" in shown or "gone" in shown or "fehl" in shown


def test_verify_finds_a_trigger_that_is_gone(sqlite_sold: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    connection = sqlite_module().connect(sqlite_sold.data_dir / "till.db")
    (name,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
    connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    assert main(["verify", *at(sqlite_sold)]) == 1
    assert "✗" in capsys.readouterr().out


def test_verify_names_a_file_that_is_missing_foreign_newer_or_older(
    shop_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "till.db" in capsys.readouterr().err
    assert not (tmp_path / "till.db").exists()
    _set_revision(shop_settings, "9999")
    assert main(["verify", *at(shop_settings)]) == 1
    assert "neuer" in capsys.readouterr().err
    (tmp_path / "till.db").write_bytes(b"")
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "till migrate" in capsys.readouterr().err
    (tmp_path / "till.db").write_text("Dear diary! " * 1000)
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "beschädigt" in capsys.readouterr().err


def test_migrate_is_repeatable_and_refuses_a_newer_database(sold: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", *at(sold)]) == 0
    assert main(["migrate", *at(sold)]) == 0
    _set_revision(sold, "9999")
    assert main(["migrate", *at(sold)]) == 1
    assert "9999" in capsys.readouterr().err
    _set_revision(sold, HEAD)


def test_migrate_and_restore_wait_for_no_running_till_but_refuse(
    sqlite_sold: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    till = open_till(sqlite_sold)
    try:
        copy = sqlite_sold.data_dir / "copy.db"
        assert main(["backup", *at(sqlite_sold), str(copy)]) == 0
        for command in (("migrate",), ("restore", str(copy))):
            capsys.readouterr()
            assert main([command[0], *at(sqlite_sold), *command[1:]]) == 1
            assert "läuft" in capsys.readouterr().err
    finally:
        till.close()


# Backup and restore


def test_a_backup_comes_back_whole(sqlite_sold: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stick = tmp_path / "stick 50% #1"
    stick.mkdir()
    assert main(["backup", *at(sqlite_sold), str(stick)]) == 0
    (copy,) = stick.iterdir()
    assert copy.name in capsys.readouterr().out
    assert copy.stat().st_mode & 0o077 == 0
    shutil.rmtree(sqlite_sold.data_dir)
    assert main(["restore", *at(sqlite_sold), str(copy)]) == 0
    assert main(["verify", *at(sqlite_sold)]) == 0
    sell(sqlite_sold, 1)
    assert main(["verify", *at(sqlite_sold)]) == 0


def test_a_backup_while_selling_holds_what_was_booked(make_till: Callable[..., Till], tmp_path: Path) -> None:
    till = make_till()
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.settle()
    assert main(["backup", *at(till.settings), str(tmp_path / "copy.db")]) == 0
    assert main(["verify", "--database", f"sqlite:///{tmp_path}/copy.db", "--data", str(tmp_path)]) == 0


def test_an_older_backup_needs_force_and_keeps_the_present_database(
    sqlite_sold: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    assert main(["backup", *at(sqlite_sold), str(copy)]) == 0
    sell(sqlite_sold, 1)
    assert main(["restore", *at(sqlite_sold), str(copy)]) == 1
    assert "--force" in capsys.readouterr().err
    assert _sales(sqlite_sold) == 3
    assert main(["restore", *at(sqlite_sold), str(copy), "--force"]) == 0
    assert _sales(sqlite_sold) == 2
    (kept,) = sqlite_sold.data_dir.glob("till-before-restore-*.db")
    assert kept.name in capsys.readouterr().out
    assert _sales(Settings(tmp_path, f"sqlite:///{kept}")) == 3
    sell(sqlite_sold, 1)
    assert main(["verify", *at(sqlite_sold)]) == 0


def test_another_shops_backup_needs_force_even_when_it_is_longer(
    sqlite_sold: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    assert main(["setup", "--data", str(other), *SHOP]) == 0
    till = open_till(load(other))
    for amount in range(1, 12):
        till.cash.open_shift(Money(amount))
        till.cash.close_shift(None)
    till.close()
    assert main(["backup", "--data", str(other), str(tmp_path / "other.db")]) == 0
    assert main(["restore", *at(sqlite_sold), str(tmp_path / "other.db")]) == 1
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize("harm", ["missing", "letter", "truncated", "flipped", "foreign", "newer", "folder"])
def test_a_bad_backup_is_refused_and_nothing_changes(
    sqlite_sold: Settings, harm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    assert main(["backup", *at(sqlite_sold), str(copy)]) == 0
    _harm(copy, harm)
    before = sorted(path.name for path in sqlite_sold.data_dir.iterdir())
    capsys.readouterr()
    assert main(["restore", *at(sqlite_sold), "--force", str(copy)]) == 1
    said = capsys.readouterr().err
    assert "copy.db" in said or "neuer" in said
    assert said.count("\n") == 1
    assert sorted(path.name for path in sqlite_sold.data_dir.iterdir()) == before
    assert _sales(sqlite_sold) == 2


def test_a_damaged_database_makes_no_backup(
    sqlite_sold: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _harm(sqlite_sold.data_dir / "till.db", "flipped")
    assert main(["backup", *at(sqlite_sold), str(tmp_path / "copy.db")]) == 1
    assert "beschädigt" in capsys.readouterr().err
    assert list(tmp_path.glob("copy*")) == []


def test_a_backup_to_nowhere_leaves_nothing_behind(
    sqlite_sold: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", *at(sqlite_sold), str(tmp_path / "not" / "there" / "copy.db")]) == 1
    assert "copy.db" in capsys.readouterr().err
    assert main(["backup", "--data", str(tmp_path / "empty"), str(tmp_path)]) == 1
    assert not (tmp_path / "empty").exists()


def test_an_unreachable_postgresql_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"postgresql+psycopg://till@/none?host={tmp_path}"
    for command in ("verify", "migrate", "run"):
        assert main([command, "--data", str(tmp_path), "--database", url]) == 1
        assert "nicht erreichbar" in capsys.readouterr().err


def _sales(settings: Settings) -> int:
    database = Database(settings.database_url)
    with database.read() as session:
        count = session.execute(text("SELECT COUNT(*) FROM document WHERE kind = 'sale'")).scalar_one()
    database.close()
    return int(count)


def _set_revision(settings: Settings, found: str) -> None:
    database = Database(settings.database_url)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    database.close()


def _harm(path: Path, harm: str) -> None:
    whole = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "letter":
            path.write_text("Dear diary! " * 1000)
        case "truncated":
            path.write_bytes(whole[: len(whole) // 2])
        case "flipped":
            middle = len(whole) // 2
            path.write_bytes(whole[:middle] + os.urandom(8192) + whole[middle + 8192 :])
        case "foreign":
            path.unlink()
            connection = sqlite_module().connect(path)
            connection.execute("CREATE TABLE recipe (name TEXT)")
            connection.close()
        case "newer":
            connection = sqlite_module().connect(path)
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
            connection.close()
        case _:
            path.unlink()
            path.mkdir()


def test_a_simulation_never_founds_its_shop_where_the_real_one_would_lie(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--days", "1", "--language", "en"]) == 1
    assert "--data" in capsys.readouterr().err
