"""Two sounds, one for a scan that worked and one for a scan that did not; never waited for."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QProcess, QTimer
from PySide6.QtWidgets import QApplication

from till.i18n import resource

_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))


@dataclass(slots=True)
class Sounds:
    """Plays the sounds after the screen was painted; without a player the computer beeps: once, or twice for a no."""

    are_on: bool = True

    def good(self) -> None:
        """The scan was taken."""
        self._later("scan-ok.wav", beeps=0)

    def bad(self) -> None:
        """The scan was refused; look at the screen."""
        self._later("scan-fail.wav", beeps=2)

    def _later(self, name: str, *, beeps: int) -> None:
        if self.are_on:
            QTimer.singleShot(0, lambda: _play(resource("sounds", name), beeps))


def _play(sound: Path, beeps: int) -> None:
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(sound), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        return
    player = _player()
    if player:
        QProcess.startDetached(player[0], [*player[1:], str(sound)])
        return
    for number in range(beeps):
        QTimer.singleShot(180 * number, QApplication.beep)


@cache
def _player() -> tuple[str, ...]:
    return next((player for player in _PLAYERS if shutil.which(player[0])), ())
