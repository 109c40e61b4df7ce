"""One stored article in the terminal: its text, its places of publication, its versions; and that it is gone."""

from collections.abc import Sequence

from bot import texts_de as texts
from index.articles import Article, StoredArticle
from index.storage.records import Removal
from index.versions import Correction


def article_lines(stored: StoredArticle, places: Sequence[Article]) -> str:
    """Headline, source, day and address; further places; the text."""
    return "\n".join([stored.article.title, _imprint(stored.article), *(f"{texts.ALSO_AT}{_imprint(place)}" for place in places), "", stored.article.text])


def version_lines(stored: StoredArticle, corrections: Sequence[Correction]) -> str:
    """What each correction took away and brought, oldest first."""
    if not corrections:
        return texts.NEVER_CORRECTED.format(title=stored.article.title)
    lines = [stored.article.title]
    for correction in corrections:
        version = correction.former.version
        replaced = correction.former.replaced_at.astimezone().strftime("%d.%m.%Y, %H:%M")
        lines += ["", texts.CORRECTED.format(old=version, new=version + 1, replaced=replaced)]
        lines += [f"{'+' if change.is_new else '−'} {change.text}" for change in correction.changes] or [texts.ONLY_SPACING]
    return "\n".join(lines)


def removal_line(removal: Removal) -> str:
    """When an article was taken out."""
    return texts.REMOVED.format(title=removal.title or removal.key, day=removal.removed_at.astimezone().strftime("%d.%m.%Y"))


def _imprint(article: Article) -> str:
    day = article.published.strftime("%d.%m.%Y") if article.published else ""
    return " · ".join(part for part in (article.source, day, article.url) if part) or article.key
