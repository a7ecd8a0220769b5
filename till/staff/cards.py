"""Staff cards: a code that the till itself makes, printed as a barcode, and kept only as its digest.

The till makes the code from 100 random bits, so a plain SHA-256 can't be turned back and finds its owner by one look-up.
A shop's own numbers (an EAN, a chip's serial) could be guessed from such a digest, and are not taken.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from till.i18n import msg

PREFIX = "$S"
DIGITS = 30
STAFF_CARD = msg("This is a staff card. Sign in with it where the names are.")
_CARD = re.compile(r"\$S[0-9]{30}", re.ASCII | re.IGNORECASE)


def new_card_code() -> str:
    """A code that nobody has yet; digits, because Code 128 packs two of them into one sign."""
    return PREFIX + f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def is_card(code: str) -> bool:
    """Whether a scanned text is a staff card; it is a secret then, and must not be shown or logged."""
    return _CARD.fullmatch(code.strip()) is not None


def card_digest(code: str) -> str:
    """What is kept of a card: the SHA-256 of its code, as hex."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
