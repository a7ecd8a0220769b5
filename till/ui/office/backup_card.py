"""What is in one backup, how it stands to the books of now, and the question before it takes their place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.backup_content import Proof
from till.app.backup_plan import dated
from till.app.backup_seal import is_sealed
from till.formats import Formats
from till.i18n import msg
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.strip import Notice, Strip, Way
from till.ui.widgets.text import ShorteningText, Text

WIDTH = 336
RECEIPTS = msg("Receipts")
BOOKED = msg("Last booking")
LAST_Z = msg("Last Z")
CHAIN = msg("End of the chain")
TILLS = msg("Tills")
ENCRYPTED = msg("Encrypted")


class BackupCard(QFrame):
    """`look_asked` with the file to be read, `key_asked`, `restore_asked` with its Proof after the question was answered."""

    look_asked = Signal(object)
    key_asked = Signal()
    restore_asked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.file: Path | None = None
        self._key_file: Path | None = None
        self._proof: Proof | None = None
        self._is_sealed = False
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        t = look.t
        self.title = Text("", bold(Size.TITLE))
        self.name = ShorteningText("", font(Size.SMALL), "muted")
        self.check_button = Button(look, Face(t("Read it and say what is in it"), "shield-check"))
        self.key_button = Button(look, Face(t("Choose the key file"), "lock"))
        self.restore_button = Button(look, Face(t("Restore …"), "history"), Kind.DANGER)
        self._rows = QVBoxLayout()
        self._strips = QVBoxLayout()
        self._build()
        self.forget()

    @property
    def needs_key(self) -> bool:
        """Whether the file is encrypted and no key was chosen yet."""
        return self.file is not None and self._is_sealed and self._key_file is None

    @property
    def words(self) -> str:
        """All that the card says, for a test."""
        return "\n".join(label.text() for label in self.findChildren(Text) if label.text())

    def forget(self) -> None:
        """Show nothing."""
        self.file = self._proof = None
        self.title.setText(self._look.t("No backup is chosen"))
        self.name.setText(self._look.t("Choose one in the list, or another file."))
        self._show()

    def show_file(self, file: Path) -> None:
        """Show a backup that was not looked into yet."""
        self.file, self._proof, self._is_sealed = file, None, is_sealed(file)
        found, formats = dated(file.name), self._look.formats
        day = f"{formats.date(found.made_at)} {formats.time(found.made_at)}" if found else file.name
        self.title.setText(self._look.t("Backup of {day}").format(day=day))
        self.name.setText(file.name)
        self._show()

    def show_key(self, file: Path) -> None:
        """Remember that there is a key."""
        self._key_file = file
        self._show()

    def show_proof(self, proof: Proof) -> None:
        """Show what is in it."""
        if proof.file != self.file:
            self.show_file(proof.file)
        self._proof = proof
        self._show()

    def ask(self) -> None:
        """Ask the clear question before the books of now give way."""
        proof, t = self._proof, self._look.t
        if proof is None:
            return
        lost = proof.lost if not proof.is_fresh else 0
        words = (
            t.plural(
                "{count} record of now is not in this backup and will be gone from the books.",
                "{count} records of now are not in this backup and will be gone from the books.",
                lost,
            ).format(count=lost)
            if lost
            else t("Nothing of now is missing in this backup.")
        )
        words += " " + t("The books of now are kept beside. The till closes, restores and opens again.")
        ways = (Way(t("Restore now"), self._answer), Way(t("No"), self._show))
        self._clear(self._strips)
        tone = "danger" if lost else "warn"
        self.question = Strip(self._look, Notice(words, "alert-triangle", tone, ways), is_narrow=True)
        self._strips.addWidget(self.question)
        self.restore_button.hide()

    def set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """While something is read, nothing else is begun."""
        for button in (self.check_button, self.key_button, self.restore_button):
            button.setEnabled(not is_busy)

    def _answer(self) -> None:
        self.restore_asked.emit(self._proof)

    def _show(self) -> None:
        self._clear(self._rows)
        self._clear(self._strips)
        proof = self._proof
        self.check_button.setVisible(self.file is not None and proof is None and not self.needs_key)
        self.key_button.setVisible(self.needs_key)
        self.restore_button.setVisible(proof is not None)
        if proof is not None:
            for label, value in facts_of(proof, self._look.formats):
                self._rows.addLayout(self._row(label, value))
            for notice in self._verdict(proof):
                self._strips.addWidget(Strip(self._look, notice, is_narrow=True))
        elif self.needs_key:
            words = self._look.t("It is encrypted. Plug in the stick with its key file, and choose that.")
            self._strips.addWidget(Strip(self._look, Notice(words, "lock", "calm"), is_narrow=True))

    def _verdict(self, proof: Proof) -> list[Notice]:
        t = self._look.t
        whole = Notice(t("It is whole: each of its pages was read."), "circle-check", "calm")
        if not proof.is_own_shop and not proof.is_fresh:
            return [Notice(t("It is another shop’s, so it can’t be restored here."), "alert-triangle", "danger")]
        if not proof.knows_till:
            return [whole, Notice(t("This till has never written in it."), "alert-triangle", "danger")]
        if proof.lost and not proof.is_fresh:
            words = t.plural(
                "The books have {count} record that it lacks.",
                "The books have {count} records that it lacks.",
                proof.lost,
            )
            return [whole, Notice(words.format(count=proof.lost), "history")]
        return [whole]

    def _row(self, label: str, value: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Text(self._look.t(label), font(Size.BODY - 1), "muted"))
        row.addWidget(Text(value, semibold(Size.BODY - 1)).right(), 1)
        return row

    def _clear(self, layout: QVBoxLayout) -> None:
        while (item := layout.takeAt(0)) is not None:
            widget, inner = item.widget(), item.layout()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            while inner is not None and (part := inner.takeAt(0)) is not None:
                label = part.widget()
                if label is not None:
                    label.hide()
                    label.deleteLater()

    def _build(self) -> None:
        self.check_button.clicked.connect(lambda: self.look_asked.emit(self.file))
        self.key_button.clicked.connect(self.key_asked)
        self.restore_button.clicked.connect(self.ask)
        self._rows.setSpacing(6)
        self._strips.setSpacing(8)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(18, 16, 18, 18)
        inside.setSpacing(10)
        inside.addWidget(self.title)
        inside.addWidget(self.name)
        inside.addLayout(self._rows)
        inside.addLayout(self._strips)
        inside.addWidget(self.check_button)
        inside.addWidget(self.key_button)
        inside.addStretch(1)
        inside.addWidget(self.restore_button)


def facts_of(proof: Proof, formats: Formats) -> list[tuple[str, str]]:
    """What is in it, as msgid and value."""
    content, t = proof.content, formats.translator
    last = content.last_booked_at
    z_at = content.last_z_at
    z_words = f"{content.last_z} · {formats.date(z_at)}" if content.last_z is not None and z_at is not None else "–"
    chain = f"{content.head[0]} · {content.head[1][:8]}…" if content.head else "–"
    return [
        (RECEIPTS, str(content.receipts)),
        (BOOKED, f"{formats.date(last)} {formats.time(last)}" if last is not None else "–"),
        (LAST_Z, z_words),
        (CHAIN, chain),
        (TILLS, ", ".join(content.tills) or "–"),
        (ENCRYPTED, t("yes") if proof.is_sealed else t("no")),
    ]
