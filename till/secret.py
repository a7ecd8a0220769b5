"""What nobody may read: passwords and keys, kept in the system's keyring and never in a file of the till.

Beside the keyring they may come from the environment of the program, which wins: `TILL_DATABASE_PASSWORD`, or the file
`database-password` in `$CREDENTIALS_DIRECTORY`, where systemd puts what a unit names with `LoadCredentialEncrypted=`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from till.errors import Refused, Unavailable
from till.i18n import msg

_CREDENTIALS = "CREDENTIALS_DIRECTORY"

NO_KEYRING = msg(
    "This PC has no keyring to keep “{name}” in. Install one (GNOME Keyring or KWallet), or give it to the till when it "
    "starts: as {variable}, or as the systemd credential {name}."
)
KEYRING_CLOSED = msg("The keyring of this PC does not open: {reason}. Unlock it and try again.")
NOT_KEPT = msg("The keyring of this PC did not keep “{name}”. Nothing was changed.")


class Secret(StrEnum):
    """The secrets of a till, by the name under which they are stored."""

    DATABASE_PASSWORD = "database-password"  # noqa: S105 - a name
    DATABASE_KEY = "database-key"

    @property
    def variable(self) -> str:
        """The environment variable that may bring it."""
        return "TILL_" + self.value.upper().replace("-", "_")


class Secrets:
    """The secrets of the till in this data folder. Raises Unavailable while the keyring is locked."""

    def __init__(self, data_dir: Path) -> None:
        self._service = f"till {data_dir.resolve()}"

    def get(self, secret: Secret) -> str | None:
        """The secret; None where nobody gave one, and where there is no keyring."""
        given = os.environ.get(secret.variable) or _credential(secret)
        if given is not None:
            return given
        import keyring
        from keyring.errors import NoKeyringError

        try:
            with _keyring_errors():
                return keyring.get_password(self._service, secret.value)
        except NoKeyringError:
            return None

    def set(self, secret: Secret, value: str) -> None:
        """Keep the secret in the keyring and read it back. Refused in words where there is none."""
        import keyring
        from keyring.errors import NoKeyringError

        try:
            with _keyring_errors():
                keyring.set_password(self._service, secret.value, value)
                kept = keyring.get_password(self._service, secret.value)
        except NoKeyringError:
            raise Refused(NO_KEYRING, name=secret.value, variable=secret.variable) from None
        if kept != value:
            raise Unavailable(NOT_KEPT, name=secret.value)

    def delete(self, secret: Secret) -> None:
        """Take the secret out of the keyring; one that isn't there is gone already."""
        import keyring
        from keyring.errors import NoKeyringError, PasswordDeleteError

        with contextlib.suppress(NoKeyringError, PasswordDeleteError), _keyring_errors():
            keyring.delete_password(self._service, secret.value)


def _credential(secret: Secret) -> str | None:
    """What systemd laid ready for this run of the program."""
    folder = os.environ.get(_CREDENTIALS)
    if not folder:
        return None
    try:
        return (Path(folder) / secret.value).read_text(encoding="utf-8").removesuffix("\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(KEYRING_CLOSED, reason=type(error).__name__) from None


@contextlib.contextmanager
def _keyring_errors() -> Iterator[None]:
    """A keyring that is locked or broken, in a sentence; that there is none, or no such entry, is the caller's to say."""
    from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError

    try:
        yield
    except (NoKeyringError, PasswordDeleteError):
        raise
    except (KeyringError, OSError) as error:
        raise Unavailable(KEYRING_CLOSED, reason=str(error) or type(error).__name__) from None
