"""What a tender is called on this screen: the usual ones in its language, the shop's own as the shop named them."""

from __future__ import annotations

from till.i18n import LANGUAGES, Translator, msg
from till.ui.look import Look

_USUAL = {"cash": msg("Cash"), "card": msg("Card"), "voucher": msg("Voucher")}


def tender_name(look: Look, tender_id: str, name: str) -> str:
    """The name for the screen; a receipt keeps the shop's language."""
    usual = _USUAL.get(tender_id)
    if usual is not None and name in {Translator(language)(usual) for language in LANGUAGES}:
        return look.t(usual)
    return name


def booked_tender_name(look: Look, name: str) -> str:
    """As `tender_name`, for sums of which the books keep the name only."""
    known = (usual for usual in _USUAL.values() if name in {Translator(language)(usual) for language in LANGUAGES})
    return look.t(next(known, name))
