"""The one stylesheet, made from the theme's colours: grounds, frames, labels, fields and scroll bars."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from till.ui.theme import RADIUS, Palette

_SHEET = """
QWidget {{ color: {text}; font-family: "Noto Sans"; }}
QWidget[role="ground"] {{ background: {ground}; }}
QWidget[role="surface"] {{ background: {surface}; }}
QFrame[role="bar"] {{ background: {surface}; border: 0; border-bottom: 1px solid {line}; }}
QFrame[role="column"] {{ background: {surface}; border: 0; border-right: 1px solid {line}; }}
QFrame[role="header"] {{ background: {surface}; border: 0; border-bottom: 1px solid {line}; }}
QFrame[role="sums"] {{ background: {surface}; border: 0; border-top: 1px solid {line}; }}
QFrame[role="row"] {{ background: transparent; border: 0; border-bottom: 1px solid {line}; }}
QFrame[role="row"][selected="true"] {{ background: {soft}; border-left: 3px solid {accent}; }}
QFrame[role="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame[role="inset"] {{ background: {raised}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame[role="field"] {{ background: {surface}; border: 2px solid {line}; border-radius: {radius}px; }}
QFrame[role="field"][wrong="true"] {{ border: 2px solid {danger}; }}
QFrame[role="field"][active="true"] {{ border: 2px solid {accent}; }}
QFrame[tone="danger"] {{ background: {dangersoft}; border: 0; border-radius: {radius}px; }}
QFrame[tone="warn"] {{ background: {warnsoft}; border: 0; border-radius: {radius}px; }}
QFrame[tone="calm"] {{ background: {soft}; border: 0; border-radius: {radius}px; }}
QLabel {{ background: transparent; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="accent"] {{ color: {accent}; }}
QLabel[role="danger"] {{ color: {danger}; }}
QLabel[role="warn"] {{ color: {warn}; }}
QLineEdit {{ background: transparent; border: 0; color: {text}; selection-background-color: {accent};
  selection-color: {onaccent}; placeholder-text-color: {muted}; }}
QFrame[role="search"] {{ background: {ground}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame[role="search"][active="true"] {{ border: 2px solid {accent}; }}
QListView {{ background: {surface}; border: 0; outline: 0; }}
QTableView {{ background: {surface}; border: 0; outline: 0; selection-background-color: {soft}; }}
QTableView:focus {{ border: 0; }}
QHeaderView {{ background: {surface}; border: 0; }}
QHeaderView::section {{ background: {surface}; color: {muted}; border: 0; border-bottom: 1px solid {line}; padding: 0 12px;
  font-size: 13px; font-weight: 600; }}
QTableCornerButton::section {{ background: {surface}; border: 0; }}
QPlainTextEdit {{ background: transparent; border: 0; color: {text}; selection-background-color: {accent};
  selection-color: {onaccent}; }}
QComboBox, QDateEdit {{ background: transparent; border: 0; padding: 0 8px; color: {text}; }}
QComboBox:focus, QDateEdit:focus {{ border: 2px solid {accent}; border-radius: 8px; }}
QComboBox QAbstractItemView {{ background: {surface}; color: {text}; border: 1px solid {line}; outline: 0;
  selection-background-color: {soft}; selection-color: {accent}; }}
QComboBox QAbstractItemView::item {{ min-height: 44px; padding: 0 12px; }}
QMenu {{ background: {surface}; border: 1px solid {line}; padding: 6px; }}
QMenu::item {{ padding: 12px 28px 12px 12px; border-radius: 8px; }}
QMenu::item:selected {{ background: {soft}; color: {accent}; }}
QMenu::indicator {{ width: 20px; height: 20px; margin-left: 8px; }}
QProgressBar {{ background: {key}; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
QTabBar::tab {{ background: transparent; color: {muted}; padding: 0 16px; min-height: 44px; font-weight: 600; }}
QTabBar::tab:selected {{ color: {accent}; border-bottom: 3px solid {accent}; }}
QTabBar::tab:focus {{ background: {soft}; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 5px; min-height: 48px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {line}; border-radius: 5px; min-width: 48px; }}
QToolTip {{ background: {text}; color: {surface}; border: 0; padding: 6px 8px; font-size: 13px; }}
"""


def stylesheet(palette: Palette) -> str:
    """The whole application's stylesheet in this theme. Buttons, tiles and basket rows paint themselves."""
    colours = {name: getattr(palette, name) for name in palette.__slots__ if name != "name"}
    return _SHEET.format(radius=RADIUS, **colours)


def dress(palette: Palette) -> None:
    """Give the application this theme; polishing every widget again takes a quarter of a second, so only a new one."""
    application, sheet = QApplication.instance(), stylesheet(palette)
    if isinstance(application, QApplication) and application.styleSheet() != sheet:
        application.setStyleSheet(sheet)
