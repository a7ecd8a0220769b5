"""The command line: run, demo, setup, verify, migrate, backup, restore.

Exit codes: 0 all is right, 1 something is wrong (said in words on standard error), 2 misuse of the command.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, cast

import platformdirs

from till import __version__
from till.clock import SystemClock
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import LANGUAGES, Translator, msg
from till.log import to_file
from till.settings import Settings, load, make_data_dir

RIGHT, WRONG, MISUSE = 0, 1, 2
Command = Callable[[argparse.Namespace, Formats], int]

SQLITE_ONLY = msg("Backups of a PostgreSQL database are made with pg_dump; see the operating guide.")
NO_SHOP = msg("There is no shop in {path} yet. Set it up with “till setup”, or look around with “till demo”.")
NO_PLACE = msg("Say where the simulated shop shall live: till simulate --data DIR.")
NO_DATABASE = msg("There is no database {path}.")
HAS_SHOP = msg("There is a shop already. Nothing was changed; choose another folder: till setup --data DIR.")
EMPTY_FIELD = msg("“{option}” can’t be empty.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    formats = Formats(Translator(_language(sys.argv[1:] if arguments is None else arguments)))
    options = _parser(formats.translator).parse_args(arguments)
    command: Command = options.command
    try:
        return command(options, formats)
    except (Refused, Unavailable) as error:
        sys.stderr.write(formats.sentence(error) + "\n")
        return WRONG
    except KeyboardInterrupt:
        return WRONG


class _Parser(argparse.ArgumentParser):
    """The standard parser, speaking the reader's language."""

    t: Translator

    def format_help(self) -> str:
        """The help under translated headings."""
        return self._in_words(super().format_help())

    def format_usage(self) -> str:
        """The usage under a translated heading."""
        return self._in_words(super().format_usage())

    def error(self, message: str) -> NoReturn:
        """Say that the command was misused, and how to learn more; exit code 2."""
        words = self.t("This command is not complete or not known: {reason}. “{command} --help” tells more.")
        self.exit(MISUSE, f"{self.format_usage()}{words.format(reason=message, command=self.prog)}\n")

    def _in_words(self, text: str) -> str:
        for msgid in _HEADINGS:
            text = text.replace(f"{msgid}:", f"{self.t(msgid)}:", 1)
        return text


_HEADINGS = (msg("usage"), msg("positional arguments"), msg("options"))


def _parser(t: Translator) -> argparse.ArgumentParser:
    def parser(**more: Any) -> _Parser:
        made = _Parser(add_help=False, allow_abbrev=False, **more)
        made.t = t
        return made

    helping = parser()
    helping.add_argument("-h", "--help", action="help", help=t("show this help and exit"))
    shared = parser(parents=[helping])
    shared.add_argument("--data", type=Path, metavar="DIR", help=t("the data folder; the database is till.db in it"))
    shared.add_argument("--database", metavar="URL", help=t("another database, such as PostgreSQL"))
    shared.add_argument("--till", metavar="ID", help=t("the number of this till"))
    shared.add_argument("--language", choices=LANGUAGES, help=t("the language of messages"))
    whole = parser(prog="till", description=t("Till, the point of sale."), parents=[helping])
    whole.add_argument(
        "--version", action="version", version=f"Till {__version__}", help=t("show the version and exit")
    )
    commands = whole.add_subparsers(required=True, metavar=t("COMMAND"), parser_class=cast("type[_Parser]", parser))
    _add_commands(commands, shared, t)
    return whole


