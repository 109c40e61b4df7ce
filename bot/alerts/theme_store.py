"""Themes of rules, kept with the model that made their vectors, and the digests of articles' keys: two tables beside the alerts."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from index.alerting.rules import parse_rule
from index.alerting.themes import Theme, encode_theme
from index.encoding.encoder import Encoder
from index.encoding.projection import AXES
from index.errors import RuleError
from index.storage.sqlite import Database

_THEME = "key, text, model_id, vector, theme_offset, threshold, tokens"


class ThemeStore:
    """Themes by key. A theme that no rule and no draft asks for any more is deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, theme: Theme) -> None:
        values = (*_plain(theme), theme.vector.astype("<f4").tobytes(), theme.offset, theme.threshold, theme.tokens.astype("<f4").tobytes())
        with self._database.write() as connection:
            connection.execute(f"INSERT OR REPLACE INTO theme ({_THEME}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def find(self, keys: Iterable[str]) -> list[Theme]:
        """The themes with these keys, whatever model made them."""
        with self._database.read() as connection:
            sql = f"SELECT {_THEME} FROM theme WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
            return [_theme(row) for row in connection.execute(sql, (json.dumps(list(keys)),))]

    def of_rules(self, rules: Iterable[str]) -> list[Theme]:
        """The themes that rules, as written, ask for."""
        keys = theme_keys(rules)
        return self.find(keys) if keys else []

    def of_other_models(self, model_id: str) -> list[Theme]:
        with self._database.read() as connection:
            return [_theme(row) for row in connection.execute(f"SELECT {_THEME} FROM theme WHERE model_id <> ?", (model_id,))]


class RuleThemes:
    """Makes themes: the encoder is asked once, when a rule is previewed, and again when another model is set."""

    def __init__(self, themes: ThemeStore, encoder: Callable[[], Encoder], encode: Callable[..., Theme] = encode_theme) -> None:
        self._themes, self._encoder, self._encode = themes, encoder, encode

    def of(self, rule) -> list[Theme]:
        """The themes of a parsed rule. Raises RuleError where the model is not one that the threshold holds for, and EncoderError."""
        labels = rule.themes
        if not labels:
            return []
        model_id = self._encoder().model_id
        known = {theme.key: theme for theme in self._themes.find(label.key for label in labels) if theme.model_id == model_id}
        for label in labels:
            if label.key not in known:
                known[label.key] = self._encode(label.key, label.text, self._encoder())
                self._themes.save(known[label.key])
        return list(known.values())

    def refresh(self) -> None:
        """Encode again what another model has made; what the present one cannot have stays as it is and matches nothing."""
        for theme in self._themes.of_other_models(self._encoder().model_id):
            try:
                self._themes.save(self._encode(theme.key, theme.text, self._encoder()))
            except RuleError:
                return


class ArticleKeys:
    """Digests of the keys of stored articles, by row; see :mod:`index.alerting.screening`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def article_keys(self, rows: Iterable[int]) -> dict[int, np.ndarray]:
        """Those of the present versions of the articles in these rows, as far as they are kept."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT article_id, keys FROM article_key JOIN article ON article.id = article_id AND article.version = article_key.version"
                " WHERE article_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(rows)),),
            )
            return {row: np.frombuffer(keys, "<u8") for row, keys in found}

    def keep_article_keys(self, keys: Mapping[int, np.ndarray]) -> None:
        with self._database.write() as connection:
            for row, own in keys.items():
                keep_keys(connection, row, own)


def keep_keys(connection: sqlite3.Connection, row: int, keys: np.ndarray) -> None:
    """Within a transaction: the keys of the article in a row as it is now."""
    sql = "INSERT OR REPLACE INTO article_key (article_id, version, keys) SELECT id, version, ? FROM article WHERE id = ?"
    connection.execute(sql, (keys.astype("<u8").tobytes(), row))


def drop_keys(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("DELETE FROM article_key WHERE article_id = ?", (row,))


def drop_unused_themes(connection: sqlite3.Connection) -> None:
    """Within a transaction: forget the themes that no rule and no draft asks for."""
    kept = [key for (key,) in connection.execute("SELECT key FROM theme")]
    if kept:
        used = connection.execute("SELECT rule FROM subscription WHERE rule LIKE '%thema:%' UNION SELECT rule FROM draft WHERE rule LIKE '%thema:%'")
        unused = set(kept) - theme_keys(rule for (rule,) in used)
        connection.executemany("DELETE FROM theme WHERE key = ?", [(key,) for key in unused])


def theme_keys(rules: Iterable[str]) -> set[str]:
    """Keys of the themes that rules, as written, ask for; a rule that cannot be read has none."""
    keys: set[str] = set()
    for rule in rules:
        if "thema:" in rule.lower():
            try:
                keys.update(label.key for label in parse_rule(rule).themes)
            except RuleError:
                continue
    return keys


def _plain(theme: Theme) -> tuple[str, str, str]:
    return theme.key, theme.text, theme.model_id


def _theme(row: tuple) -> Theme:
    vector, tokens = (np.frombuffer(blob, "<f4") for blob in (row[3], row[6]))
    return Theme(row[0], row[1], row[2], vector, row[4], row[5], tokens.reshape(-1, AXES))


def stored_themes(connection: sqlite3.Connection) -> list[Theme]:
    """Within a transaction: all themes made by the model of the store."""
    model = "(SELECT value FROM setting WHERE name = 'model')"
    return [_theme(row) for row in connection.execute(f"SELECT {_THEME} FROM theme WHERE model_id = {model} ORDER BY key")]


def themes_state(connection: sqlite3.Connection) -> tuple[int, int]:
    """Changes whenever a theme does."""
    return connection.execute("SELECT count(*), coalesce(max(id), 0) FROM theme").fetchone()
