"""Where secrets live: in the keyring, or in the environment of one run, and nowhere else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import keyring as system_keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from till import secret as secret_module
from till.cli import main
from till.errors import Refused, Unavailable
from till.secret import Secret, Secrets

if TYPE_CHECKING:
    from tests.secrets.conftest import MemoryKeyring

PASSWORD = Secret.DATABASE_PASSWORD


class LockedKeyring(KeyringBackend):
    """A keyring whose owner is not there."""

    viable = False
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, _service: str, _username: str) -> str | None:
        """Ask for the owner."""
        raise KeyringLocked("locked")

    def set_password(self, _service: str, _username: str, _password: str) -> None:
        """Ask for the owner."""
        raise KeyringLocked("locked")


class ForgetfulKeyring(LockedKeyring):
    """A keyring that keeps nothing, like `keyring.backends.null`."""

    def get_password(self, _service: str, _username: str) -> str | None:
        """Nothing."""
        return None

    def set_password(self, _service: str, _username: str, _password: str) -> None:
        """Nothing."""


@pytest.mark.usefixtures("keyring")
def test_a_secret_is_kept_until_it_is_deleted(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    assert secrets.get(PASSWORD) is None
    secrets.set(PASSWORD, "Tulpe 7")
    assert Secrets(tmp_path).get(PASSWORD) == "Tulpe 7"
    secrets.delete(PASSWORD)
    secrets.delete(PASSWORD)
    assert secrets.get(PASSWORD) is None


@pytest.mark.usefixtures("keyring")
def test_two_shops_on_one_pc_have_secrets_of_their_own(tmp_path: Path) -> None:
    Secrets(tmp_path / "a").set(PASSWORD, "Tulpe 7")
    assert Secrets(tmp_path / "b").get(PASSWORD) is None
    assert Secrets(tmp_path / "b" / ".." / "a").get(PASSWORD) == "Tulpe 7"


def test_the_environment_of_one_run_goes_first(
    tmp_path: Path, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = Secrets(tmp_path)
    keyring.set_password(f"till {tmp_path.resolve()}", "database-password", "from the keyring")
    (tmp_path / "database-password").write_text("from systemd\n", encoding="utf-8")
    assert secrets.get(PASSWORD) == "from the keyring"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secrets.get(PASSWORD) == "from systemd"
    assert secrets.get(Secret.DATABASE_KEY) is None
    monkeypatch.setenv("TILL_DATABASE_PASSWORD", "from the environment")
    assert secrets.get(PASSWORD) == "from the environment"


@pytest.mark.usefixtures("no_keyring")
def test_a_credential_that_cant_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database-password").mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(Unavailable) as said:
        Secrets(tmp_path).get(PASSWORD)
    assert said.value.msgid == secret_module.KEYRING_CLOSED


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_the_way_on_is_said(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    assert secrets.get(PASSWORD) is None
    secrets.delete(PASSWORD)
    with pytest.raises(Refused, match=r"TILL_DATABASE_PASSWORD.*systemd") as said:
        secrets.set(PASSWORD, "Tulpe 7")
    assert "Tulpe" not in str(said.value)


@pytest.mark.usefixtures("no_keyring")
def test_a_locked_keyring_is_not_an_empty_one(tmp_path: Path) -> None:
    system_keyring.set_keyring(LockedKeyring())
    with pytest.raises(Unavailable, match="Unlock it"):
        Secrets(tmp_path).get(PASSWORD)
    with pytest.raises(Unavailable, match="Unlock it"):
        Secrets(tmp_path).set(PASSWORD, "Tulpe 7")


@pytest.mark.usefixtures("no_keyring")
def test_a_keyring_that_forgets_is_found_out(tmp_path: Path) -> None:
    system_keyring.set_keyring(ForgetfulKeyring())
    with pytest.raises(Unavailable, match="did not keep"):
        Secrets(tmp_path).set(PASSWORD, "Tulpe 7")


@pytest.mark.usefixtures("keyring")
def test_the_command_stores_what_is_given_and_never_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Tulpe 7\n"))
    at = ["--data", str(tmp_path), "--language", "en"]
    assert main(["secret", "set", "database-password", *at]) == 0
    assert Secrets(tmp_path).get(PASSWORD) == "Tulpe 7"
    assert main(["secret", "delete", "database-password", *at]) == 0
    assert Secrets(tmp_path).get(PASSWORD) is None
    assert main(["secret", "set", "database-password", *at]) == 1
    told = capsys.readouterr()
    assert "Tulpe" not in told.out + told.err
    assert "nothing to store" in told.err


@pytest.mark.usefixtures("keyring")
def test_at_the_keyboard_it_is_typed_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("seen"))
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "Tulpe 7")
    assert main(["secret", "set", "database-password", "--data", str(tmp_path)]) == 0
    assert Secrets(tmp_path).get(PASSWORD) == "Tulpe 7"
