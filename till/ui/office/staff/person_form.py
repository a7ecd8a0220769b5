"""The form of one person: who they are, their role, what is different for them, and what they sign in with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from till.app.staff import Standing
from till.staff.permission import Rights, check_percent
from till.staff.roles import Role
from till.staff.users import OwnRights, Person, User, checked_name, checked_short
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.office.staff.rights import RightRows
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import CheckField, ChoiceField, Form, NumberField, TextField
from till.ui.widgets.text import Text

NEW = ""
"""The id of a person who is not stored yet."""


class PersonForm(QFrame):
    """`saved_asked`, `discard_asked`; the buttons of PIN and card ask at once, they are no part of what is typed."""

    save_asked = Signal()
    discard_asked = Signal()
    pin_asked = Signal()
    pin_taken = Signal()
    card_asked = Signal()
    card_taken = Signal()
    unlock_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        t = look.t
        self._look = look
        self._roles: tuple[Role, ...] = ()
        self._shown = User(NEW, "", "")
        self._pin = ""
        self.setProperty("role", "card")
        self.name = TextField(look, t("Name"), checked_name, is_needed=True)
        self.short = TextField(look, t("Initials"), checked_short, is_needed=True)
        self.role: ChoiceField[str] = ChoiceField(look, t("Role"), ())
        self.active = CheckField(look, t("Works here"))
        self.percent = NumberField(look, t("Most discount in %"), _check_ceiling)
        self.rights = RightRows(look)
        self._form = Form(self.name, self.short, self.role, self.active, self.percent)
        self._proofs = Text("", font(Size.BODY)).wrapped()
        self.pin_button = Button(look, Face(t("New PIN"), "shield-check"))
        self.no_pin_button = Button(look, Face(t("Take the PIN away"), "x"))
        self.card_button = Button(look, Face(t("New card"), "barcode"))
        self.no_card_button = Button(look, Face(t("Take the card away"), "x"))
        self.unlock_button = Button(look, Face(t("Unlock"), "lock"), Kind.SOFT)
        self.save_button = Button(look, Face(t("Save"), "check"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard")))
        self._build()
        self._connect()
        self._show(self._shown, OwnRights())

    @property
    def is_changed(self) -> bool:
        """Whether something typed is not saved."""
        return self._form.is_changed or self.rights.is_changed or bool(self._pin)

    @property
    def is_new(self) -> bool:
        """Whether it is somebody who is not stored yet."""
        return self._shown.id == NEW

    @property
    def user_id(self) -> str:
        """Whose form it is; NEW for somebody new."""
        return self._shown.id

    @property
    def pin(self) -> str | None:
        """The PIN that somebody new begins with."""
        return self._pin or None

    def is_right(self) -> bool:
        """Whether all of it can be taken; what can't says so."""
        return self._form.is_right()

    def user(self) -> User:
        """The person as typed; raises Refused."""
        return replace(
            self._shown,
            name=checked_name(self.name.value()),
            short=checked_short(self.short.value()),
            is_active=self.active.value(),
            role_id=self.role.value(),
        )

    def own_rights(self) -> OwnRights:
        """What is different for the person, as chosen; raises Refused."""
        return OwnRights(self.rights.granted, self.rights.withdrawn, self.percent.value())

    def show_roles(self, roles: Sequence[Role]) -> None:
        """The roles that there are."""
        self._roles = tuple(roles)
        self.role.offer([(role.name, role.id) for role in roles])
        self.role.set_value(self._shown.role_id)

    def show_person(self, standing: Standing, own: OwnRights) -> None:
        """Show somebody who is stored."""
        self._show(standing.person.user, own)
        self.show_proofs(standing)

    def show_new(self, role_id: str) -> None:
        """Begin with somebody new."""
        self._show(User(NEW, "", "", role_id=role_id), OwnRights())
        self.show_proofs(Standing(Person(self._shown, has_pin=False, has_card=False), 0))
        self.name.setFocus()

    def take_pin(self, pin: str) -> None:
        """Keep the PIN of somebody new until they are saved."""
        self._pin = pin
        self.show_proofs(Standing(Person(self._shown, has_pin=True, has_card=False), 0))

    def show_proofs(self, standing: Standing) -> None:
        """Say what the person signs in with, and what can be done about it."""
        t, person = self._look.t, standing.person
        words = [
            t("PIN: set") if person.has_pin else t("PIN: none"),
            t("Card: given") if person.has_card else t("Card: none"),
        ]
        if person.is_free:
            words.append(t("whoever taps this name is signed in"))
        if standing.wrong_pins:
            wrong = t.plural("{count} wrong PIN", "{count} wrong PINs", standing.wrong_pins)
            words.append(wrong.format(count=standing.wrong_pins))
        self._proofs.setText(" · ".join(words))
        self.no_pin_button.setVisible(person.has_pin and not self.is_new)
        self.card_button.setVisible(not self.is_new)
        self.no_card_button.setVisible(person.has_card)
        self.unlock_button.setVisible(standing.wrong_pins > 0)

    def _show(self, user: User, own: OwnRights) -> None:
        self._shown, self._pin = user, ""
        self.name.set_value(user.name)
        self.short.set_value(user.short)
        self.role.set_value(user.role_id)
        self.active.set_value(user.is_active)
        self.active.setVisible(user.id != NEW)
        self.percent.set_value(own.discount_percent)
        self.rights.show_own(own)
        self._show_role()

    def _show_role(self) -> None:
        """What "as the role" means follows the role that is chosen."""
        place = self.role.combo.currentIndex()
        rights = self._roles[place].rights if 0 <= place < len(self._roles) else Rights()
        self.rights.show_role(rights)
        self.percent.show_hint(self._look.t("as the role: {most} %").format(most=rights.discount_percent))

    def _suggest_short(self) -> None:
        """The initials of a name that is typed for the first time."""
        if self.is_new and not self.short.is_changed:
            self.short.line.setPlaceholderText("".join(word[0] for word in self.name.line.text().split()[:2]).upper())

    def _take_suggestion(self) -> None:
        if self.is_new and not self.short.line.text() and self.short.line.placeholderText():
            self.short.line.setText(self.short.line.placeholderText())

    def _connect(self) -> None:
        self.role.changed.connect(self._show_role)
        self.name.changed.connect(self._suggest_short)
        self.name.line.editingFinished.connect(self._take_suggestion)
        self.save_button.clicked.connect(self.save_asked)
        self.discard_button.clicked.connect(self.discard_asked)
        self.pin_button.clicked.connect(self.pin_asked)
        self.no_pin_button.clicked.connect(self.pin_taken)
        self.card_button.clicked.connect(self.card_asked)
        self.no_card_button.clicked.connect(self.card_taken)
        self.unlock_button.clicked.connect(self.unlock_asked)

    def _build(self) -> None:
        t = self._look.t
        inside = QWidget()
        inside.setProperty("role", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.name)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.short, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.role, 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self.active)
        column.addWidget(Text(t("Signing in"), bold(Size.BODY)))
        column.addWidget(self._proofs)
        column.addLayout(self._proof_buttons())
        column.addWidget(Text(t("What this person may do"), bold(Size.BODY)))
        hint = t("The role says what somebody may. Choose here only what is different for this person.")
        column.addWidget(Text(hint, font(Size.BODY), "muted").wrapped())
        column.addWidget(self.percent)
        column.addWidget(self.rights)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 8, 1, 8)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(foot(self.discard_button, self.save_button))

    def _proof_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for place, button in enumerate(
            (self.pin_button, self.no_pin_button, self.card_button, self.no_card_button, self.unlock_button)
        ):
            grid.addWidget(button, *divmod(place, 2))
        return grid


def foot(*buttons: Button) -> QFrame:
    """The row below a form with what ends it; the last one is the one that is wanted."""
    frame = QFrame()
    frame.setProperty("role", "sums")
    row = QHBoxLayout(frame)
    row.setContentsMargins(20, 10, 20, 10)
    row.setSpacing(10)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return frame


def _check_ceiling(percent: int | None) -> None:
    if percent is not None:
        check_percent(percent)
