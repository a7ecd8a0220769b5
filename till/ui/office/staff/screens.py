"""The scenes of the staff's page; `till.ui.office.screens` lists them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QScrollArea

from till.app.staff import Standing
from till.errors import Refused
from till.staff.cards import new_card_code
from till.staff.changes import NO_MANAGER_LEFT
from till.staff.users import Person
from till.ui.office.opened import opened
from till.ui.office.staff.page import StaffPage
from till.ui.office.staff.rights import Own
from till.ui.office.window import OfficeWindow
from till.ui.staff.screens import hire_others
from till.ui.stage import Scene, Stage


def staff_person(stage: Stage) -> OfficeWindow:
    """A person, with what is different for them."""
    window, page = _page(stage)
    page.people.table.select(lambda one: one.person.user.short == "IN")
    page.people.form.rights.rows[next(iter(page.people.form.rights.rows))].choice.setCurrentIndex(2)
    return window


def staff_rights(stage: Stage) -> OfficeWindow:
    """What is different for a person, further down; three PINs were wrong."""
    window, page = _page(stage)
    page.people.table.select(lambda one: one.person.user.short == "JA")
    form = page.people.form
    form.show_proofs(Standing(Person(form.user(), has_pin=True, has_card=True), 3))
    rows = list(form.rights.rows.values())
    rows[3].show_own(Own.GRANTED)
    rows[6].show_own(Own.WITHDRAWN)
    QApplication.processEvents()
    area = form.findChild(QScrollArea)
    if isinstance(area, QScrollArea):
        area.verticalScrollBar().setValue(260)
    return window


def staff_new(stage: Stage) -> OfficeWindow:
    """Somebody new, with a name that is too long for receipts."""
    window, page = _page(stage)
    page.begin_new()
    page.people.form.name.line.setText("Maximiliane Freifrau von Droste zu Hülshoff und Vischering")
    page.people.form.is_right()
    return window


def staff_last_manager(stage: Stage) -> OfficeWindow:
    """The last one who manages can't let go of it."""
    window, page = _page(stage)
    page.message.refuse(Refused(NO_MANAGER_LEFT))
    return window


def staff_card(stage: Stage) -> OfficeWindow:
    """A new card."""
    from till.staff.card_paper import CardPaper
    from till.ui.office.staff.card_panel import CardPanel

    window, page = _page(stage)
    page.people.table.select(lambda one: one.person.user.short == "IN")
    window.show_panel(
        CardPanel(stage.window.look, CardPaper(stage.till.shop_name, "Ida Neumann-Oberhuber", new_card_code()))
    )
    return window


def staff_role(stage: Stage) -> OfficeWindow:
    """A role and what people in it may do."""
    window, page = _page(stage)
    page.show_view(page.roles)
    return window


def _page(stage: Stage) -> tuple[OfficeWindow, StaffPage]:
    hire_others(stage.till)
    return opened(stage, "staff", StaffPage)


SCENES: tuple[Scene, ...] = (staff_person, staff_rights, staff_new, staff_last_manager, staff_card, staff_role)
