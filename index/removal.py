"""Articles that are no longer published: out of the store, unless another place still publishes the news.

    key ── a further place? ── taken off the list
        ── an article ── no further place ── removed with all that belongs to it
                      └─ further places ── the first takes over with its own text and key; what differs from it becomes an article of its own
"""

from collections.abc import Iterable

from index.articles import Article
from index.encoding.encoder import Encoder
from index.ingest import encode_changes, group_same
from index.passages import cut_passages
from index.storage.records import ArticleChange
from index.storage.store import Store


def remove_published(store: Store, encoder: Encoder, keys: Iterable[str]) -> int:
    """Take articles and further places out by key; returns how many were there. Raises StoreError and EncoderError.

    Of each removed key the store remembers when (``Store.find_removal``).
    """
    count, alone = 0, []
    for key in dict.fromkeys(keys):
        stored = store.find_article(key)
        if stored is None:
            continue
        count += 1
        if stored.article.key != key:
            store.apply([], gone=[key])
        elif not stored.also_at:
            alone.append(key)
        else:
            store.apply(encode_changes(encoder, _hand_over(stored.row, store.places(stored.row))), gone=[key])
    if alone:
        store.remove(alone)
    return count


def _hand_over(row: int, places: list[Article]) -> list[ArticleChange]:
    """The first place in ``row``, with those that say the same; others as new articles."""
    groups = group_same(places)
    return [
        ArticleChange(head, tuple(cut_passages(head.text)), (), None if number else row, also, is_heir=not number)
        for number, (head, also) in enumerate(groups)
    ]
