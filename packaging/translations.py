"""Keeps the translations: `update` collects all texts into the .po, `compile` makes the .mo, `missing` lists gaps."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "resources" / "locale" / "de" / "LC_MESSAGES" / "till.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "msg": None, "translator": None, "plural": (1, 2)}


def collected() -> Catalog:
    """All texts of the program that a person reads, without translations."""
    catalog = Catalog(domain="till", charset="utf-8")
    found = extract_from_dir(str(ROOT / "till"), [("**.py", "python")], keywords=KEYWORDS)
    for path, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(f"till/{path}", 0)], auto_comments=comments, context=context)
    return catalog


def stored() -> Catalog:
    """The German translations as committed."""
    if not PO.exists():
        return Catalog(locale="de", domain="till", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="de", domain="till")


def update() -> None:
    """Bring the .po in step with the code; translations of texts that are gone are dropped."""
    catalog = stored()
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, omit_header=False, include_lineno=False, sort_output=True, width=120)


def compile_() -> None:
    """Make the .mo that the program reads."""
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, stored())


def missing() -> list[str]:
    """The texts without German, and those that the .po doesn't know at all."""
    german = stored()
    gaps = []
    for message in collected():
        known = german.get(message.id, message.context)
        if message.id and (known is None or not known.string or (message.pluralizable and not all(known.string))):
            gaps.append(str(message.id))
    return gaps


def main() -> int:
    """Run one of the commands."""
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_()
        case ["missing"]:
            sys.stdout.writelines(f"{text}\n" for text in missing())
        case _:
            sys.stderr.write("usage: translations.py update | compile | missing\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
