"""The address of the database: stored without a password, never repeated, and with TLS wherever it leaves this PC."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from till.cli import main
from till.db.engine import NO_CONNECTION, Database
from till.db.server import NO_TLS, with_tls
from till.errors import Refused, Unavailable
from till.settings import FILE, NO_ADDRESS, PASSWORD_SHOWN, load, save

SERVER = "postgresql+psycopg://till@server/till"


@pytest.fixture(autouse=True)
def _no_libpq_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)


def test_a_server_is_remembered_and_the_usual_file_is_not(tmp_path: Path) -> None:
    save(load(tmp_path))
    assert "database_url" not in (tmp_path / FILE).read_text(encoding="utf-8")
    save(load(tmp_path, database_url=SERVER))
    assert load(tmp_path).database_url == SERVER
    assert load(tmp_path, database_url="sqlite:///other.db").database_url == "sqlite:///other.db"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://till:Tulpe7@server/till",
        "postgresql+psycopg://till@server/till?password=Tulpe7",
        "postgresql+psycopg://till:@server/till",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused) as said:
        load(tmp_path, database_url=address)
    assert said.value.msgid == PASSWORD_SHOWN
    (tmp_path / FILE).write_text(f'database_url = "{address}"\n', encoding="utf-8")
    assert main(["run", "--data", str(tmp_path), "--language", "en"]) == 1
    told = capsys.readouterr().err
    assert "till secret set database-password" in told
    assert "Tulpe7" not in told


@pytest.mark.parametrize("address", ["Tulpe7", "postgresql://till:Tulpe7@server:port/till", "mysql://server/Tulpe7"])
def test_what_is_no_address_is_not_repeated_either(address: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as said:
        load(tmp_path, database_url=address)
    assert said.value.msgid in {NO_ADDRESS, PASSWORD_SHOWN}
    assert "Tulpe7" not in str(said.value)


@pytest.mark.parametrize("address", ['"postgresql+psycopg://till:Tulpe7@server/till\\n"', '["Tulpe7"]'])
def test_an_address_of_the_wrong_kind_is_not_repeated(address: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"database_url = {address}\n", encoding="utf-8")
    with pytest.raises(Refused, match="database_url") as said:
        load(tmp_path)
    assert "Tulpe7" not in str(said.value)


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql+psycopg://till@server/till", "require"),
        ("postgresql+psycopg://till@192.168.1.5:5433/till", "require"),
        ("postgresql+psycopg://till@/till?host=server", "require"),
        ("postgresql+psycopg://till@/till?host=/run/postgresql&host=server", "require"),
        ("postgresql+psycopg://till@localhost/till?hostaddr=10.0.0.1", "require"),
        ("postgresql+psycopg://till@server/till?sslmode=verify-full&sslrootcert=ca.pem", "verify-full"),
        ("postgresql+psycopg://till@/till", None),
        ("postgresql+psycopg://till@localhost/till", None),
        ("postgresql+psycopg://till@127.0.0.1/till", None),
        ("postgresql+psycopg://till@[::1]/till", None),
        ("postgresql+psycopg://till@/till?host=/run/postgresql", None),
    ],
)
def test_what_leaves_this_pc_is_encrypted(address: str, mode: str | None) -> None:
    url = with_tls(make_url(address))
    assert url.query.get("sslmode") == mode
    assert url.difference_update_query(["sslmode"]) == make_url(address).difference_update_query(["sslmode"])


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "nonsense"])
def test_a_way_without_encryption_is_refused(mode: str) -> None:
    with pytest.raises(Refused, match=f"server must be encrypted.*sslmode={mode}"):
        with_tls(make_url(f"{SERVER}?sslmode={mode}"))


def test_what_libpq_takes_from_its_own_variables_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert with_tls(make_url(SERVER)).query["sslmode"] == "verify-full"
    monkeypatch.setenv("PGHOST", "far.away")
    assert with_tls(make_url("postgresql+psycopg://till@/till")).query["sslmode"] == "verify-full"
    monkeypatch.setenv("PGSSLMODE", "disable")
    with pytest.raises(Refused, match="must be encrypted"):
        with_tls(make_url(SERVER))


@pytest.fixture
def server_without_tls() -> Iterator[int]:
    """The port of something that answers PostgreSQL's question for TLS with no (manual 54.2.10)."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            caller, _address = listener.accept()
            with caller:
                caller.recv(8)
                caller.sendall(b"N")
                caller.recv(8)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def _said(url: str) -> str:
    database = Database(url)
    with pytest.raises(Unavailable) as said, database.read() as session:
        session.execute(text("SELECT 1"))
    database.close()
    return said.value.msgid


def test_a_server_without_tls_is_named_as_such(server_without_tls: int) -> None:
    assert _said(f"postgresql+psycopg://till@127.0.0.1:{server_without_tls}/till?sslmode=require") == NO_TLS


def test_a_server_that_is_off_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert _said(f"postgresql+psycopg://till@127.0.0.1:{port}/till") == NO_CONNECTION
