"""The scenes of the office's page for vouchers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from till.money import Money
from till.ui.office.opened import opened
from till.ui.office.vouchers.label_tab import LabelTab
from till.ui.office.vouchers.page import VouchersPage
from till.ui.office.vouchers.preload_tab import PreloadTab
from till.ui.office.vouchers.settings_tab import SettingsTab
from till.ui.stage import Scene, Stage
from till.vouchers.model import VoucherType


def office_vouchers(stage: Stage) -> QWidget:
    """The types with what is open and owed, on the first tab."""
    return _played(stage, lambda _page: None)


def office_voucher_settings(stage: Stage) -> QWidget:
    """The form of a promotion, with one type that is not sold any more in the list."""
    _old_type(stage)

    def play(page: VouchersPage) -> None:
        page.list.chosen.emit(_named(stage, "Aktion"))
        page.tabs.open_tab("settings")

    return _played(stage, play)


def office_voucher_wrong(stage: Stage) -> QWidget:
    """A type that costs more than it is worth, under a number that is taken, with a short term."""

    def play(page: VouchersPage) -> None:
        page.list.chosen.emit(_named(stage, "Aktion"))
        tab = page.tabs.open_tab("settings")
        assert isinstance(tab, SettingsTab)  # noqa: S101 - it is that tab
        tab.fields.plu.line.setText("901")
        tab.fields.sale.line.setText("50")
        tab.fields.valid_until.line.setText("31.12.2026")
        tab.fields.valid_until.changed.emit()
        tab.save()

    return _played(stage, play)


def office_voucher_new(stage: Stage) -> QWidget:
    """A new type, with a percentage on top."""

    def play(page: VouchersPage) -> None:
        page.begin_type()
        tab = page.tabs.tab
        assert isinstance(tab, SettingsTab)  # noqa: S101 - a new type begins there
        tab.fields.name.line.setText("Treue + 10 %")
        tab.fields.is_by_percent.combo.setCurrentIndex(1)
        tab.fields.percent.line.setText("12,5")
        tab.fields.first_number.line.setText("TR2026-0001")
        tab.fields.name.changed.emit()

    return _played(stage, play)


def office_voucher_complaint(stage: Stage) -> QWidget:
    """The complaint voucher, which can't be switched off."""

    def play(page: VouchersPage) -> None:
        page.list.chosen.emit(next(kind for kind in stage.till.voucher_types.types() if kind.is_complaint))
        page.tabs.open_tab("settings")

    return _played(stage, play)


def office_voucher_preload(stage: Stage) -> QWidget:
    """Numbers that begin where some are taken."""

    def play(page: VouchersPage) -> None:
        kind = _named(stage, "25")
        page.list.chosen.emit(kind)
        tab = page.tabs.open_tab("preload")
        assert isinstance(tab, PreloadTab)  # noqa: S101 - it is that tab
        tab.field.line.setText("AG25-0001")
        tab.field.changed.emit()
        tab._pause.timeout.emit()  # noqa: SLF001 - typing has paused
        tab.work.finish()

    return _played(stage, play)


def office_voucher_label(stage: Stage) -> QWidget:
    """The slip of a type."""
    return _played(stage, lambda page: _label(page, 0))


def office_voucher_small_label(stage: Stage) -> QWidget:
    """A named label."""
    return _played(stage, lambda page: _label(page, 1))


def office_voucher_rules(stage: Stage) -> QWidget:
    """The rules for all vouchers, with a short term and letters switched off."""

    def play(page: VouchersPage) -> None:
        page.show_rules()
        page.rules.years.line.setText("2")
        page.rules.letters.check.setChecked(False)
        page.rules.work.finish()
        page.rules.years._settled.timeout.emit()  # noqa: SLF001 - typing has paused
        page.rules._pause.timeout.emit()  # noqa: SLF001 - typing has paused

    return _played(stage, play)


def office_voucher_unsaved(stage: Stage) -> QWidget:
    """Another type is chosen while something is typed."""

    def play(page: VouchersPage) -> None:
        tab = page.tabs.open_tab("settings")
        assert isinstance(tab, SettingsTab)  # noqa: S101 - it is that tab
        tab.fields.sale.line.setText("35,45")
        tab.fields.sale.changed.emit()
        page.list.chosen.emit(_named(stage, "Aktion"))

    return _played(stage, play)


def _label(page: VouchersPage, place: int) -> None:
    tab = page.tabs.open_tab("label")
    assert isinstance(tab, LabelTab)  # noqa: S101 - it is that tab
    tab.template.combo.setCurrentIndex(place)
    tab.template.changed.emit()
    tab.work.finish()


def _named(stage: Stage, part: str) -> VoucherType:
    return next(kind for kind in stage.till.voucher_types.types() if part in kind.name)


def _type(stage: Stage, name: str, face: int, first_number: str) -> VoucherType:
    """A type of its own, made once: no scene may change what another one needs."""
    desk = stage.till.voucher_types
    if not any(kind.name == name for kind in desk.types()):
        desk.save(
            replace(desk.new_type(), name=name, sale=Money(2000), face=Money(face), next_number=first_number), None
        )
    return _named(stage, name)


def _old_type(stage: Stage) -> None:
    """A type that is not sold any more."""
    stage.till.voucher_types.deactivate(_type(stage, "Stadtfest 2025", 2000, "SF-0001").id)


def _played(stage: Stage, play: Callable[[VouchersPage], object]) -> QWidget:
    _type(stage, "Aktion 20 → 30", 3000, "AK-0001")
    window, page = opened(stage, "vouchers", VouchersPage)
    play(page)
    page.work.finish()
    return window


VOUCHER_SCENES: tuple[Scene, ...] = (
    office_vouchers,
    office_voucher_settings,
    office_voucher_wrong,
    office_voucher_new,
    office_voucher_complaint,
    office_voucher_preload,
    office_voucher_label,
    office_voucher_small_label,
    office_voucher_rules,
    office_voucher_unsaved,
)
