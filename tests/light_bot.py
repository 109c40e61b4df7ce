"""The bot without the language model and without the shipped articles: ``python -m tests.light_bot``. Starts in a second."""

import os
import sys
from functools import cached_property, partial
from pathlib import Path

from bot.alerts.theme_store import RuleThemes
from bot.app import App
from bot.settings import read_settings
from bot.telegram_front import run_telegram
from index.alerting.themes import encode_theme
from tests.fakes import HASH_THEMES, HashEncoder


class LightApp(App):
    """The real parts around an encoder of words."""

    @cached_property
    def encoder(self):
        return HashEncoder()

    @cached_property
    def rule_themes(self) -> RuleThemes:
        return RuleThemes(self.alerts.themes, lambda: self.encoder, partial(encode_theme, calibration=HASH_THEMES))

    def ensure_articles(self) -> None:
        """None are needed."""


if __name__ == "__main__":
    run_telegram(LightApp(read_settings(os.environ, Path.cwd()), lambda line: print(line, file=sys.stderr)))
