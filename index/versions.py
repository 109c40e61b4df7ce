"""What a correction changed: sentences that went and sentences that came, from one version of an article to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from index.articles import StoredArticle
from index.language.sentences import split_sentences
from index.storage.records import FormerVersion


@dataclass(frozen=True, slots=True)
class Wording:
    """What of an article makes a version."""

    title: str
    text: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence, headline or date that is gone (``is_new`` false) or new."""

    is_new: bool
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """From ``version`` to the next one: what it said, and what changed."""

    former: FormerVersion
    changes: tuple[Change, ...]


def corrections(former: Sequence[FormerVersion], stored: StoredArticle) -> list[Correction]:
    """The kept corrections of an article, oldest first."""
    now = Wording(stored.article.title, stored.article.text, stored.article.published)
    wordings = [*(Wording(version.title, version.text, version.published) for version in former), now]
    return [Correction(old, tuple(changes(*pair))) for old, pair in zip(former, pairwise(wordings), strict=True)]


def changes(old: Wording, new: Wording) -> list[Change]:
    """What went and what came, in the order of the texts."""
    before, after = _parts(old), _parts(new)
    found: list[Change] = []
    for _kind, start, end, new_start, new_end in _differing(before, after):
        found += [Change(False, part) for part in before[start:end]]
        found += [Change(True, part) for part in after[new_start:new_end]]
    return found


def _differing(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    return [step for step in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if step[0] != "equal"]


def _parts(wording: Wording) -> list[str]:
    day = [wording.published.strftime("%d.%m.%Y")] if wording.published else []
    return [wording.title, *day, *(span.cut(wording.text) for span in split_sentences(wording.text))]
