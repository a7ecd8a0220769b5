"""Qt's own words (context menus of fields) in the screen's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_OBJECT_NAME = "qtbase"


def speak(application: QCoreApplication, language: str) -> None:
    """Load Qt's texts for `language` in the place of those before; English needs none."""
    old = application.findChild(QTranslator, _OBJECT_NAME)
    if old is not None:
        application.removeTranslator(old)
        old.setParent(None)
        old.deleteLater()
    QLocale.setDefault(QLocale(language))
    fresh = QTranslator(application)
    fresh.setObjectName(_OBJECT_NAME)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if fresh.load(f"qtbase_{language}", folder):
        application.installTranslator(fresh)
