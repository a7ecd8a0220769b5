"""How this PC's scanner types, with a line that shows what it reads."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.settings.part import SettingsPart
from till.ui.theme import Size
from till.ui.widgets.form import ChoiceField, NumberField, TextField
from till.ui.widgets.text import Text

_GAPS = range(1, 1001)
_LONGEST_PREFIX = 8


class ScannerPart(SettingsPart):
    """Prefix, decoding and the gap between keys; a scan on this page is shown and sells nothing."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Scanner"))
        t = look.t
        self.read = Text(t("Scan something now: what was read appears here."), semibold(Size.BODY)).wrapped()
        self._fill(
            {
                "scanner_decoding": ChoiceField(
                    look,
                    t("What the scanner’s keys mean"),
                    [(t("their places, as on a US keyboard (usual)"), "us-keys"), (t("the letters they give"), "text")],
                ),
                "scanner_prefix": TextField(look, t("Sign that the scanner sends before each code"), check_prefix),
                "scanner_gap_ms": NumberField(
                    look, t("Longest time between two keys of a scan, in milliseconds"), check_gap, is_needed=True
                ),
            },
            self._note(
                t(
                    "A scanner that sends a sign such as F13 first is never mistaken for typing. Without one, speed tells."
                )
            ),
            self.read,
        )

    def on_scan(self, code: str) -> bool:
        """Show what was read."""
        self.read.setText(self._look.t("Read: {code}").format(code=shortened(code, 80)))
        return True


def check_prefix(typed: str) -> None:
    """Refuse what is neither one character nor the name of a key."""
    if len(typed) > _LONGEST_PREFIX or not typed.isprintable():
        raise Refused(msg("One character, or the name of a key such as F13."))


def check_gap(gap_ms: int | None) -> None:
    """Refuse a gap that no scanner has."""
    if gap_ms is not None and gap_ms not in _GAPS:
        raise Refused(msg("Between 1 and 1000 milliseconds; 35 is usual."))
