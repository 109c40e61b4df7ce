"""Cutting an article into passages: whole sentences, at most about 800 characters, paragraphs kept together where they fit."""

from index.articles import Passage, Span
from index.language.sentences import split_sentences

# About 200 tokens: the size at which the measured baseline retrieves best with this model; a longer sentence stands alone.
TARGET_CHARS = 800


def cut_passages(text: str, target_chars: int = TARGET_CHARS) -> list[Passage]:
    """Passages of ``text`` in order. Every sentence is in exactly one passage."""
    passages: list[Passage] = []
    current: list[Span] = []
    for sentence in split_sentences(text):
        if current and sentence.end - current[0].start > target_chars:
            passages.append(_passage(current))
            current = []
        current.append(sentence)
    if current:
        passages.append(_passage(current))
    return passages


def _passage(sentences: list[Span]) -> Passage:
    return Passage(Span(sentences[0].start, sentences[-1].end), tuple(sentences))