def _add_commands(commands: Any, shared: _Parser, t: Translator) -> None:
    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        made: _Parser = commands.add_parser(name, parents=[shared], help=text, description=text)
        made.set_defaults(command=command)
        return made

    add("run", _run, t("open the shop’s till"))
    demo = add("demo", _demo, t("open the demo shop with simulated devices"))
    demo.add_argument("--headless", action="store_true", help=t("only build the demo shop"))
    setup = add("setup", _setup, t("set up a new shop"))
    for option, text in _SHOP_OPTIONS:
        setup.add_argument(f"--{option}", required=option != "vat-id", help=t(text))
    add("verify", _verify, t("prove the books: balances, chain, numbers, signatures"))
    add("migrate", _migrate, t("bring the database to this version’s schema"))
    backup = add("backup", _backup, t("write a checked copy of the database"))
    backup.add_argument("target", nargs="?", type=Path, metavar=t("FILE"), help=t(_BACKUP_TARGET))
    restore = add("restore", _restore, t("put a backup in the place of the database"))
    restore.add_argument("copy", type=Path, metavar=t("FILE"), help=t("the backup"))
    restore.add_argument("--force", action="store_true", help=t("also when newer records would be gone"))
    simulate = add("simulate", _simulate, t("live random days in a shop of its own and compare with a model"))
    simulate.add_argument("--days", type=int, default=3, metavar="N", help=t("how many days"))
    simulate.add_argument("--seed", type=int, default=1, metavar="S", help=t("the same seed lives the same days"))
    simulate.add_argument("--faults", action="store_true", help=t("with faults of devices, disk and power"))
    simulate.add_argument("--stop-after", type=int, metavar="K", help=t("stop after so many actions"))


_BACKUP_TARGET = msg(
    "a file, or a folder that gets a dated one; none: the shop’s own folder, where old ones go by plan"
)
_SHOP_OPTIONS = (
    ("name", msg("the shop’s name")),
    ("street", msg("street and number")),
    ("postcode", msg("postcode")),
    ("town", msg("town")),
    ("tax-number", msg("tax number (Steuernummer)")),
    ("vat-id", msg("VAT id (USt-IdNr.)")),
    ("cashier", msg("the cashier’s name")),
)


def _run(options: argparse.Namespace, _formats: Formats) -> int:
    gc.disable()  # nothing is garbage yet; the window switches it on after the first paint
    from till.app.bootstrap import open_till
    from till.ui.start import run

    settings = _settings(options)
    _require_shop(settings)
    to_file(settings.data_dir)
    with contextlib.closing(open_till(settings)) as till:
        return run(till, None)


def _demo(options: argparse.Namespace, formats: Formats) -> int:
    from till.demo.build import build

    data_dir = options.data or platformdirs.user_data_path("till-demo", appauthor=False)
    make_data_dir(data_dir)
    progress = _Progress(formats.translator("Building the demo shop"))
    build(data_dir, SystemClock(), progress.tell)
    progress.end()
    if options.headless:
        return RIGHT
    gc.disable()  # as in _run
    from till.demo.run import start_demo
    from till.ui.start import run

    to_file(data_dir)
    with contextlib.closing(start_demo(data_dir, SystemClock())) as demo:
        return run(demo.till, demo.printer)


