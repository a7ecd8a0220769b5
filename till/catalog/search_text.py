"""How names are compared while somebody types: small letters, umlauts and ß folded, only words."""

from __future__ import annotations

import unicodedata

_SPELLED_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def normalised(text: str) -> str:
    """`text` as words of letters and digits with one blank between: "Müsli", "Muesli", "musli" become "musli".

    ß and ss are the same; so are ä, ae and a, because people type all three.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    for spelled, plain in _SPELLED_UMLAUTS:
        letters = letters.replace(spelled, plain)
    return " ".join(letters.split())
