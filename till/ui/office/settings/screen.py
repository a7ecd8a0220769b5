"""How this PC's screen looks and speaks, how amounts are typed, and how it sounds."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.settings.part import SettingsPart
from till.ui.sounds import Sounds
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import CheckField, ChoiceField


class ScreenPart(SettingsPart):
    """Language, theme, sizes, and what the sale screen begins with."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Screen"))
        t = look.t
        tabs = [(t("All"), ""), *((tab.name, tab.id) for tab in till.sale.assortment().categories)]
        self._fill(
            {
                "language": ChoiceField(look, t("Language"), [("Deutsch", "de"), ("English", "en")]),
                "theme": ChoiceField(look, t("Theme"), [(t("Light"), "light"), (t("Dark"), "dark")]),
                "density": ChoiceField(
                    look,
                    t("Size of the buttons"),
                    [(t("usual (48)"), 48), (t("large (56)"), 56), (t("very large (64)"), 64)],
                ),
                "start_category": ChoiceField(look, t("The sale begins with the category"), tabs),
                "decimal_key": CheckField(look, t("Amounts are typed with a comma (off: 1234 means 12.34)")),
            }
        )


class SoundsPart(SettingsPart):
    """The two sounds, which can be tried."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Sounds"))
        t = look.t
        self._fill(
            {"sounds": CheckField(look, t("A sound when a scan was taken, another when it was refused"))},
            self._note(t("How loud they are is set with the computer’s volume.")),
        )
        tries: list[Button] = []
        for words, play in (
            (t("Try: taken"), lambda: Sounds().good()),
            (t("Try: refused"), lambda: Sounds().bad()),
        ):
            button = Button(look, Face(words, "volume"))
            button.clicked.connect(lambda _checked, play=play: play())
            tries.append(button)
        self._offer(*tries)
