"""The scenes of articles: the office's page with its cards, and what the counter says of prices and unknown codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from till.app.repricing import PRICES_CHANGED
from till.catalog.article import Article
from till.catalog.listing import Wanted
from till.catalog.price_list import LaterPrices, PriceList, Tier
from till.errors import Refused
from till.money import Money
from till.quantity import pieces
from till.ui.keys import Action
from till.ui.office.articles.card_form import CODES, HISTORY, PICTURE, PRICES
from till.ui.office.articles.page import ArticlesPage
from till.ui.office.opened import opened
from till.ui.stage import Scene, Stage

_LATER = dt.datetime(2030, 11, 30, 23, 0, tzinfo=dt.UTC)


def office_articles(stage: Stage) -> QWidget:
    """The list, with no card open."""
    return opened(stage, "articles", ArticlesPage)[0]


def office_article_card(stage: Stage) -> QWidget:
    """The card of the first article."""
    return _played(stage, lambda _page: None)


def office_article_prices(stage: Stage) -> QWidget:
    """Prices by quantity and planned ones, and one more about to be planned."""

    def play(page: ArticlesPage) -> None:
        page.form.tabs.setCurrentIndex(PRICES)
        page.form.fields.later.begin()

    return _played(stage, play)


def office_article_codes(stage: Stage) -> QWidget:
    """A code with a wrong check digit, and one that another article has."""

    def play(page: ArticlesPage) -> None:
        page.form.tabs.setCurrentIndex(CODES)
        page.form.fields.codes.take("4006381333932")

    return _played(stage, play)


def office_article_picture(stage: Stage) -> QWidget:
    """No picture yet."""
    return _played(stage, lambda page: page.form.tabs.setCurrentIndex(PICTURE))


def office_article_history(stage: Stage) -> QWidget:
    """What was changed."""
    return _played(stage, lambda page: page.form.tabs.setCurrentIndex(HISTORY))


def office_article_refused(stage: Stage) -> QWidget:
    """A new article without a name and with a number that is taken."""
    window, page = opened(stage, "articles", ArticlesPage)
    page.begin_article("4006381333931")
    page.form.fields.number.line.setText(stage.tiles(1)[0].number)
    page.form.save()
    return window


def office_article_unsaved(stage: Stage) -> QWidget:
    """Another article is chosen while something is typed."""

    def play(page: ArticlesPage) -> None:
        page.form.fields.price.line.setText("0")
        page.form.fields.price.changed.emit()
        page.form.ask_before(lambda: None)

    return _played(stage, play)


def price_check(stage: Stage) -> None:
    """What something costs, in quantities and later."""
    article = _planned(stage)
    stage.window.act(Action.PRICE_CHECK)
    stage.window.on_scan(article.number)


def price_changed(stage: Stage) -> None:
    """A price changed while the basket was open: the line says so."""
    article = _planned(stage)
    stage.till.sale.scan(article.number, pieces(12))
    stage.till.sale.add(stage.tiles(1)[0])
    desk = stage.till.sale
    line = desk.state.priced.lines[0].line
    priced = replace(desk.state.priced.lines[0], line=replace(line, price_before=Money(410)))
    shown = replace(desk.state.priced, lines=(priced, *desk.state.priced.lines[1:]))
    stage.window.sale.show_state(replace(desk.state, priced=shown))
    stage.window.sale.column.message.refuse(Refused(PRICES_CHANGED, names=line.item.name))


def _played(stage: Stage, play: Callable[[ArticlesPage], object]) -> QWidget:
    article = _planned(stage)
    window, page = opened(stage, "articles", ArticlesPage)
    page.table.select(lambda row: row.id == article.id)
    play(page)
    return window


def _planned(stage: Stage) -> Article:
    """An article with prices by quantity and a planned one."""
    article = stage.till.articles.listing(Wanted()).articles[0]
    known = stage.till.articles.card(article.id)
    tiers = (Tier(pieces(10), Money(299)), Tier(pieces(50), Money(249)))
    later = LaterPrices(_LATER, PriceList(Money(450), (Tier(pieces(10), Money(420)),)))
    priced = replace(known.article, price=Money(350))
    stage.till.articles.save(replace(known, article=priced, tiers=tiers, later=(later,)), known)
    return article


ARTICLE_SCENES: tuple[Scene, ...] = (
    price_check,
    price_changed,
    office_articles,
    office_article_card,
    office_article_prices,
    office_article_codes,
    office_article_picture,
    office_article_history,
    office_article_refused,
    office_article_unsaved,
)
