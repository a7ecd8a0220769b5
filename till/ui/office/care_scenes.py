"""The scenes of backups, of what runs here, and of a restore; `till.ui.screens` renders them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from till.app.backup_proof import DAMAGED
from till.app.restore import Restoration
from till.app.upkeep import FOLDER_GONE
from till.errors import Refused
from till.ui.office.about import AboutPage
from till.ui.office.backups import BackupsPage
from till.ui.office.opened import opened
from till.ui.office.window import OfficeWindow
from till.ui.restoring import RestoringWindow
from till.ui.stage import Scene, Stage


def office_backups(stage: Stage) -> OfficeWindow:
    """A backup that was made now, and looked into."""
    window, page = _backups(stage)
    page.back_up_now()
    _finish(page)
    if page.table.row is not None:
        page.look_into(page.table.row.file)
        _finish(page)
    return window


def office_backups_question(stage: Stage) -> OfficeWindow:
    """The question before the books of now give way."""
    window = office_backups(stage)
    page = window.page
    if isinstance(page, BackupsPage) and page.table.row is not None:
        proof = stage.till.safekeeping.look_into(page.table.row.file)
        page.card.show_proof(replace(proof, lost=214))
        page.card.ask()
    return window


def office_backups_failed(stage: Stage) -> OfficeWindow:
    """The last backup was not written, and a file is damaged."""
    stage.till.status.note_backup(FOLDER_GONE)
    window, page = _backups(stage)
    stage.till.status.note_backup("")
    file = Path("/media/stick/till-5eed5eed-20261120-180000.db.age")
    page.card.show_file(file)
    page.message.show_refusal(Refused(DAMAGED, path=str(file), reason="page 17"))
    return window


def office_about(stage: Stage) -> OfficeWindow:
    """What runs here."""
    return opened(stage, "about", AboutPage)[0]


def restoring(stage: Stage) -> QWidget:
    """A backup is in place."""
    window = RestoringWindow(stage.window.look, Restoration(Path("till-5eed5eed-20261120-180000.db")))
    window.work.ended.emit()
    window._show_done(Path("till-before-restore-20261121-101500.db"))  # noqa: SLF001 - nothing is restored for a picture
    window.resize(stage.window.size())
    window.show()
    return window


CARE_SCENES: tuple[Scene, ...] = (
    office_backups,
    office_backups_question,
    office_backups_failed,
    office_about,
    restoring,
)


def _backups(stage: Stage) -> tuple[OfficeWindow, BackupsPage]:
    window, page = opened(stage, "backups", BackupsPage)
    _finish(page)
    return window, page


def _finish(page: BackupsPage) -> None:
    """What comes after a backup is the list, which is read as well."""
    while page.work.is_busy:
        page.work.finish()
