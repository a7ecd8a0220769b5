"""Several tills on one PostgreSQL whose server goes away under their hands (80-quality Q7)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.several_tills.conftest import CheckBooks, Cluster, FoundShop, Shop, StartTill, TillProcess

    Tills = tuple[Shop, list[TillProcess]]

AWAY = "Die Datenbank ist nicht erreichbar."


def _take_away_and_bring_back(cluster: Cluster, tills: list[TillProcess]) -> None:
    """The server is away until every till has said so; then every till goes on by itself."""
    said = [len(till.of("unavailable")) for till in tills]
    cluster.stop("fast")
    for till, before in zip(tills, said, strict=True):
        till.wait_for("unavailable", before + 2)
    cluster.start()
    for till in tills:
        till.wait_for_more("sold", 3)


def _crash(cluster: Cluster, tills: list[TillProcess]) -> None:
    """The server's processes die in the middle of everything and are back at once."""
    cluster.restart("immediate")
    for till in tills:
        till.wait_for_more("sold", 3)


@pytest.fixture
def tills(cluster: Cluster, found: FoundShop, start_till: StartTill, tmp_path: Path, count: int) -> Tills:
    """Tills that are open, and sell."""
    shop = found(cluster.url, 3, 20_000)
    running = [start_till(shop, f"KASSE-{n}", tmp_path / f"till-{n}", seed=n) for n in range(2, count + 2)]
    for till in running:
        till.wait_for("ready")
    for till in running:
        till.begin()
    for till in running:
        till.wait_for("sold", 3)
    return shop, running


@pytest.mark.parametrize(("count", "rounds"), [(4, 1), pytest.param(8, 2, marks=pytest.mark.soak)])
@pytest.mark.timeout(600)
def test_the_server_may_go_and_come_and_nothing_is_lost_or_spent_twice(
    cluster: Cluster, tills: Tills, check_books: CheckBooks, rounds: int
) -> None:
    shop, running = tills
    for _ in range(rounds):
        _take_away_and_bring_back(cluster, running)
        _crash(cluster, running)
    for till in running:
        till.end()
    for till in running:
        till.join()
        assert any(said["sentence"].startswith(AWAY) for said in till.of("unavailable"))
        assert till.of("ended")[0]["settled"]
    check_books(shop, running)
