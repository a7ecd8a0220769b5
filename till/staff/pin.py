"""PINs: what may be one, and the slow hash that is all the till keeps of it (80-quality X1)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from till.errors import Refused
from till.i18n import msg

SHORTEST, LONGEST = 4, 8
NOT_A_PIN = msg("A PIN has {shortest} to {longest} digits. Type digits only.")
TOO_SIMPLE = msg(
    "This PIN is the first that anybody would try. Choose one that is no row of the same or neighbouring digits."
)
_STEPS = {-1, 0, 1}


class PinHashing(Protocol):
    """Turns a PIN into a hash that can be kept. Each call takes its time, so it is never made on the GUI thread."""

    def hash(self, pin: str) -> str:
        """The hash with its own salt and parameters."""
        ...

    def verify(self, stored: str, pin: str) -> bool:
        """Whether the PIN is the one of this hash; False too for a hash that can't be read."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        ...


@dataclass(frozen=True, slots=True)
class Argon2:
    """argon2id; the usual cost is the second recommendation of RFC 9106: 3 passes over 64 MiB, some 0.1 s on a small PC."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4

    def hash(self, pin: str) -> str:
        """The hash in the PHC text form, with a random salt."""
        from argon2 import PasswordHasher

        return PasswordHasher(self.passes, self.memory_kib, self.lanes).hash(pin)

    def verify(self, stored: str, pin: str) -> bool:
        """Whether the PIN is right; the hash itself says with which parameters it was made."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return PasswordHasher().verify(stored, pin)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made with other parameters."""
        from argon2 import PasswordHasher

        return PasswordHasher(self.passes, self.memory_kib, self.lanes).check_needs_rehash(stored)


def checked_pin(typed: str) -> str:
    """A new PIN; Refused when it isn't 4 to 8 plain digits, or a row that anybody would try first.

    Two people may have the same PIN: one chooses the name first, so nobody is told that a PIN is taken.
    """
    if not is_pin(typed):
        raise Refused(NOT_A_PIN, shortest=SHORTEST, longest=LONGEST)
    steps = {int(after) - int(before) for before, after in pairwise(typed)}
    if len(steps) == 1 and steps <= _STEPS:
        raise Refused(TOO_SIMPLE)
    return typed


def is_pin(typed: str) -> bool:
    """Whether it looks like a PIN; digits of other scripts don't."""
    return typed.isascii() and typed.isdigit() and SHORTEST <= len(typed) <= LONGEST
