"""What has been answered so far, shared by the pages: the draft that is kept in the data folder, and a PIN that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from till.app import first_start
from till.app.first_start import Draft, Step
from till.clock import Clock
from till.errors import Unavailable
from till.settings import Settings


@dataclass(slots=True)
class Asking:
    """The answers. `pin` and `pin_again` are kept in memory only. `is_completing`: the shop is there, its address is not.

    `found` does the founding, or the completing; it takes long, and gives the settings of the till.
    """

    settings: Settings
    draft: Draft
    clock: Clock
    is_completing: bool = False
    pin: str = ""
    pin_again: str = ""
    trouble: Callable[[Unavailable], object] = field(default=lambda _error: None)

    def note(self, **typed: Any) -> None:
        """Keep what was typed; a folder that takes nothing is said, and nothing is lost as long as the window is open."""
        changed = replace(self.draft, **typed)
        if changed != self.draft:
            self._keep(changed)

    def skip(self, step: Step, *, is_skipped: bool) -> None:
        """Skip a step, or take it back."""
        self._keep(self.draft.with_skipped(step, is_skipped=is_skipped))

    def _keep(self, draft: Draft) -> None:
        self.draft = draft
        try:
            first_start.save_draft(self.settings, draft)
        except Unavailable as error:
            self.trouble(error)

    def founding(self) -> Callable[[object], Settings]:
        """The founding with what stands here now, to be done on another thread."""
        settings, draft, clock, pin = self.settings, self.draft, self.clock, self.pin
        if self.is_completing:

            def complete(_watch: object) -> Settings:
                first_start.complete_shop(settings, draft, clock)
                return settings

            return complete
        return lambda _watch: first_start.found_from(settings, draft, pin, clock)
