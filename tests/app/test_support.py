"""The bundle for who helps: it tells how the till is, and holds no name, place, secret or receipt (X2, X3)."""

from __future__ import annotations

import json
import logging
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, String, cast, select

from till.app.about import Chapter, certificate_end, licences
from till.app.bootstrap import Ports, Till, open_till
from till.app.support import CONTENTS, NO_FOLDER, NOT_WRITTEN, shown_settings
from till.app.watch import CANCELLED, Watch
from till.cli import main
from till.clock import FixedClock
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.fiscal.soft_tse import SoftTse
from till.formats import Formats
from till.i18n import Translator
from till.log import FILE, to_file
from till.settings import Settings
from till.staff.pin import Argon2
from till.staff.users import User

ROSE = "4006381333931"
ENGLISH = Formats(Translator("en"))
# Columns whose texts are the program's own words, or counts: they say nothing of anybody.
PLAIN = {"kind", "bon_typ", "gv_typ", "zahlart_typ", "action", "state", "country", "currency", "language", "zone", "unit",
         "role_id", "permission", "colour", "till_id", "version_num", "log_time_format", "algorithm", "event", "failure",
         "business_date", "day", "tender_id", "id", "series", "account", "subject", "numbering", "vat_treatment",
         "program_version", "category_id", "position", "bon_name", "tender", "reason", "number", "receipt_header",
         "receipt_footer", "role", "endpoint", "copy_no", "text", "totals", "profile", "snapshot", "name", "short",
         "normalised", "search", "title", "next_number", "plu", "note", "ref", "user_id", "postcode", "before", "after"}  # fmt: skip


@pytest.fixture
def till(any_shop_settings: Settings, clock: FixedClock) -> Iterator[Till]:
    """A till on each database, with people, PINs, a card, sales, a voucher and a log that names them all."""
    to_file(any_shop_settings.data_dir)
    with closing(open_till(any_shop_settings, Ports(clock=clock, pins=Argon2(1, 8, 1)))) as made:
        made.staff.set_pin("1", "4711").result()
        made.staff.hire(User("", "Jan Altmann", "JA"), "1508").result()
        made.staff.new_card("2")
        made.cash.open_shift(made.cash.suggested_float())
        made.sale.scan(ROSE)
        made.sale.set_note(made.sale.state.priced.lines[0].line.id, "für Frau Weber, Tel. 0170")
        made.sale.pay_cash(made.sale.state.settlement.open)
        made.sale.complete()
        made.settle()
        logging.getLogger("till.test").warning(
            "Jan Altmann at %s could not reach %s", made.settings.data_dir, made.settings.database_url
        )
        yield made
    for handler in list(logging.getLogger().handlers):
        if getattr(handler, "baseFilename", "").endswith(FILE):
            logging.getLogger().removeHandler(handler)
            handler.close()


