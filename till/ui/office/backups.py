"""Backups: the list, one now, what is in one, and one restored after a clear question (80-quality Q5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout

from till.app.backup_content import Proof
from till.app.bootstrap import Till
from till.app.safekeeping import BackupEntry, SafekeepingDesk
from till.app.watch import Watch
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.backup_card import BackupCard
from till.ui.office.page import OfficePage
from till.ui.theme import Size
from till.ui.widgets.button import Face, Kind
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.strip import Notice, Strip, Way
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import ShorteningText

_MB = 1_000_000


class BackupsPage(OfficePage):
    """The table on the left, what is in the chosen backup on the right."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Backups"))
        self._desk: SafekeepingDesk = till.safekeeping
        self._checked: dict[Path, bool] = {}
        self._doing = look.t("Reading the backups …")
        self._key_file: Path | None = None
        self.table: Table[BackupEntry] = Table(
            look,
            self._columns(),
            empty=look.t("There is no backup yet. One is made after each Z, and now if you like."),
        )
        self.card = BackupCard(look)
        self.folder = ShorteningText("", font(Size.BODY - 1), "muted")
        self._strips = QVBoxLayout()
        self.notices: list[str] = []
        self.file_button = self.head_button(Face(look.t("Other file …"), "external-link"), self._ask_file)
        self.folder_button = self.head_button(Face(look.t("Folder …"), "folder"), self._ask_folder)
        self.now_button = self.head_button(Face(look.t("Back up now"), "database"), self.back_up_now, Kind.PRIMARY)
        self._build()
        self._connect()

    def begin(self) -> None:
        """Read the list again, and say how the last backup went."""
        self._show_notices()
        self.folder.setText(self._look.t("Folder: {path}").format(path=self._desk.folder))
        if not self._desk.keeps_files:
            self._say_server()
            return
        self._doing = self._look.t("Reading the backups …")
        self.work.begin(partial(_list, self._desk), self._show)

    def back_up_now(self) -> None:
        """Make a backup beside the selling."""
        self.message.clear()
        self._doing = self._look.t("Backing up, and proving the copy …")
        self.work.begin(partial(_back_up, self._desk), self._show_made)

    def look_into(self, file: Path) -> None:
        """Read a backup from end to end; what is in it is shown on the right."""
        self.message.clear()
        self._doing = self._look.t("Reading the backup from end to end …")
        self.work.begin(partial(_prove, self._desk, file, self._key_file), self._show_proof)

    def choose_folder(self, folder: Path | None) -> None:
        """Have backups go there from now on; None: beside the books. A stick may take its time to be tried."""
        self.message.clear()
        self._doing = self._look.t("Trying the folder …")
        self.work.begin(partial(_choose, self._desk, folder), lambda _none: self.begin())

    def open_file(self, file: Path) -> None:
        """Show a backup that lies elsewhere, such as on the stick of another PC."""
        self.table.view.clearSelection()
        self.card.show_file(file)
        if not self.card.needs_key:
            self.look_into(file)

    def take_key(self, file: Path) -> None:
        """Read encrypted backups with this key file."""
        self._key_file = file
        self.card.show_key(file)
        if self.card.file is not None:
            self.look_into(self.card.file)

    def restore(self, proof: Proof) -> None:
        """Close the till, so that the backup can be put in place. What is typed elsewhere in the office keeps it open."""
        wish = partial(self._desk.wish_for, proof, self._key_file, may_lose=True)
        if self.message.attempt(wish):
            QApplication.closeAllWindows()
            QTimer.singleShot(0, self, self._see_whether_closed)

    def _see_whether_closed(self) -> None:
        if self.isVisible():
            self._desk.wish = None
            self.message.tell(
                self._look.t("The till was not closed, so nothing was restored. Save or discard what is typed first."),
                Tone.WARN,
            )

    def _show(self, entries: tuple[BackupEntry, ...]) -> None:
        chosen = self.card.file
        self.table.set_rows(entries, selected=lambda entry: entry.file == chosen)
        if chosen is None and entries:
            self.table.select(lambda entry: entry is entries[0])

    def _show_made(self, entry: BackupEntry) -> None:
        self._checked[entry.file] = True
        words = self._look.t("Backed up and proved: {name}").format(name=entry.file.name)
        self.card.forget()
        self.begin()
        self.message.tell(words)

    def _show_proof(self, proof: Proof) -> None:
        self._checked[proof.file] = True
        self.card.show_proof(proof)
        self.table.view.viewport().update()

    def _choose(self, entry: BackupEntry) -> None:
        self.card.show_file(entry.file)

    def _say_server(self) -> None:
        words = self._look.t("These books lie on a PostgreSQL server. They are backed up there, with pg_dump.")
        self.table.say_when_empty(words)
        for button in (self.now_button, self.folder_button, self.file_button):
            button.setEnabled(False)
        self.card.hide()

    def _show_notices(self) -> None:
        while (item := self._strips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        notices = self._found_notices()
        self.notices = [notice.words for notice in notices]
        for notice in notices:
            self._strips.addWidget(Strip(self._look, notice, is_narrow=False))

    def _found_notices(self) -> list[Notice]:
        t, failure = self._look.t, self._till.status.current.backup_failed
        found = [Notice(t(failure), "alert-triangle")] if failure else []
        if self._desk.keeps_files and self._desk.is_usual_folder:
            words = t(
                "The backups lie beside the books: if this disk breaks, both are gone. Choose a folder on a stick."
            )
            found.append(Notice(words, "database", ways=(Way(t("Choose a folder"), self._ask_folder),)))
        return found

    def _ask_folder(self) -> None:
        self._dialog(self._look.t("Folder of the backups"), QFileDialog.FileMode.Directory, self.choose_folder)

    def _ask_file(self) -> None:
        self._dialog(self._look.t("Choose a backup"), QFileDialog.FileMode.ExistingFile, self.open_file)

    def _ask_key(self) -> None:
        self._dialog(self._look.t("Choose the key file"), QFileDialog.FileMode.ExistingFile, self.take_key)

    def _dialog(self, title: str, mode: QFileDialog.FileMode, then: Callable[[Path], object]) -> None:
        dialog = QFileDialog(self, title, str(self._desk.folder))
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.open()
        self._asking = dialog

    def _connect(self) -> None:
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda entry: self.look_into(entry.file))
        self.card.look_asked.connect(self.look_into)
        self.card.key_asked.connect(self._ask_key)
        self.card.restore_asked.connect(self.restore)
        self.work.begun.connect(lambda: self._set_busy(True))
        self.work.ended.connect(lambda: self._set_busy(False))

    def _set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        self.now_button.setEnabled(not is_busy)
        self.card.set_busy(is_busy)

    def _build(self) -> None:
        self.progress = ProgressStrip(self._look, self.work, lambda _done: self._doing)
        self.progress.cancel_button.hide()  # a copy is made in one step, and what is half is thrown away anyway
        self._strips.setSpacing(8)
        self.body.addWidget(self.progress)
        self.body.addLayout(self._strips)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.table, 1)
        left.addWidget(self.folder)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.card)
        self.body.addLayout(row, 1)

    def _columns(self) -> tuple[Column[BackupEntry], ...]:
        t, formats = self._look.t, self._look.formats
        return (
            Column(
                t("Backed up"),
                lambda entry: f"{formats.date(entry.made_at)} {formats.time(entry.made_at)}",
                lambda entry: entry.made_at,
                is_strong=True,
                takes_rest=True,
            ),
            Column(t("Size"), _size, lambda entry: entry.size, is_figure=True, width_px=84),
            Column(
                t("Encrypted"),
                lambda entry: t("encrypted") if entry.is_sealed else "",
                tone=lambda _entry: "quiet",
                width_px=130,
                is_shown=False,
            ),
            Column(
                t("Proof"),
                lambda entry: t("read again") if entry.file in self._checked else t("proved when made"),
                tone=lambda entry: "calm" if entry.file in self._checked else "quiet",
                width_px=160,
            ),
        )


def _size(entry: BackupEntry) -> str:
    return f"{max(1, round(entry.size / _MB))} MB"


def _choose(desk: SafekeepingDesk, folder: Path | None, _watch: Watch) -> None:
    desk.choose_folder(folder)


def _list(desk: SafekeepingDesk, _watch: Watch) -> tuple[BackupEntry, ...]:
    return desk.backups()


def _back_up(desk: SafekeepingDesk, _watch: Watch) -> BackupEntry:
    return desk.back_up_now()


def _prove(desk: SafekeepingDesk, file: Path, key_file: Path | None, _watch: Watch) -> Proof:
    return desk.look_into(file, key_file)
