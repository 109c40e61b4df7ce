"""The language of rules, as people write them.

    rule        := alternative (("," | ";" | "|" | "oder") alternative)*
    alternative := item (["und" | "+" | "&"] item)*             several words: all of them
    item        := ("-" | "nicht" | "ohne" | "außer") item | "(" rule ")" | [field ":"] (word | '"' words '"')
    field       := "titel" | "quelle" | "tag" | "thema"

``OZG Bremen, BundID -Hessen`` is (OZG and Bremen) or (BundID and not Hessen). ``thema:`` is by meaning (:mod:`index.alerting.themes`); an
article that says the words belongs to it in any case.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from index.alerting.keys import spell
from index.alerting.rule_tree import All, Any, Node, Not, Rule, ThemeNode, alternatives_of
from index.alerting.terms import Label, phrase_entries, phrase_term, word_term
from index.errors import RuleError
from index.language.glossary import shipped_glossary
from index.language.words import find_words

MAX_RULE_CHARS = 300
MAX_RULE_TERMS = 24
MAX_THEME_CHARS = 80  # a subject, not a story: the threshold was fitted on a few words
EXAMPLE = "OZG Bremen, „digitale Souveränität“ -Hessen"
FIELDS = {"titel": "titel", "title": "titel", "quelle": "quelle", "source": "quelle", "tag": "tag", "schlagwort": "tag", "thema": "thema"}
_OPEN, _CLOSE = "\"„“”«»", "\"“”„«»"
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<or>[,;|])|(?P<and>[+&])|(?P<not>[-–−](?=[\w(\"„“”«»]))"
    rf"|(?P<field>[^\W\d_]+):(?!//)|(?P<quote>[{_OPEN}])|(?P<word>[^\s(),;|{_OPEN}]+)"
)
_CODE = re.compile(r"</?\w*>?|[>\[\]{}\\^$]")  # markup and patterns of programs, not German
_OR_WORDS = frozenset({"oder", "ODER", "Oder", "OR"})
_AND_WORDS = frozenset({"und", "UND", "Und", "sowie", "AND"})
_NOT_WORDS = frozenset({"nicht", "NICHT", "Nicht", "ohne", "außer", "ausser", "NOT"})  # "Not" is a German noun


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=10_000)
def parse_rule(text: str) -> Rule:
    """The rule that ``text`` means. Raises RuleError with a German sentence that says where it is wrong and shows a right one."""
    text = _cleaned(text)
    if len(text) > MAX_RULE_CHARS:
        raise RuleError(f"Die Regel ist mit {len(text)} Zeichen zu lang; erlaubt sind {MAX_RULE_CHARS}. Richtig wäre zum Beispiel: {EXAMPLE}")
    if not any(char.isalnum() for char in text):
        raise RuleError(f"In der Regel steht kein Wort. Richtig wäre zum Beispiel: {EXAMPLE}")
    root = _Parser(text).parse()
    return Rule(text, root, alternatives_of(root))


def _cleaned(text: str) -> str:
    """Without control characters, and without those that are not seen (directions of writing, soft hyphens)."""
    kinds = {char: unicodedata.category(char) for char in set(text)}
    return " ".join("".join(" " if kinds[char] == "Cc" else char for char in text if kinds[char] != "Cf").split())


def _tokenise(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise RuleError(_where(text, place, f"Mit „{text[place]}“ kann ich an dieser Stelle nichts anfangen"))
        kind = match.lastgroup or ""
        if kind == "quote":
            place = _take_quoted(text, place, tokens)
            continue
        if kind != "space":
            tokens.append(_Token(kind, match.group("field") if kind == "field" else match.group(), place))
        place = match.end()
    return tokens


def _take_quoted(text: str, start: int, tokens: list[_Token]) -> int:
    end = next((place for place in range(start + 1, len(text)) if text[place] in _CLOSE), -1)
    if end < 0:
        raise RuleError(_where(text, start, "Das Anführungszeichen wird nicht geschlossen", f"„{text[start + 1 :].strip() or 'digitale Akte'}“"))
    tokens.append(_Token("phrase", text[start + 1 : end], start))
    return end + 1


def _where(text: str, at: int, what: str, right: str = EXAMPLE) -> str:
    near = text[at : at + 20] or text[-20:]
    return f"{what} (bei „{near}“, Zeichen {at + 1}). Richtig wäre zum Beispiel: {right}"


class _Parser:
    """Recursive descent over the tokens of one rule."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [_worded(token) for token in _tokenise(text)]
        self._place = 0
        self._terms = 0

    def parse(self) -> Node:
        root = self._any()
        token = self._peek()
        if token is not None:
            raise self._error(token, "Diese Klammer wurde nicht geöffnet", self._text.replace(")", "").strip() or EXAMPLE)
        if root is None:
            raise RuleError(f"In der Regel stehen nur Füllwörter („{self._text}“). Richtig wäre zum Beispiel: {EXAMPLE}")
        return root

    def _any(self) -> Node | None:
        children = [self._all()]
        while (token := self._peek()) is not None and token.kind == "or":
            self._place += 1
            following = self._peek()
            if following is None or following.kind in {"or", "close"}:
                raise self._error(token, f"Nach „{token.text}“ fehlt ein Wort", "OZG, BundID")
            children.append(self._all())
        return _joined(Any, [child for child in children if child is not None])

    def _all(self) -> Node | None:
        children: list[Node] = []
        began = False
        while (token := self._peek()) is not None and token.kind not in {"or", "close"}:
            if token.kind == "and":
                self._place += 1
                if not began or (following := self._peek()) is None or following.kind in {"or", "close", "and"}:
                    raise self._error(token, f"Neben „{token.text}“ fehlt ein Wort", "OZG und Bremen")
                continue
            began = True
            if (name := self._glossary_name()) is not None:
                children.append(name)
            elif (child := self._item()) is not None:
                children.append(child)
        if not began and (token := self._peek()) is not None:
            raise self._error(token, f"Vor „{token.text}“ fehlt ein Wort", "OZG, BundID")
        return _joined(All, children)

    def _glossary_name(self) -> Node | None:
        """Bare words that together are a name of the glossary (künstliche Intelligenz) stay together and bring its acronym."""
        most = shipped_glossary().max_long_words
        run = []
        for token in self._tokens[self._place : self._place + most + 2]:
            if token.kind != "word":
                break
            run.append(token)
        for count in range(len(run), 1, -1):
            words = " ".join(token.text for token in run[:count])
            if phrase_entries(words, shipped_glossary()) and (term := phrase_term(words)) is not None:
                self._place += count
                self._count(run[0])
                return term
        return None

    def _item(self) -> Node | None:
        token = self._next()
        if token.kind == "not":
            return self._excluded(token)
        if token.kind == "open":
            return self._group(token)
        if token.kind == "field":
            return self._field(token)
        return self._term(token, "")

    def _excluded(self, token: _Token) -> Node | None:
        following = self._peek()
        if following is None or following.kind in {"or", "and", "close"}:
            raise self._error(token, f"Nach „{token.text}“ fehlt das Wort, das nicht vorkommen soll", "OZG -Hessen")
        child = self._item()
        return Not(child) if child is not None else None

    def _group(self, token: _Token) -> Node | None:
        following = self._peek()
        if following is not None and following.kind == "close":
            raise self._error(token, "In der Klammer steht nichts", "OZG (Bremen, Hamburg)")
        inside = self._any()
        closing = self._peek()
        if closing is None or closing.kind != "close":
            missing = self._text.count("(") - self._text.count(")")
            raise self._error(token, "Diese Klammer wird nicht geschlossen", f"{self._text}{')' * max(1, missing)}")
        self._place += 1
        return inside

    def _field(self, token: _Token) -> Node | None:
        name = FIELDS.get(token.text.lower())
        if name is None:
            known = "titel:, quelle:, tag: und thema:"
            raise self._error(token, f"„{token.text}:“ kenne ich nicht; es gibt {known}", "titel:OZG")
        value = self._next() if self._peek() is not None else token
        if value.kind not in {"word", "phrase"}:
            raise self._error(token, f"Nach „{token.text}:“ fehlt ein Wort", f"{token.text}:OZG")
        if name == "titel":
            return self._term(value, name)
        self._count(value)
        return self._theme(value) if name == "thema" else self._label(name, value)

    def _theme(self, value: _Token) -> Node:
        right = "thema:„digitale Identität“"
        if not any(char.isalpha() for char in value.text):
            raise self._error(value, "Nach „thema:“ fehlt ein Wort", right)
        if len(value.text) > MAX_THEME_CHARS:
            raise self._error(value, f"Ein Thema hat höchstens {MAX_THEME_CHARS} Zeichen", right)
        said = phrase_term(value.text)
        if said is None:
            raise self._error(value, f"„{value.text}“ ist kein Thema, nur ein Füllwort", right)
        return ThemeNode(Label(f"thema:{spell(value.text.lower())}", value.text.strip()), said)

    def _label(self, name: str, value: _Token) -> Node:
        if not any(char.isalnum() for char in value.text):
            raise self._error(value, f"Nach „{name}:“ fehlt ein Wort", f"{name}:Kommune21")
        whole = value.text.lower().removeprefix("www.")
        return Label(f"{name}:{spell(whole)}", f"{name}:{value.text}")

    def _term(self, token: _Token, field: str) -> Node | None:
        self._count(token)
        words = find_words(token.text)
        if "*" in token.text or "?" in token.text:
            right = re.sub(r"[*?]", "", token.text) or "OZG"
            raise self._error(token, "Platzhalter braucht es nicht: Beugungen und Zusammensetzungen finde ich von selbst", right)
        if (code := _CODE.search(token.text)) is not None:
            right = " ".join(_CODE.sub(" ", token.text).split())
            raise self._error(token, f"Das Zeichen „{code.group()}“ gehört nicht in eine Regel", right if find_words(right) else EXAMPLE)
        if not words:
            raise self._error(token, f"In „{token.text}“ steht kein Wort", EXAMPLE)
        if token.kind == "phrase" or len(words) > 1:
            return phrase_term(token.text, field)
        return word_term(words[0].surface, field)

    def _count(self, token: _Token) -> None:
        self._terms += 1
        if self._terms > MAX_RULE_TERMS:
            raise self._error(token, f"Die Regel hat mehr als {MAX_RULE_TERMS} Wörter; bitte auf mehrere Alarme verteilen")

    def _peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _next(self) -> _Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _error(self, token: _Token, what: str, right: str = EXAMPLE) -> RuleError:
        return RuleError(_where(self._text, token.at, what, right))


def _worded(token: _Token) -> _Token:
    """Words that stand for a sign, as tokens of that kind."""
    for kind, words in (("or", _OR_WORDS), ("and", _AND_WORDS), ("not", _NOT_WORDS)):
        if token.kind == "word" and token.text in words:
            return _Token(kind, token.text, token.at)
    return token


def _joined(kind: type[All] | type[Any], children: list[Node]) -> Node | None:
    return children[0] if len(children) == 1 else kind(tuple(children)) if children else None
