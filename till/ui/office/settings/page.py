"""The page about this PC, in six parts."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.office.parts import PartedPage
from till.ui.office.settings.keys import KeysPart
from till.ui.office.settings.printer import PrinterPart
from till.ui.office.settings.scanner import ScannerPart
from till.ui.office.settings.screen import ScreenPart, SoundsPart
from till.ui.office.settings.security import SecurityPart


class SettingsPage(PartedPage):
    """What differs from PC to PC, and may be changed while the till sells."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Settings of this PC"))
        self.screen_part = ScreenPart(self, look, till)
        self.sounds = SoundsPart(self, look, till)
        self.scanner = ScannerPart(self, look, till)
        self.keys = KeysPart(self, look, till)
        self.security = SecurityPart(self, look, till)
        self.printer = PrinterPart(self, look, till)
        self._take((self.screen_part, self.sounds, self.scanner, self.keys, self.security, self.printer))
