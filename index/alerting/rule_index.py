"""Many rules against one article: only rules that can match are looked at.

    article's keys → terms that are said (each distinct term is looked for once, however many rules share it)
                   → alternatives filed under a said term → those whose other terms hold too → rules

An alternative is filed under one of its wanted terms, the one with the fewest alternatives so far. Adding and removing take
effect at once; numbers are kept in flat arrays, so a million rules are small.
"""

from array import array
from collections.abc import Iterable

import numpy as np

from index.alerting.analysis import AnalysedArticle
from index.alerting.matching import is_said
from index.alerting.rule_tree import Alternative, Rule
from index.alerting.terms import Label, Phrase, Spread, Term, Word

OTHERS = 2  # terms beside the one an alternative is filed under that are checked in bulk; alternatives with more are checked one by one
FIRST_ROOM = 1024


class RuleIndex:
    """Rules by number. Not thread-safe."""

    def __init__(self) -> None:
        self._numbers: dict[Term | Label, int] = {}
        self._terms: list[Term | Label] = []
        self._surely: dict[str, list[int]] = {}  # key → terms that are said wherever it occurs
        self._perhaps: dict[str, list[int]] = {}  # key → terms that must be looked for
        self._filed: list[array] = []  # term → alternatives
        self._owners = array("q")
        self._others = np.zeros((FIRST_ROOM, OTHERS), np.int32)  # number + 1 of a wanted term, negative for an unwanted one, 0 for none
        self._alive = np.zeros(FIRST_ROOM, bool)
        self._long: dict[int, Alternative] = {}
        self._of_rule: dict[int, range] = {}

    def __len__(self) -> int:
        return len(self._of_rule)

    def add(self, rule_id: int, rule: Rule) -> None:
        """File a rule; one with the same number is replaced."""
        self.remove(rule_id)
        first = len(self._owners)
        for alternative in rule.alternatives:
            self._file(rule_id, alternative)
        self._of_rule[rule_id] = range(first, len(self._owners))

    def remove(self, rule_id: int) -> None:
        """Forget a rule; an unknown number changes nothing."""
        for place in self._of_rule.pop(rule_id, ()):
            self._alive[place] = False
            self._long.pop(place, None)

    def match(self, article: AnalysedArticle) -> list[int]:
        """Numbers of the rules that the article fulfils, ascending."""
        said = self._said_terms(article)
        flags = np.zeros(len(self._terms) + 1, bool)
        flags[[number + 1 for number in said]] = True
        filed = [np.frombuffer(self._filed[number], np.int32) for number in said if len(self._filed[number])]
        if not filed:
            return []
        places = np.concatenate(filed)
        others = self._others[places]
        holds = self._alive[places] & ((others == 0) | (flags[np.abs(others)] == (others > 0))).all(axis=1)
        return sorted({self._owners[place] for place in places[holds] if self._long_holds(int(place), said)})

    def candidates(self, article: AnalysedArticle) -> int:
        """How many alternatives are looked at for an article."""
        return sum(len(self._filed[number]) for number in self._said_terms(article))

    def _long_holds(self, place: int, said: set[int]) -> bool:
        alternative = self._long.get(place)
        if alternative is None:
            return True
        wanted, unwanted = ({self._numbers[term] for term in terms} for terms in (alternative.wanted, alternative.unwanted))
        return wanted <= said and not unwanted & said

    def _said_terms(self, article: AnalysedArticle) -> set[int]:
        said: set[int] = set()
        perhaps: set[int] = set()
        for key in article.all_keys():
            if key in self._surely:
                said.update(self._surely[key])
            if key in self._perhaps:
                perhaps.update(self._perhaps[key])
        return said | {number for number in perhaps - said if is_said(self._terms[number], article)}

    def _file(self, rule_id: int, alternative: Alternative) -> None:
        place = len(self._owners)
        if place == len(self._alive):
            self._others = np.concatenate([self._others, np.zeros_like(self._others)])
            self._alive = np.concatenate([self._alive, np.zeros_like(self._alive)])
        wanted = sorted((self._number(term) for term in alternative.wanted), key=lambda number: len(self._filed[number]))
        others = [number + 1 for number in wanted[1:]] + [-self._number(term) - 1 for term in alternative.unwanted]
        if len(others) <= OTHERS:
            self._others[place, : len(others)] = others
        else:
            self._long[place] = alternative
        self._filed[wanted[0]].append(place)
        self._owners.append(rule_id)
        self._alive[place] = True

    def _number(self, term: Term | Label) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._terms)
            self._terms.append(term)
            self._filed.append(array("i"))
            for key, is_sure in anchors(term):
                (self._surely if is_sure else self._perhaps).setdefault(key, []).append(number)
        return number


def anchors(term: Term | Label) -> set[tuple[str, bool]]:
    """Keys one of which every article that says the term has; whether the key alone says it."""
    if isinstance(term, Label):
        return {(term.key, True)}
    found: set[tuple[str, bool]] = set()
    for way in term.ways:
        if isinstance(way.form, Word):
            found |= {(key, not term.where) for key in way.form.keys}
        else:
            found |= {(key, False) for key in _rarest_step(way.form)}
    return found


def _rarest_step(form: Phrase | Spread) -> Iterable[str]:
    """Keys of the step that is the longest, and so probably the rarest."""
    if isinstance(form, Phrase):
        content = [step for step in form.steps if not all(key.startswith("s:") for key in step)]
        return max(content or form.steps, key=lambda step: min(map(len, step), default=0))
    # The head stands alone as a whole word, in each way to split: as the last part, or the last parts together.
    return {"|".join(form.parts[split:]) for split in range(1, len(form.parts))}
