"""People: the list on the left, the form of one of them on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.staff import Standing
from till.errors import Refused
from till.i18n import msg
from till.staff.card_paper import CardPaper
from till.staff.roles import CASHIER, Role
from till.staff.users import User
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.staff.person_form import NEW, PersonForm
from till.ui.staff.panel import Panel
from till.ui.widgets.check import CheckBox
from till.ui.widgets.table import Column, Table
from till.ui.work import Work

UNSAVED = msg("Something typed here is not saved yet. Save or discard it first.")
PIN_FIRST = msg(
    "Give yourself a PIN or card first: as soon as somebody else works here, nobody may sign in with your name without one."
)


class People(QWidget):
    """`panel_asked` with a panel to lay over the window."""

    panel_asked = Signal(object)

    def __init__(self, look: Look, till: Till, message: Message, work: Work) -> None:
        super().__init__()
        self._look, self._till, self._desk = look, till, till.staff
        self._message, self._work = message, work
        self._standings: tuple[Standing, ...] = ()
        self._roles: tuple[Role, ...] = ()
        self.table: Table[Standing] = Table(look, self._columns(), empty=look.t("Nobody."))
        self.former = CheckBox(look, look.t("Also former ones"))
        self.form = PersonForm(look)
        self._build()
        self._connect()

    def begin(self) -> None:
        """Read again who works here; what is typed and not saved stays."""
        self._message.attempt(lambda: (self._desk.standings(), self._desk.roles()), self._take)

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost; else it says so."""
        if self.form.is_changed:
            self._message.refuse(Refused(UNSAVED))
        return not self.form.is_changed

    def begin_new(self) -> None:
        """Begin with somebody new; who works alone without PIN or card needs one first."""
        if self._desk.works_alone:
            self._message.refuse(Refused(PIN_FIRST))
        elif self.may_leave():
            self._message.clear()
            self.table.view.clearSelection()
            self.form.show_new(CASHIER if any(role.id == CASHIER for role in self._roles) else self._roles[0].id)

    def save(self) -> None:
        """Store what is typed; what can't be taken says why, and nothing is lost."""
        if not self.form.is_right():
            return
        form, user, rights = self.form, self.form.user(), self.form.own_rights()
        if form.is_new:
            pin, desk = form.pin, self._desk
            self._work.begin(lambda _watch: desk.hire(user, pin, rights).result(), self._saved)
        else:
            self._message.insist(lambda: self._desk.change_person(user, rights), lambda _: self._saved(user))

    def discard(self) -> None:
        """Forget what is typed."""
        self._message.clear()
        self._show(self._standing(self.form.user_id) or self._first())

    def _take(self, found: tuple[tuple[Standing, ...], tuple[Role, ...]]) -> None:
        self._standings, roles = found
        if roles != self._roles and not self.form.is_changed:
            self._roles = roles
            self.form.show_roles(roles)
        self._fill()
        if not self.form.is_changed:
            self._show(self._standing(self.form.user_id) or self._first())

    def _fill(self) -> None:
        shown = [one for one in self._standings if one.person.user.is_active or self.former.isChecked()]
        self.table.set_rows(shown, selected=lambda one: one.person.user.id == self.form.user_id)

    def _chosen(self, standing: Standing) -> None:
        if standing.person.user.id == self.form.user_id:
            return
        if self.may_leave():
            self._message.clear()
            self._show(standing)
        else:
            self._fill()

    def _show(self, standing: Standing | None) -> None:
        if standing is None:
            return
        own = self._desk.rights_of(standing.person.user.id)[0]
        self.form.show_person(standing, own)
        self._fill()

    def _standing(self, user_id: str) -> Standing | None:
        return next((one for one in self._standings if one.person.user.id == user_id), None)

    def _first(self) -> Standing | None:
        return next((one for one in self._standings if one.person.user.is_active), None)

    def _saved(self, user: User) -> None:
        self._reload(user.id)
        self._message.tell(self._look.t("{user} is saved.").format(user=user.name))

    def _reload(self, user_id: str) -> None:
        """Show them as they are stored now."""
        self._standings = self._desk.standings()
        self._show(self._standing(user_id))

    def _done(self, words: str) -> Callable[[object], None]:
        """After something about PIN or card: what is typed in the form stays."""

        def tell(_answer: object) -> None:
            self._standings = self._desk.standings()
            standing = self._standing(self.form.user_id)
            if standing is not None:
                self.form.show_proofs(standing)
            self._fill()
            self._message.tell(words)

        return tell

    def _ask_pin(self) -> None:
        from till.ui.staff.new_pin import NewPinPanel

        user_id, name = self.form.user_id, self.form.name.line.text()
        panel = NewPinPanel(self._look, self._look.t("New PIN"), name)
        panel.chosen.connect(lambda pin: self._set_pin(user_id, pin))
        self.panel_asked.emit(panel)

    def _set_pin(self, user_id: str, pin: str | None) -> None:
        t = self._look.t
        if user_id == NEW:
            self.form.take_pin(pin or "")
            return
        words = t("The PIN is set.") if pin is not None else t("The PIN was taken away.")
        desk = self._desk
        self._work.begin(lambda _watch: desk.set_pin(user_id, pin).result(), self._done(words))

    def _new_card(self) -> None:
        user_id = self.form.user_id
        self._message.attempt(lambda: self._desk.new_card(user_id), self._show_card)

    def _show_card(self, code: str) -> None:
        from till.ui.office.staff.card_panel import CardPanel

        self._done(self._look.t("The card is made."))(None)
        standing = self._standing(self.form.user_id)
        if standing is not None:
            paper = CardPaper(self._till.shop_name, standing.person.user.name, code)
            panel: Panel = CardPanel(self._look, paper)
            self.panel_asked.emit(panel)

    def _take_card(self) -> None:
        words = self._look.t("The card is worth nothing any more.")
        user_id = self.form.user_id
        self._message.insist(lambda: self._desk.take_card(user_id), self._done(words))

    def _unlock(self) -> None:
        words = self._look.t("The next PIN can be tried at once.")
        user_id = self.form.user_id
        self._message.insist(lambda: self._desk.unlock(user_id), self._done(words))

    def _columns(self) -> list[Column[Standing]]:
        t = self._look.t
        return [
            Column(t("Name"), lambda one: one.person.user.name, is_strong=True, takes_rest=True),
            Column(t("Role"), self._role_name, width_px=110, is_shown=False),
            Column(t("Signs in with"), self._state, tone=_tone, width_px=128),
        ]

    def _role_name(self, standing: Standing) -> str:
        return next((role.name for role in self._roles if role.id == standing.person.user.role_id), "")

    def _state(self, standing: Standing) -> str:
        t, person = self._look.t, standing.person
        if not person.user.is_active:
            return t("former")
        if standing.must_wait:
            return t("locked")
        if person.is_free:
            return t("a tap")
        kinds = [t("PIN")] if person.has_pin else []
        return " + ".join([*kinds, t("card")] if person.has_card else kinds)

    def _connect(self) -> None:
        form = self.form
        self.table.chosen.connect(self._chosen)
        self.former.toggled.connect(lambda _: self._fill())
        form.save_asked.connect(self.save)
        form.discard_asked.connect(self.discard)
        form.pin_asked.connect(self._ask_pin)
        form.pin_taken.connect(lambda: self._set_pin(form.user_id, None))
        form.card_asked.connect(self._new_card)
        form.card_taken.connect(self._take_card)
        form.unlock_asked.connect(self._unlock)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.table, 1)
        left.addWidget(self.former)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 2)
        row.addWidget(self.form, 3)


def _tone(standing: Standing) -> str:
    if not standing.person.user.is_active:
        return "quiet"
    if standing.must_wait:
        return "danger"
    return "warn" if standing.person.is_free else "calm"
