"""When this PC locks, how its drawer is counted, and where its backups go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from till.app.bootstrap import Till
from till.errors import Refused
from till.i18n import msg
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.settings.part import SettingsPart
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import CheckField, NumberField, TextField

_MINUTE_S = 60
_MOST_MINUTES = 1440


class SecurityPart(SettingsPart):
    """Lock, blind count, and the folder of the backups."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Security"))
        t = look.t
        folder = TextField(look, t("Folder of the backups"), self._check_folder)
        folder.line.setMaxLength(1000)
        folder.show_hint(t("beside the books"))
        self._fill(
            {
                "lock_after_s": NumberField(
                    look, t("Lock after so many minutes without a touch (0: never)"), check_minutes, is_needed=True
                ),
                "blind_count": CheckField(
                    look, t("Count blindly: what should be in the drawer is told after the count")
                ),
                "backup_dir": folder,
            }
        )
        choose = Button(look, Face(t("Choose a folder"), "folder"))
        choose.clicked.connect(lambda _: self._choose())
        self._offer(choose)
        self._folder = folder

    def shown(self, name: str, value: object) -> object:
        """Seconds are shown as minutes, begun ones as whole."""
        if name == "lock_after_s" and isinstance(value, int):
            return -(-value // _MINUTE_S)
        return value

    def kept(self, name: str, value: object) -> object:
        """Minutes are kept as seconds; what was not changed stays to the second."""
        if name == "lock_after_s" and isinstance(value, int):
            stored = self._till.settings.lock_after_s
            return stored if self.shown(name, stored) == value else value * _MINUTE_S
        return value

    def take_folder(self, path: str) -> None:
        """Put a chosen folder into its field."""
        self._folder.line.setText(path)
        self._folder.changed.emit()
        self._folder.is_right()

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self._look.t("Folder of the backups"), self._folder.line.text())
        if path:
            self.take_folder(path)

    def _check_folder(self, typed: str) -> None:
        if typed and not (self._till.settings.data_dir / Path(typed)).is_dir():
            raise Refused(msg("This folder is not there. Plug in its disk, or choose another one."))


def check_minutes(minutes: int | None) -> None:
    """Refuse more than a day."""
    if minutes is not None and not 0 <= minutes <= _MOST_MINUTES:
        raise Refused(msg("Between 0 and 1440 minutes."))
