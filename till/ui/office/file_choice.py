"""Asks for a file, as the system asks for it: where a table is written to, and which one is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from till.ui.look import Look

_TABLES = "XLSX (*.xlsx);;CSV (*.csv)"
_PDF = "PDF (*.pdf)"
_READABLE = "XLSX, CSV (*.xlsx *.csv *.txt)"


def ask_where_to_save(parent: QWidget, look: Look, name: str, then: Callable[[Path], object]) -> QFileDialog:
    """Ask where a table goes, or a PDF if `name` ends like one; `then` gets the path. Nothing waits for the answer."""
    is_pdf = name.endswith(".pdf")
    dialog = _dialog(parent, look.t("Save as PDF") if is_pdf else look.t("Save the table"), _PDF if is_pdf else _TABLES)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    if not is_pdf:
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "xlsx"))
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.open()
    return dialog


def ask_where_to_save_pdf(parent: QWidget, look: Look, name: str, then: Callable[[Path], object]) -> QFileDialog:
    """As `ask_where_to_save`, for a PDF."""
    dialog = _dialog(parent, look.t("Save as PDF"), "PDF (*.pdf)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.open()
    return dialog


def ask_which_to_read(parent: QWidget, look: Look, then: Callable[[Path], object]) -> QFileDialog:
    """Ask for a table to read; `then` gets its path."""
    every = look.t("All files")
    dialog = _dialog(parent, look.t("Choose a table"), f"{_READABLE};;{every} (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, kinds: str) -> QFileDialog:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, title, folder, kinds)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
