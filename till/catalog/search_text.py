"""How names are compared while somebody types: small letters, umlauts and ß folded, only words."""

from __future__ import annotations

import unicodedata

_SPELLED_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def normalised(text: str) -> str:
    """`text` as words of letters and digits with one blank between: "Müsli", "Muesli", "musli" become "musli".

    ß and ss are the same; so are ä, ae and a, because people type all three.
    """
    folded = text.casefold()
    decomposed = folded if folded.isascii() else unicodedata.normalize("NFKD", folded)
    letters = decomposed.translate(_LETTERS)
    for spelled, plain in _SPELLED_UMLAUTS:
        letters = letters.replace(spelled, plain)
    return " ".join(letters.split())


class _Letters(dict[int, str | None]):
    """What stands for each character: itself, a blank, or nothing for an accent. Learned when it is first met."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        found = None if unicodedata.combining(letter) else letter if letter.isalnum() else " "
        if code < _REMEMBERED:
            self[code] = found
        return found


_REMEMBERED = 0x3000  # all alphabets; the many thousand signs behind them would only fill the memory
_LETTERS = _Letters()
