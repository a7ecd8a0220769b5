"""Roles: the list on the left, what people in one of them may do on the right."""

from __future__ import annotations

import uuid
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.staff.permission import Permission, Rights, check_limit, check_percent
from till.staff.roles import Role
from till.staff.users import Person
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.staff.person_form import foot
from till.ui.office.staff.rights import permission_words
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import CheckField, Form, MoneyField, NumberField, TextField
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

UNSAVED = msg("Something typed here is not saved yet. Save or discard it first.")


class Roles(QWidget):
    """A change counts at once for all who are in the role, at every till."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__()
        t = look.t
        self._look, self._desk, self._message = look, till.staff, message
        self._role_id = ""
        self._roles: tuple[Role, ...] = ()
        self._people: Counter[str] = Counter()
        self.table: Table[Role] = Table(look, self._columns(), empty=t("No roles."), searches=False)
        self.name = TextField(look, t("Name"), is_needed=True)
        self.percent = NumberField(look, t("Most discount in %"), _check_ceiling, is_needed=True)
        self.limit = MoneyField(look, t("Most for a return without a receipt"), _check_limit)
        self.limit.show_hint(t("no limit"))
        self.checks = {one: CheckField(look, permission_words(look, one)) for one in Permission}
        self._form = Form(self.name, self.percent, self.limit, *self.checks.values())
        self.save_button = Button(look, Face(t("Save"), "check"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard")))
        self.table.chosen.connect(self._chosen)
        self.save_button.clicked.connect(self.save)
        self.discard_button.clicked.connect(self.discard)
        self._build()
        self._show(Role("", "", Rights()))

    def begin(self) -> None:
        """Read the roles again; what is typed and not saved stays."""
        self._message.attempt(lambda: (self._desk.roles(), self._desk.everybody()), lambda found: self._take(*found))

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost; else it says so."""
        if self._form.is_changed:
            self._message.refuse(Refused(UNSAVED))
        return not self._form.is_changed

    def begin_new(self) -> None:
        """Begin with a new role, which may nothing yet."""
        if self.may_leave():
            self._message.clear()
            self._show(Role("", "", Rights()))
            self.table.view.clearSelection()
            self.name.setFocus()

    def save(self) -> None:
        """Store the role; what can't be taken says why, and nothing is lost."""
        if not self._form.is_right():
            return
        role = self._typed()
        self._message.insist(lambda: self._desk.change_role(role), lambda _: self._saved(role))

    def discard(self) -> None:
        """Forget what is typed."""
        self._message.clear()
        self._show_stored()

    def _typed(self) -> Role:
        permissions = frozenset(one for one, check in self.checks.items() if check.value())
        role_id = self._role_id or uuid.uuid4().hex[:12]
        rights = Rights(permissions, self.percent.value() or 0, self.limit.value())
        return Role(role_id, " ".join(self.name.value().split()), rights)

    def _take(self, roles: tuple[Role, ...], people: tuple[Person, ...]) -> None:
        self._roles = roles
        self._people = Counter(person.user.role_id for person in people if person.user.is_active)
        if not self._form.is_changed:
            self._show_stored()
        else:
            self._fill()

    def _show_stored(self) -> None:
        """The role that is shown as it is stored; where it is not, the first one."""
        shown = next((one for one in self._roles if one.id == self._role_id), None) or next(iter(self._roles), None)
        if shown is not None:
            self._show(shown)

    def _chosen(self, role: Role) -> None:
        if role.id == self._role_id:
            return
        if self.may_leave():
            self._message.clear()
            self._show(role)
        else:
            self._fill()

    def _show(self, role: Role) -> None:
        self._role_id = role.id
        self.name.set_value(role.name)
        self.percent.set_value(role.rights.discount_percent)
        self.limit.set_value(role.rights.return_limit)
        for permission, check in self.checks.items():
            check.set_value(permission in role.rights.permissions)
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self._roles, selected=lambda one: one.id == self._role_id)

    def _saved(self, role: Role) -> None:
        self._role_id = role.id
        self._roles = self._desk.roles()
        self._show(role)
        self._message.tell(self._look.t("The role {role} is saved.").format(role=role.name))

    def _columns(self) -> list[Column[Role]]:
        t = self._look.t
        return [
            Column(t("Role"), lambda role: role.name, is_strong=True, takes_rest=True),
            Column(t("People"), lambda role: str(self._people[role.id]), is_figure=True, width_px=96),
        ]

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.name)
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self.percent, self.limit):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(Text(self._look.t("People in this role may"), bold(Size.BODY)))
        for check in self.checks.values():
            column.addWidget(check)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        card = QFrame()
        card.setProperty("role", "card")
        outer = QVBoxLayout(card)
        outer.setContentsMargins(1, 8, 1, 8)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(foot(self.discard_button, self.save_button))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.table, 2)
        row.addWidget(card, 3)


def _check_ceiling(percent: int | None) -> None:
    check_percent(percent or 0)


def _check_limit(limit: Money | None) -> None:
    check_limit(limit)
