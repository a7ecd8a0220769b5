"""What somebody may do, one row for each permission: as the role says, or otherwise for this person alone."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from till.staff.permission import NAMES, Permission, Rights
from till.staff.users import OwnRights
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.still_combo import StillCombo
from till.ui.widgets.text import Text

_CHOICE_WIDTH = 210


class Own(Enum):
    """What is said for one person: nothing, that they may, that they may not."""

    AS_ROLE = 0
    GRANTED = 1
    WITHDRAWN = 2


def permission_words(look: Look, permission: Permission) -> str:
    """The permission's name as it begins a line."""
    words = look.t(NAMES[permission])
    return words[:1].upper() + words[1:]


class RightRow(QWidget):
    """One permission of a person; `changed` when somebody chose."""

    changed = Signal()

    def __init__(self, look: Look, permission: Permission) -> None:
        super().__init__()
        self._look = look
        words = permission_words(look, permission)
        self._words = Text(words, font(Size.BODY)).wrapped()
        self.choice = StillCombo()
        self.choice.setFont(font(Size.BODY))
        self.choice.setAccessibleName(words)
        self.choice.setMinimumHeight(look.target_px - 4)
        self.choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.choice.addItems(["", look.t("may"), look.t("may not")])
        self.choice.activated.connect(self._chosen)
        box = QFrame()
        box.setProperty("role", "field")
        box.setFixedWidth(_CHOICE_WIDTH)
        inside = QHBoxLayout(box)
        inside.setContentsMargins(4, 0, 4, 0)
        inside.addWidget(self.choice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._words, 1)
        row.addWidget(box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def own(self) -> Own:
        """What is said for this person."""
        return Own(self.choice.currentIndex())

    def show_role(self, *, may: bool) -> None:
        """Say what the role gives."""
        t = self._look.t
        self.choice.setItemText(0, t("as the role: may") if may else t("as the role: may not"))

    def show_own(self, own: Own) -> None:
        """Show what is stored for this person."""
        self.choice.setCurrentIndex(own.value)
        self._tell()

    def _chosen(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """What differs from the role stands out, not by colour."""
        self._words.setFont(semibold(Size.BODY) if self.own is not Own.AS_ROLE else font(Size.BODY))


class RightRows(QWidget):
    """All permissions of a person, in the order in which a shop meets them."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.rows = {permission: RightRow(look, permission) for permission in Permission}
        self._stored = OwnRights()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for row in self.rows.values():
            row.changed.connect(self.changed)
            column.addWidget(row)

    @property
    def is_changed(self) -> bool:
        """Whether something else is chosen than what is stored."""
        return (self.granted, self.withdrawn) != (self._stored.granted, self._stored.withdrawn)

    @property
    def granted(self) -> frozenset[Permission]:
        """What the person may beyond the role."""
        return frozenset(one for one, row in self.rows.items() if row.own is Own.GRANTED)

    @property
    def withdrawn(self) -> frozenset[Permission]:
        """What the role may, but not this person."""
        return frozenset(one for one, row in self.rows.items() if row.own is Own.WITHDRAWN)

    def show_role(self, rights: Rights) -> None:
        """Say what the role gives."""
        for permission, row in self.rows.items():
            row.show_role(may=permission in rights.permissions)

    def show_own(self, own: OwnRights) -> None:
        """Show what is stored for this person."""
        self._stored = own
        for permission, row in self.rows.items():
            if permission in own.withdrawn:
                row.show_own(Own.WITHDRAWN)
            else:
                row.show_own(Own.GRANTED if permission in own.granted else Own.AS_ROLE)
