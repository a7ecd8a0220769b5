"""The scenes of the office's pages for vouchers in files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from till.money import Money
from till.ui.office.opened import opened
from till.ui.office.vouchers.labels_page import LabelsPage, Source
from till.ui.office.vouchers.old_page import OldVouchersPage
from till.ui.office.vouchers.run_page import NumberRunPage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage

_HEADER = "Nummer;Restwert;Bezahlt;Verkauft am;Gültig bis;Bemerkung"
_GOOD = (
    "AG-1004;25,00;bezahlt;12.03.2024;31.12.2027;",
    "AG-1005;12,50;bezahlt;14.03.2024;31.12.2027;",
    "GE-0099;15,00;geschenkt;;;Jubiläum",
    "000123;49,90;;01.02.2019;31.12.2025;",
)
_WRONG = (*_GOOD, "AG-1004;5;;;;", "AG-1006;0,00;;;;", "AG-1007;12,345;;;;", ";10;;;;")


def office_old_vouchers(stage: Stage) -> QWidget:
    """A place for a table, and one by hand."""
    window, page = opened(stage, "old-vouchers", OldVouchersPage)
    page.by_hand.number.type_in("AG-0815")
    page.by_hand.value.type_in(Money(2500))
    return window


def office_old_vouchers_wrong(stage: Stage) -> QWidget:
    """One by hand that can't be."""
    window, page = opened(stage, "old-vouchers", OldVouchersPage)
    page.by_hand.number.type_in("АG-0815")
    page.by_hand.value.type_in(Money(0))
    page.by_hand.valid_until.line.setText("31.12.27")
    page.by_hand.form.is_right()
    return window


def office_old_vouchers_ready(stage: Stage) -> QWidget:
    """A table of which all can be brought in."""
    return _checked(stage, _GOOD)


def office_old_vouchers_refused(stage: Stage) -> QWidget:
    """A table with rows that are refused."""
    return _checked(stage, _WRONG)


def office_old_vouchers_in(stage: Stage) -> QWidget:
    """The vouchers are in the books."""
    window = _checked(stage, _GOOD)
    page = window.page
    assert isinstance(page, OldVouchersPage)  # noqa: S101 - it was opened as that
    page.bring_in()
    page.work.finish()
    return window


def office_voucher_run(stage: Stage) -> QWidget:
    """Numbers for cards, begun with other characters among the digits."""
    window, page = opened(stage, "voucher-run", NumberRunPage)
    page.start.line.setText("AG2026-0098")
    page.start.changed.emit()
    return window


def office_voucher_run_wrong(stage: Stage) -> QWidget:
    """Numbers that can't be."""
    window, page = opened(stage, "voucher-run", NumberRunPage)
    page.count.type_in(20_000_000)
    page.form.is_right()
    return window


def office_voucher_labels(stage: Stage) -> QWidget:
    """A sheet of labels of which four are used."""
    window, page = opened(stage, "voucher-labels", LabelsPage)
    page.start.type_in("000101")
    page.first.type_in(5)
    page.with_value.type_in(True)
    page.show_preview()
    page.drawing.finish()
    return window


def office_voucher_labels_import(stage: Stage) -> QWidget:
    """Small labels of an import."""
    office_old_vouchers_in(stage).close()
    window, page = opened(stage, "voucher-labels", LabelsPage)
    page.choose(Source.IMPORT)
    page.sheet.combo.setCurrentIndex(2)
    page.with_validity.type_in(True)
    page.show_preview()
    page.drawing.finish()
    return window


def office_voucher_labels_unknown(stage: Stage) -> QWidget:
    """A number that no voucher has."""
    window, page = opened(stage, "voucher-labels", LabelsPage)
    page.choose(Source.VOUCHERS)
    page.numbers.type_in(("AG-9999",))
    page.show_preview()
    page.drawing.finish()
    return window


def _checked(stage: Stage, rows: tuple[str, ...]) -> OfficeWindow:
    window, page = opened(stage, "old-vouchers", OldVouchersPage)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Altgutscheine 2026.csv"
        path.write_text("\n".join([_HEADER, *rows]), "utf-8")
        page.check(path)
        page.work.finish()
    return window


FILE_SCENES: tuple[Scene, ...] = (
    office_old_vouchers,
    office_old_vouchers_wrong,
    office_old_vouchers_ready,
    office_old_vouchers_refused,
    office_old_vouchers_in,
    office_voucher_run,
    office_voucher_run_wrong,
    office_voucher_labels,
    office_voucher_labels_import,
    office_voucher_labels_unknown,
)