def _setup(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.bootstrap import found_shop, held_database
    from till.settings import save
    from till.shop.details import ShopDetails
    from till.staff.users import User

    settings = _settings(options)
    _check_fields(options)
    details = ShopDetails(
        valid_from=SystemClock().now().date(),
        name=options.name,
        street=options.street,
        postcode=options.postcode,
        town=options.town,
        tax_number=options.tax_number,
        vat_id=options.vat_id or "",
    )
    short = "".join(word[0] for word in options.cashier.split()[:2]).upper()
    with held_database(settings) as database:
        if not found_shop(database, details, User("1", options.cashier, short)):
            raise Refused(HAS_SHOP)
        save(settings)
    sys.stdout.write(formats.translator("The shop is set up. Start it with “till run”.") + "\n")
    return RIGHT


def _verify(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.verify import CHECKS, check_schema, verify
    from till.db.engine import Database
    from till.db.finding import Check

    t, progress = formats.translator, _Progress("")

    def told(check: Check, done: int, whole: int) -> None:
        progress.text = t(check.title)
        progress.tell(done, whole)

    with contextlib.closing(Database(_existing(options).database_url)) as database:
        check_schema(database)
        problems = verify(database, told)
    progress.end()
    for check in CHECKS:
        found = [problem.finding for problem in problems if problem.check == check.name]
        sys.stdout.write(f"{'✗' if found else '✓'} {t(check.title)}\n")
        sys.stdout.writelines(f"    {formats.sentence(finding)}\n" for finding in found)
    return WRONG if problems else RIGHT


def _migrate(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.bootstrap import held_database

    with held_database(_existing(options)):
        pass
    sys.stdout.write(formats.translator("The database has this version’s schema.") + "\n")
    return RIGHT


def _backup(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.backup import backup, folder_of, prune

    settings = _existing(options)
    source = _sqlite_file(settings)
    target: Path = options.target or folder_of(settings)
    progress = _Progress(formats.translator("Backing up"))
    path = backup(source, target, SystemClock().now(), progress.tell)
    progress.end()
    if options.target is None:
        prune(target)
    sys.stdout.write(formats.translator("Backed up and checked: {path}").format(path=path) + "\n")
    return RIGHT


def _restore(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.backup import restore
    from till.app.lease import take
    from till.db.engine import Database

    settings = _settings(options)
    target = _sqlite_file(settings)
    make_data_dir(settings.data_dir)
    lease = take(Database(settings.database_url), settings.data_dir, settings.till_id)
    try:
        kept = restore(options.copy, target, SystemClock().now(), force=options.force)
    finally:
        lease.release()
    sys.stdout.write(formats.translator("Restored from {path}.").format(path=options.copy) + "\n")
    if kept is not None:
        sys.stdout.write(formats.translator("The database of before is kept as {path}.").format(path=kept) + "\n")
    return RIGHT


def _simulate(options: argparse.Namespace, formats: Formats) -> int:
    from till.simulation.outcome import Plan, told
    from till.simulation.run import simulate

    if options.data is None and options.database is None:
        raise Refused(NO_PLACE)
    progress = _Progress(formats.translator("Simulating"))
    plan = Plan(days=options.days, seed=options.seed, faults=options.faults, stop_after=options.stop_after)
    outcome = simulate(_settings(options), plan, progress.tell)
    progress.end()
    sys.stdout.write(told(outcome, formats.translator) + "\n")
    return RIGHT if outcome.is_right else WRONG


def _settings(options: argparse.Namespace) -> Settings:
    data_dir = options.data or platformdirs.user_data_path("till", appauthor=False)
    return load(data_dir, database_url=options.database, till_id=options.till)


def _existing(options: argparse.Namespace) -> Settings:
    settings = _settings(options)
    if settings.database_url.startswith("sqlite") and not _sqlite_file(settings).exists():
        raise Refused(NO_DATABASE, path=str(_sqlite_file(settings)))
    return settings


def _require_shop(settings: Settings) -> None:
    """Refuse before anything is created: a mistyped folder must not become an empty shop."""
    from till.app.founding import has_shop

    if not has_shop(settings.database_url):
        raise Refused(NO_SHOP, path=str(settings.data_dir))


def _sqlite_file(settings: Settings) -> Path:
    from sqlalchemy import make_url

    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(SQLITE_ONLY)
    return Path(url.database)


def _check_fields(options: argparse.Namespace) -> None:
    for option, _ in _SHOP_OPTIONS:
        given = getattr(options, option.replace("-", "_"))
        if given is not None and not given.strip():
            raise Refused(EMPTY_FIELD, option=f"--{option}")


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, else the system's; known before the rest is read, for the help."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", choices=LANGUAGES)
    with contextlib.suppress(argparse.ArgumentError):
        early.exit_on_error = False
        asked: str | None = early.parse_known_args(arguments)[0].language
        if asked:
            return asked
    system = next((os.environ[name] for name in _LANGUAGE_VARIABLES if os.environ.get(name)), "")
    return "en" if system.lower().startswith("en") else "de"


_LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class _Progress:
    """One line on a terminal that tells how far long work is; silent elsewhere."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._shown = sys.stderr.isatty()

    def tell(self, done: int, whole: int) -> None:
        """Show that `done` of `whole` is finished."""
        if self._shown:
            percent = f" {100 * done // whole} %" if whole else ""
            sys.stderr.write(f"\r\x1b[K{self.text}{percent}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
