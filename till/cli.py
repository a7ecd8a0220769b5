"""The command line: run, demo, setup, verify, migrate, backup, restore, backup-key, encrypt, decrypt, secret, staff, simulate.

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
from typing import TYPE_CHECKING, Any, NoReturn, cast

import platformdirs

from till import __version__
from till.clock import SystemClock
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import LANGUAGES, Translator, msg
from till.log import to_file
from till.secret import Secret
from till.settings import Settings, load, make_data_dir

if TYPE_CHECKING:
    from till.db.cipher import FileKey

RIGHT, WRONG, MISUSE = 0, 1, 2
Command = Callable[[argparse.Namespace, Formats], int]

NO_PLACE = msg("Say where the simulated shop shall live: till simulate --data DIR.")
NO_DATABASE = msg("There is no database {path}.")
HAS_SHOP = msg("There is a shop already. Nothing was changed; choose another folder: till setup --data DIR.")
KEY_MADE = msg(
    "The key is in {path}. Keep this file away from the till, best on two sticks in two places: without it no "
    "encrypted backup can ever be read, by nobody. From now on the till’s backups are encrypted."
)
ENCRYPTED = msg(
    "The books are encrypted from now on. The recovery key is in {path}: keep it in two safe places away from the till. "
    "If this PC or its keyring is lost, the books can’t be read without it, by nobody. Backups made until now are not "
    "encrypted: destroy them, or lock them away."
)
KEY_AGAIN = msg("The books are encrypted already; their recovery key was written to {path} once more.")
DECRYPTED = msg("The books are a plain file again. Backups made until now still need the key.")
PINS_DIFFER = msg("The two PINs are not the same. Nothing was changed.")
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
    setup.add_argument("--encrypted", type=Path, metavar=t("KEYFILE"), help=t(_ENCRYPTED_SETUP))
    add("verify", _verify, t("prove the books: balances, chain, numbers, signatures"))
    add("migrate", _migrate, t("bring the database to this version’s schema"))
    backup = add("backup", _backup, t("write a checked copy of the database"))
    backup.add_argument("target", nargs="?", type=Path, metavar=t("FILE"), help=t(_BACKUP_TARGET))
    restore = add("restore", _restore, t("put a backup in the place of the database"))
    restore.add_argument("copy", type=Path, metavar=t("FILE"), help=t("the backup"))
    restore.add_argument("--force", action="store_true", help=t("also when newer records would be gone"))
    restore.add_argument("--key", type=Path, metavar=t("KEYFILE"), help=t("the key file of an encrypted backup"))
    key = add("backup-key", _backup_key, t("encrypt backups from now on, with a new key"))
    key.add_argument("file", type=Path, metavar=t("KEYFILE"), help=t("where the secret key goes: a stick of its own"))
    key.add_argument("--force", action="store_true", help=t("also when there is a key already"))
    encrypt = add("encrypt", _encrypt, t("encrypt the books, with a key in this PC’s keyring"))
    encrypt.add_argument("file", type=Path, metavar=t("KEYFILE"), help=t("where the recovery key goes: a stick"))
    add("decrypt", _decrypt, t("write the books without encryption again"))
    secret = add("secret", _secret, t("store or delete a password or key in this PC’s keyring"))
    secret.add_argument("what", choices=("set", "delete"), help=t("set reads it from the keyboard or standard input"))
    secret.add_argument("name", choices=[*Secret], help=t("which one"))
    staff = add(
        "staff", _staff, t("set or remove a PIN when nobody who may change it can sign in; close the till first")
    )
    staff.add_argument("what", choices=("pin",), help=t("the new PIN is read from the keyboard or standard input"))
    staff.add_argument("name", metavar=t("NAME"), help=t("the name or number of who gets it"))
    staff.add_argument("--remove", action="store_true", help=t("take the PIN away"))
    support = add("support", _support, t("write a bundle for who helps: versions, log, checks; no names, no receipts"))
    support.add_argument("folder", nargs="?", type=Path, default=Path(), metavar=t("FOLDER"), help=t("where it goes"))
    simulate = add("simulate", _simulate, t("live random days in a shop of its own and compare with a model"))
    simulate.add_argument("--days", type=int, default=3, metavar="N", help=t("how many days"))
    simulate.add_argument("--seed", type=int, default=1, metavar="S", help=t("the same seed lives the same days"))
    simulate.add_argument("--faults", action="store_true", help=t("with faults of devices, disk and power"))
    simulate.add_argument(
        "--kills", type=int, default=0, metavar="N", help=t("how often a till’s process is really killed")
    )
    simulate.add_argument("--stop-after", type=int, metavar="K", help=t("stop after so many actions"))


_BACKUP_TARGET = msg(
    "a file, or a folder that gets a dated one; none: the shop’s own folder, where old ones go by plan"
)
_ENCRYPTED_SETUP = msg("encrypt the books from the first day; the file, on a stick, gets the recovery key")
_SHOP_OPTIONS = (
    ("name", msg("the shop’s name")),
    ("street", msg("street and number")),
    ("postcode", msg("postcode")),
    ("town", msg("town")),
    ("tax-number", msg("tax number (Steuernummer)")),
    ("vat-id", msg("VAT id (USt-IdNr.)")),
    ("cashier", msg("the cashier’s name")),
)


def _run(options: argparse.Namespace, formats: Formats) -> int:
    gc.disable()  # nothing is garbage yet; the window collects it after the first paint
    from till.app.bootstrap import open_till
    from till.app.founding import require_shop
    from till.ui.starting import Opened, Opening, start_till

    def opened(*, with_address: bool) -> Opened:
        settings = _settings(options)
        require_shop(settings, with_address=with_address)
        to_file(settings.data_dir)
        till = open_till(settings)
        return Opened(till, None, till.close)

    return start_till(Opening(opened, lambda: _settings(options), formats))


def _demo(options: argparse.Namespace, formats: Formats) -> int:
    data_dir = options.data or platformdirs.user_data_path("till-demo", appauthor=False)
    if options.headless:
        _build_demo(data_dir, formats)
        return RIGHT
    gc.disable()  # as in _run
    from till.demo.run import start_demo
    from till.ui.starting import Opened, Opening, start_till

    def opened(*, with_address: bool) -> Opened:
        del with_address  # the demo has one
        _build_demo(data_dir, formats)
        to_file(data_dir)
        demo = start_demo(data_dir, SystemClock())
        return Opened(demo.till, demo.printer, demo.close)

    return start_till(Opening(opened, lambda: load(data_dir), formats))


def _build_demo(data_dir: Path, formats: Formats) -> None:
    from till.demo.build import build

    make_data_dir(data_dir)
    progress = _Progress(formats.translator("Building the demo shop"))
    build(data_dir, SystemClock(), progress.tell)
    progress.end()


def _setup(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.bootstrap import found_shop, held_database
    from till.settings import save
    from till.shop.details import ShopDetails
    from till.staff.users import User

    settings = _settings(options)
    _check_fields(options)
    key = _key_of_a_new_shop(settings, options.encrypted, formats) if options.encrypted else None
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
    if key is not None:
        _encrypt_with(settings, key, formats)
    sys.stdout.write(formats.translator("The shop is set up. Start it with “till run”.") + "\n")
    return RIGHT


def _verify(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.books import database_of
    from till.app.verify import CHECKS, check_schema, verify
    from till.db.finding import Check

    t, progress = formats.translator, _Progress("")

    def told(check: Check, done: int, whole: int) -> None:
        progress.text = t(check.title)
        progress.tell(done, whole)

    with contextlib.closing(database_of(_existing(options))) as database:
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
    from till.app.backup_proof import Books, shop_of
    from till.app.books import key_of

    settings = _existing(options)
    books = Books(_sqlite_file(settings), key_of(settings))
    target: Path = options.target or folder_of(settings)
    progress = _Progress(formats.translator("Backing up"))
    progress.tell(0, 0)
    try:
        path = backup(books, target, SystemClock().now(), settings.backup_recipient)
    finally:
        progress.end()
    if options.target is None:
        prune(target, shop_of(books.file, books.key), books.key)
    sys.stdout.write(formats.translator("Backed up and checked: {path}").format(path=path) + "\n")
    return RIGHT


def _restore(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.restore import Restoration, restore_closed

    wish = Restoration(options.copy, key_file=options.key, force=options.force)
    kept = restore_closed(wish, _settings(options), SystemClock().now())
    sys.stdout.write(formats.translator("Restored from {path}.").format(path=options.copy) + "\n")
    if kept is not None:
        sys.stdout.write(formats.translator("The database of before is kept as {path}.").format(path=kept) + "\n")
    return RIGHT


def _backup_key(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.backup_key import encrypt_from_now_on
    from till.app.lease import take_all

    settings = _existing(options)
    _sqlite_file(settings)
    with take_all(settings.data_dir, settings.till_id):
        encrypt_from_now_on(settings.data_dir, options.file, SystemClock().now(), force=options.force)
    sys.stdout.write(formats.translator(KEY_MADE).format(path=options.file) + "\n")
    return RIGHT


def _key_of_a_new_shop(settings: Settings, file: Path, formats: Formats) -> FileKey:
    from till.app.encryption import RECOVERY, make_key
    from till.app.founding import has_shop

    if has_shop(settings):
        raise Refused(HAS_SHOP)
    return make_key(settings, file, formats.translator(RECOVERY), SystemClock().now())


def _encrypt(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.encryption import RECOVERY, make_key

    settings = _existing(options)
    key = make_key(settings, options.file, formats.translator(RECOVERY), SystemClock().now())
    is_new = _encrypt_with(settings, key, formats)
    sentence = formats.translator(ENCRYPTED if is_new else KEY_AGAIN)
    sys.stdout.write(sentence.format(path=options.file) + "\n")
    return RIGHT


def _encrypt_with(settings: Settings, key: FileKey, formats: Formats) -> bool:
    from till.app.encryption import encrypt
    from till.app.lease import take_all

    progress = _Progress(formats.translator("Encrypting"))
    with take_all(settings.data_dir, settings.till_id):
        is_new = encrypt(settings, key, progress.tell)
    progress.end()
    return is_new


def _decrypt(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.encryption import decrypt
    from till.app.lease import take_all

    settings = _existing(options)
    progress = _Progress(formats.translator("Decrypting"))
    with take_all(settings.data_dir, settings.till_id):
        decrypt(settings, progress.tell)
    progress.end()
    sys.stdout.write(formats.translator(DECRYPTED) + "\n")
    return RIGHT


def _support(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.about import bundle_of

    progress = _Progress(formats.translator("Proving the books"))
    where = (options.folder, SystemClock().now())
    path = bundle_of(_existing(options), formats, where, lambda _check, done, whole: progress.tell(done, whole))
    progress.end()
    sys.stdout.write(formats.translator("The bundle for support: {path}").format(path=path) + "\n")
    return RIGHT


def _secret(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.books import forget, keep

    settings, secret = _settings(options), Secret(options.name)
    if options.what == "delete":
        forget(settings, secret)
        sys.stdout.write(formats.translator("Deleted from the keyring: {name}").format(name=secret) + "\n")
        return RIGHT
    keep(settings, secret, _typed(secret))
    sys.stdout.write(formats.translator("Stored in the keyring: {name}").format(name=secret) + "\n")
    return RIGHT


def _typed(what: str) -> str:
    """What was typed without being shown, or the next line of standard input; never an argument that `ps` shows."""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def _staff(options: argparse.Namespace, formats: Formats) -> int:
    from till.app.bootstrap import held_database
    from till.app.forgotten_pin import Reset, find_person, reset_pin
    from till.staff.pin import Argon2

    settings, t = _existing(options), formats.translator
    with held_database(settings) as database:
        user = find_person(database, options.name)
        pin = None if options.remove else _new_pin(t, user.name)
        reset_pin(database, SystemClock(), Argon2(), Reset(settings.till_id, user, pin))
    done = t("The PIN of {user} was taken away.") if options.remove else t("{user} has a new PIN.")
    sys.stdout.write(done.format(user=user.name) + "\n")
    return RIGHT


def _new_pin(t: Translator, name: str) -> str:
    """Asked for twice where it can't be seen."""
    pin = _typed(t("New PIN for {user}").format(user=name))
    if sys.stdin.isatty() and _typed(t("Once more")) != pin:
        raise Refused(PINS_DIFFER)
    return pin


def _simulate(options: argparse.Namespace, formats: Formats) -> int:
    from till.simulation.outcome import Plan, told
    from till.simulation.run import simulate

    if options.data is None and options.database is None:
        raise Refused(NO_PLACE)
    progress = _Progress(formats.translator("Simulating"))
    plan = Plan(options.days, options.seed, options.faults, options.stop_after, options.kills)
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


def _sqlite_file(settings: Settings) -> Path:
    from till.app.restore import file_of

    return file_of(settings)


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
