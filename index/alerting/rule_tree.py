"""A rule as a tree, and written out as alternatives: what the parser makes and all others read."""

from dataclasses import dataclass

from index.alerting.terms import Label, Term
from index.errors import RuleError

MAX_ALTERNATIVES = 64  # of the rule written out as alternatives, which is how it is indexed


@dataclass(frozen=True, slots=True)
class All:
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: "Node"


@dataclass(frozen=True, slots=True)
class ThemeNode:
    """``thema:``: by meaning (``near``, a label that an article has by its vectors), or because the words are said (``said``)."""

    near: Label
    said: Term

    @property
    def ways(self) -> "Node":
        return Any((self.near, self.said))


Node = Term | Label | ThemeNode | All | Any | Not


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fulfil a rule: everything in ``wanted`` and nothing in ``unwanted``. ``wanted`` is never empty."""

    wanted: frozenset[Term | Label]
    unwanted: frozenset[Term | Label]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written, as a tree, and written out as alternatives."""

    text: str
    root: Node
    alternatives: tuple[Alternative, ...]

    @property
    def themes(self) -> tuple[Label, ...]:
        """Labels of the themes that it asks for."""
        return tuple(dict.fromkeys(_themes_of(self.root)))

    @property
    def understood(self) -> str:
        """How the rule was understood, in German."""
        return describe(self.root)


def alternatives_of(root: Node) -> tuple[Alternative, ...]:
    """All ways to fulfil a rule. Raises RuleError if there is none, or none that wants something, or too many."""
    found = _written_out(root, is_wanted=True)
    if any(not alternative.wanted for alternative in found):
        raise RuleError("Die Regel schließt nur aus; es fehlt ein Wort, das vorkommen soll. Richtig wäre zum Beispiel: OZG -Hessen")
    kept = [a for a in found if not a.wanted & a.unwanted]
    if not kept:
        raise RuleError("Die Regel schließt alles aus, was sie sucht. Richtig wäre zum Beispiel: OZG -Hessen")
    return tuple(dict.fromkeys(kept))


def _written_out(node: Node, is_wanted: bool) -> list[Alternative]:
    """Disjunctive normal form; ``not`` is pushed down to the terms."""
    if isinstance(node, Not):
        return _written_out(node.child, not is_wanted)
    if isinstance(node, ThemeNode):
        return _written_out(node.ways, is_wanted)
    if isinstance(node, Term | Label):
        one, none = frozenset({node}), frozenset()
        return [Alternative(one, none) if is_wanted else Alternative(none, one)]
    parts = [_written_out(child, is_wanted) for child in node.children]
    if isinstance(node, Any) == is_wanted:
        return _limited([alternative for part in parts for alternative in part])
    product = [Alternative(frozenset(), frozenset())]
    for part in parts:
        product = _limited([Alternative(a.wanted | b.wanted, a.unwanted | b.unwanted) for a in product for b in part])
    return product


def _limited(alternatives: list[Alternative]) -> list[Alternative]:
    if len(alternatives) > MAX_ALTERNATIVES:
        raise RuleError("Die Regel ist zu verschachtelt; bitte auf mehrere Alarme verteilen, zum Beispiel: OZG Bremen und OZG Hamburg")
    return alternatives


def describe(node: Node, is_inner: bool = False) -> str:
    """A rule in German words: „OZG“ (auch Onlinezugangsgesetz) und nicht „Hessen“."""
    if isinstance(node, Not):
        return f"nicht {describe(node.child, is_inner=True)}"
    if isinstance(node, ThemeNode):
        return f"Thema „{node.near.text}“ (nach Bedeutung, ungefähr)"
    if isinstance(node, Label):
        return node.text
    if isinstance(node, Term):
        also = f" (auch {', '.join(node.meanings)})" if node.meanings else ""
        return f"{'im Titel ' if node.where else ''}„{node.text}“{also}"
    text = (" und " if isinstance(node, All) else " oder ").join(describe(child, is_inner=True) for child in node.children)
    return f"({text})" if is_inner else text


def _themes_of(node: Node) -> list[Label]:
    if isinstance(node, ThemeNode):
        return [node.near]
    if isinstance(node, Not):
        return _themes_of(node.child)
    return [label for child in node.children for label in _themes_of(child)] if isinstance(node, All | Any) else []
