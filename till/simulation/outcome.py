"""What is to be simulated, how it ended, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from till.i18n import Translator, msg

AGREED = msg("Seed {seed}: {days} days, {actions} actions and {sales} sales in {seconds} s. Till and model agree.")
BROKEN = msg("Seed {seed}, day {day}, action {actions}: till and model don’t agree.")
TRAIL = msg("The last actions:")
AGAIN = msg("The same again: {command}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. `stop_after` ends the run after so many actions and leaves all as it is then.

    `kills` is how often in all a till lives in a process of its own and is killed there (kill -9). The seed fixes all
    days and faults to the last action; with real kills it fixes what is done and about when the kills come, while the
    system decides at which instruction they strike, and what comes after depends on what they left.
    """

    days: int = 3
    seed: int = 1
    faults: bool = True
    stop_after: int | None = None
    kills: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a simulation ended. `broken` says what didn't agree; `trail` are the last actions, the newest last.

    `digest` is over all actions and how they went: the same for the same plan without kills.
    """

    plan: Plan
    day: int
    actions: int
    sales: int
    seconds: float
    digest: str
    broken: str = ""
    trail: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether till and model agreed to the end."""
        return not self.broken

    @property
    def command(self) -> str:
        """What runs this again, up to its last action."""
        faults = " --faults" if self.plan.faults else ""
        kills = f" --kills {self.plan.kills}" if self.plan.kills else ""
        plan = f"--seed {self.plan.seed} --days {self.plan.days}{faults}{kills}"
        return f"till simulate {plan} --stop-after {self.actions}"


def told(outcome: Outcome, t: Translator) -> str:
    """The outcome for a person: one line when all agrees, else what broke, the way there, and how to see it again."""
    values = {
        "seed": outcome.plan.seed,
        "day": outcome.day,
        "days": outcome.plan.days,
        "actions": outcome.actions,
        "sales": outcome.sales,
        "seconds": round(outcome.seconds),
    }
    if outcome.is_right:
        return t(AGREED).format(**values)
    heads = (t(BROKEN).format(**values), outcome.broken, t(TRAIL), *outcome.trail)
    return "\n".join((*heads, t(AGAIN).format(command=outcome.command)))
