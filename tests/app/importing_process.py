"""A till of its own process that brings in old vouchers, to be killed: says when it has checked them, then goes on."""

from __future__ import annotations

import sys
from pathlib import Path

from till.app.bootstrap import open_till
from till.settings import load
from till.vouchers.old_table import Defaults


def main(folder: Path, database_url: str, table: Path) -> None:
    """Check and apply the table; each step is told on the standard output."""
    till = open_till(load(folder, database_url=database_url))
    desk = till.voucher_files
    desk.check(table, Defaults(desk.kinds()[0]))
    sys.stdout.write("checked\n")
    sys.stdout.flush()
    desk.apply()
    sys.stdout.write("applied\n")
    sys.stdout.flush()
    till.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