def bundled(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_it_says_how_the_till_is(till: Till, tmp_path: Path) -> None:
    steps: list[int] = []
    path = till.about.bundle(tmp_path, Watch(steps.append))
    assert path.name == "till-support-20261120-110000.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    files = bundled(path)
    assert set(files) == {"README.txt", *(name for name, _words in CONTENTS)}
    assert "Python: 3." in files["versions.txt"]
    assert json.loads(files["counts.json"])["document"] >= 1
    assert files["verify.txt"] == "nothing was found\n"
    assert json.loads(files["settings.json"])["printer"] == "null"
    assert "could not reach" in files["till.log"]
    assert len(steps) > 5
    assert till.about.bundle(tmp_path, Watch()).name == "till-support-20261120-110000-2.zip"
    assert not list(tmp_path.glob("*.part"))


def test_it_holds_nobody_and_no_secret(till: Till, tmp_path: Path) -> None:
    everything = "\n".join(bundled(till.about.bundle(tmp_path, Watch())).values())
    for text in (
        "Jan", "Altmann", "Marie", "Klein", "Weber", "0170", "Blumen & Tee", "Weg 1", "12/345/67890", "argon2", "4711",
        str(till.settings.data_dir), str(tmp_path), str(Path.home()), "Rose", "350", till.settings.database_url,
    ):  # fmt: skip
        assert text not in everything, text


def test_it_holds_nothing_that_stands_in_a_table(till: Till, tmp_path: Path) -> None:
    """Whatever the tables are: no hash, digest, key, id or free text of theirs."""
    everything = "\n".join(bundled(till.about.bundle(tmp_path, Watch())).values())
    seen = {text for text in texts_of(till.workplace.database) if len(text) > 5 and not text.isalpha()} - {"KASSE-1"}
    assert len(seen) > 40
    assert not [text for text in seen if text in everything]


def texts_of(database: Database) -> Iterator[str]:
    tables = MetaData()
    tables.reflect(database.engine)
    with database.read() as session:
        for table in tables.tables.values():
            for column in table.columns:
                if column.name not in PLAIN and isinstance(column.type, String):
                    found = session.execute(select(cast(column, String)).where(column.is_not(None))).scalars()
                    yield from (text for text in found if text)


def test_settings_that_are_not_known_to_be_harmless_are_not_told(till: Till) -> None:
    told = shown_settings(till.settings)
    assert (told["data_dir"], told["backup_dir"], told["backup_recipient"]) == ("own", "usual", "usual")
    assert str(till.settings.data_dir) not in json.dumps(told)


def test_a_damaged_book_is_told_by_its_checks_and_without_values(
    shop_settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    with closing(open_till(shop_settings, Ports(clock=clock))) as till:
        till.cash.open_shift(till.cash.suggested_float())
        till.sale.scan(ROSE)
        till.sale.pay_cash(till.sale.state.settlement.open)
        till.sale.complete()
        till.settle()
        connection = till.workplace.database.engine.raw_connection()
        connection.execute("DROP TRIGGER IF EXISTS document_no_update")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'document'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE document SET user_name = 'Unbekannte Person'")
        connection.commit()
        connection.close()
        found = bundled(till.about.bundle(tmp_path, Watch()))["verify.txt"]
        assert " × " in found
        assert "Unbekannte" not in found
        assert till.about.verify_now(Watch())
        assert not (shop_settings.data_dir / "verified.txt").exists()


# Places


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises((Refused, Unavailable)) as refused:
        action()
    return str(getattr(refused.value, "msgid", ""))


@pytest.mark.parametrize("number", [28, 30, 5], ids=["full", "read-only", "pulled out"])
def test_a_place_that_takes_no_file_is_said_and_nothing_half_is_left(
    make_till: Callable[..., Till], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    till = make_till()

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("till.app.support.sync", fail)
    target = tmp_path / "stick"
    target.mkdir()
    with pytest.raises(Unavailable) as refused:
        till.about.bundle(target, Watch())
    assert refused.value.msgid == NOT_WRITTEN
    assert refused.value.values["reason"] == os.strerror(number)
    assert not list(target.iterdir())


def test_a_folder_that_is_not_there_is_said(make_till: Callable[..., Till], tmp_path: Path) -> None:
    assert refusal(lambda: make_till().about.bundle(tmp_path / "gone", Watch())) == NO_FOLDER


def test_it_can_be_cancelled(make_till: Callable[..., Till], tmp_path: Path) -> None:
    till = make_till()
    assert refusal(lambda: till.about.bundle(tmp_path, Watch(is_cancelled=lambda: True))) == CANCELLED
    assert not list(tmp_path.glob("*.zip*"))


# The facts, and the books proved


def test_the_facts_say_what_runs_here(till: Till) -> None:
    told = {fact.label: fact for fact in till.about.facts(ENGLISH)}
    assert told["SQLite"].value.count(".") >= 2
    assert ("PostgreSQL server" in told) is True
    assert (told["PostgreSQL server"].value == "–") == till.workplace.database.is_sqlite
    assert "not certified" in told["TSE"].value
    assert told["Data folder"].is_private
    assert {fact.chapter for fact in told.values()} == set(Chapter)
    assert told["All books proved"].value == "–"
    assert till.about.verify_now(Watch()) == []
    again = {fact.label: fact.value for fact in till.about.facts(ENGLISH)}
    assert again["All books proved"] == "20/11/2026 12:00"


def test_licences_name_what_is_shipped_and_used() -> None:
    names = [licence.name for licence in licences()]
    assert any(name.startswith("Tabler") for name in names)
    assert any(name.startswith("PySide6") for name in names)


def test_a_certificate_tells_its_end_if_it_is_one(tmp_path: Path, clock: FixedClock) -> None:
    with closing(SoftTse(tmp_path / "tse.db", clock)) as tse:
        certificate = tse.details().identity.certificate
    end = certificate_end(certificate)
    assert (end is None) == (not certificate)
    assert certificate_end("AAAA") is None
    assert certificate_end(None) is None


# On the command line


def test_the_command_writes_one_too(
    shop_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "stick"
    target.mkdir()
    arguments = ["support", str(target), "--data", str(shop_settings.data_dir), "--language", "en"]
    assert main(arguments) == 0
    (path,) = target.iterdir()
    assert str(path) in capsys.readouterr().out
    assert "Marie" not in "\n".join(bundled(path).values())
    assert main(["support", str(tmp_path / "gone"), *arguments[2:]]) == 1
    assert "no folder" in capsys.readouterr().err


def test_books_that_can_not_be_read_are_said_in_the_bundle(
    shop_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop_settings.data_dir / "till.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 20_000)
    target = tmp_path / "stick"
    target.mkdir()
    assert main(["support", str(target), "--data", str(shop_settings.data_dir), "--language", "en"]) == 0
    capsys.readouterr()
    (path,) = target.iterdir()
    assert "could not be read" in bundled(path)["counts.json"]
