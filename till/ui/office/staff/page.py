"""Staff: who works here, what they may do, and what they sign in with (T12)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.staff.people import People
from till.ui.office.staff.roles import Roles
from till.ui.office.window import OfficeWindow
from till.ui.staff.panel import Panel
from till.ui.widgets.button import Button, Face, Kind


class StaffPage(OfficePage):
    """Two views: people and roles. Each keeps what is typed until it is saved or discarded."""

    def __init__(self, look: Look, till: Till) -> None:
        t = look.t
        super().__init__(look, till, t("Staff"))
        self.people = People(look, till, self.message, self.work)
        self.roles = Roles(look, till, self.message)
        self.people.panel_asked.connect(self._show_panel)
        self._views = QStackedWidget()
        self.tabs = (self._tab(t("People"), self.people), self._tab(t("Roles"), self.roles))
        self.new_button = self.head_button(Face(t("New person"), "plus"), self.begin_new, Kind.PRIMARY)
        row = QHBoxLayout()
        row.setSpacing(8)
        for tab in self.tabs:
            row.addWidget(tab)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._views, 1)
        self.show_view(self.people)

    @property
    def view(self) -> People | Roles:
        """What is shown."""
        shown = self._views.currentWidget()
        return self.roles if shown is self.roles else self.people

    def begin(self) -> None:
        """Read again what is shown; what is typed and not saved stays."""
        self.view.begin()

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost; the view with something unsaved is shown and says so."""
        for view in (self.people, self.roles):
            if not view.may_leave():
                self._turn_to(view)
                return False
        return True

    def show_view(self, view: People | Roles) -> None:
        """Show people or roles."""
        self.message.clear()
        self._turn_to(view)
        view.begin()

    def begin_new(self) -> None:
        """Begin with a new person or role."""
        self.view.begin_new()

    def _turn_to(self, view: People | Roles) -> None:
        self._views.setCurrentWidget(view)
        is_people = view is self.people
        self.tabs[0].setChecked(is_people)
        self.tabs[1].setChecked(not is_people)
        t = self._look.t
        self.new_button.set_face(Face(t("New person") if is_people else t("New role"), "plus"))

    def _show_panel(self, panel: Panel) -> None:
        window = self.window()
        if isinstance(window, OfficeWindow):
            window.show_panel(panel)

    def _tab(self, words: str, view: People | Roles) -> Button:
        button = Button(self._look, Face(words), Kind.CHIP)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.show_view(view))
        self._views.addWidget(view)
        return button
