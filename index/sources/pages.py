"""A visited address → what to do about its article, and what to remember. Pure: no network, no store.

AddressState + Outcome | read_address | Reading (article? unchanged? gone? failed?) | after_reading | AddressState
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from urllib.parse import urlsplit

from index.addresses import canonical_address
from index.articles import Article
from index.errors import InputError
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified, Outcome, Validators
from index.reading.cleaning import clean_line, make_key
from index.reading.page import parse_page
from index.sources.nouns import UNKNOWN, AddressState, Listed, Source
from index.sources.schedule import CHANGED_APART_S, GONE_APART_S, is_gone_for_good, recheck_after_s, retry_after_s

WEB = "web:"  # how the origin of an article from the web begins
MIN_SHARED = 0.5  # of the words of a headline or teaser: pages rephrase, but another page's text shares less
_KEY_CHARS = 71  # with a hyphen and eight letters of a digest within the longest key
_NOT_FOUND = re.compile(
    r"(?:404\b|(?:die |diese )?(?:seite|datei|inhalt)(?: wurde| konnte| ist)? (?:leider )?nicht (?:gefunden|verfügbar)|page not found)",
    re.IGNORECASE,
)
_HTML = re.compile(r"\s*(?:text/html|application/xhtml\+xml|text/plain)?\s*(?:;.*)?", re.IGNORECASE)


class Result(Enum):
    ARTICLE = "article"  # there is an article to be stored, whole or as a teaser
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a visit of an address came to. ``article`` may be a teaser beside an ``error`` that says why there is no more."""

    result: Result
    article: Article | None = None
    error: str = ""
    validators: Validators = UNKNOWN
    moved_to: str = ""
    wait_s: float = 0.0


# what the source lists


def listed_digest(item: Listed) -> str:
    """Tells whether a source says something new of an address."""
    fields = [item.title, item.text, str(item.published), item.has_full_text, item.mark]
    return hashlib.blake2b(json.dumps(fields).encode(), digest_size=16).hexdigest()


def new_address(source_key: str, item: Listed, now: float) -> AddressState:
    return AddressState(source_key, item, listed_digest(item), first_seen=now, next_check=now)


def relisted(state: AddressState, item: Listed, now: float) -> AddressState:
    """The same address, listed anew with something changed: it is read again soon."""
    soon = max(now, state.seen_at + CHANGED_APART_S) if state.article_key else now
    due = soon if state.next_check is None else min(state.next_check, soon)
    is_new = item.has_full_text or not item.url
    return replace(state, listed=item, digest=listed_digest(item), is_new=is_new or state.is_new, next_check=due, tries=0)


def needs_page(state: AddressState) -> bool:
    """Whether the address has to be fetched: not if the source itself gave the whole text, or there is no page."""
    item = state.listed
    return bool(item.url) and not (state.is_new and item.has_full_text)


# articles


def article_of_listed(source: Source, item: Listed, feed_title: str = "") -> Article:
    """What the source itself says, as an article; a teaser unless it carries the full text."""
    article = Article(
        key="",
        title=item.title,
        text=item.text or item.title,
        published=item.published,
        url=item.url,
        source=source.name or feed_title,
        tags=item.tags,
        origin=WEB + item.address,
        is_teaser=not item.has_full_text,
    )
    return replace(article, key=article_key(article))


def article_key(article: Article) -> str:
    """A key that tells two articles of one day and headline apart by their address."""
    digest = hashlib.sha256(article.origin.encode()).hexdigest()[:8]
    return f"{make_key(article.published, article.title)[:_KEY_CHARS].rstrip('-')}-{digest}".lstrip("-")


def read_address(source: Source, state: AddressState, outcome: Outcome | None, today: date, feed_title: str = "") -> Reading:
    """What came of visiting an address; ``outcome`` None: nothing was fetched, the source says all there is."""
    match outcome:
        case None:
            return Reading(Result.ARTICLE, article_of_listed(source, state.listed, feed_title), validators=state.validators)
        case NotModified():
            return Reading(Result.UNCHANGED, validators=outcome.validators, moved_to=outcome.moved_to)
        case Gone():
            return Reading(Result.GONE, error=f"Die Seite gibt es nicht mehr ({outcome.status}).")
        case Failed():
            return _without_page(source, state, outcome.reason, feed_title, outcome.retry_after_s or 0.0)
    if state.listed.has_full_text:  # only looked at whether it is still there: its text comes with the list
        return Reading(Result.UNCHANGED, validators=outcome.validators, moved_to=outcome.moved_to)
    try:
        article = _article_of_page(source, state.listed, outcome, today)
    except InputError as error:
        return _without_page(source, state, str(error), feed_title)
    if article.is_teaser:
        error = "Der volle Text ist nicht frei zugänglich."
        longer = state.listed.text if len(state.listed.text) > len(article.text) else article.text
        return Reading(Result.ARTICLE, replace(article, text=longer), error, outcome.validators, outcome.moved_to)
    return Reading(Result.ARTICLE, article, validators=outcome.validators, moved_to=outcome.moved_to)


def _without_page(source: Source, state: AddressState, error: str, feed_title: str, wait_s: float = 0.0) -> Reading:
    """The page cannot be read: a teaser from the list, if there is nothing better yet."""
    item = state.listed
    if item.title and item.text and not state.article_key:
        return Reading(Result.ARTICLE, article_of_listed(source, item, feed_title), error, wait_s=wait_s)
    return Reading(Result.FAILED, error=error, wait_s=wait_s)


def _article_of_page(source: Source, item: Listed, page: Fetched, today: date) -> Article:
    """The page's article, checked against what was listed. InputError if it is no article or another one."""
    if not _HTML.fullmatch(page.content_type):
        raise InputError(f"Das ist keine Webseite, sondern {page.content_type.partition(';')[0]}.")
    if _is_home_page(page.url) and not _is_home_page(item.url):
        raise InputError("Die Adresse führt nur noch auf die Startseite.")
    article = parse_page(page.data, page.url, page.content_type, today)
    if not item.title and _NOT_FOUND.match(article.title):
        raise InputError("Die Seite gibt es nicht; der Server sagt das nur im Text.")
    if item.title and not _tell_the_same(item, article):
        raise InputError("Auf der Seite steht etwas anderes, als die Quelle ankündigt.")
    agrees = not item.title or share_of_words(item.title, article.title) >= MIN_SHARED
    article = replace(
        article,
        title=article.title if agrees else item.title,
        published=_publication_date(item.published, article.published),
        source=source.name or article.source,
        tags=article.tags or item.tags,
        origin=WEB + canonical_address(article.url),
    )
    return replace(article, key=article_key(article))


def _tell_the_same(item: Listed, article: Article) -> bool:
    """Whether headlines agree, or the page says what was listed: not if a login or another article stands there."""
    if share_of_words(item.title, article.title) >= MIN_SHARED:
        return True
    return share_of_words(f"{item.title} {item.text}", f"{article.title} {article.text}") >= MIN_SHARED


def share_of_words(text: str, whole: str) -> float:
    """Share of the longer words of ``text`` that stand in ``whole``; 1 if it has none."""
    words = set(re.findall(r"\w{4,}", text.lower())) or set(re.findall(r"\w+", text.lower()))
    return len(words & set(re.findall(r"\w+", whole.lower()))) / len(words) if words else 1.0


def _publication_date(listed: date | None, on_page: date | None) -> date | None:
    """The earlier one: lists also date changes, pages also print later dates; nothing is published before it is published."""
    return min(listed, on_page) if listed and on_page else listed or on_page


def _is_home_page(url: str) -> bool:
    return not urlsplit(url).path.strip("/") and not urlsplit(url).query


# what to remember


def after_reading(state: AddressState, reading: Reading, article_key: str, now: float) -> AddressState:
    """The address after a visit; ``article_key``: the article that is stored for it now, "" if none."""
    published = reading.article.published if reading.article else state.published
    listed = _moved(state.listed, reading.moved_to)
    seen = replace(state, article_key=article_key, error=reading.error, listed=listed, published=published)
    if reading.result is Result.GONE:
        return _after_gone(seen, now)
    if reading.result is Result.FAILED or reading.error:
        return _after_failure(seen, reading, now)
    is_full = not reading.article.is_teaser if reading.article else state.is_full
    return replace(
        seen,
        listed=replace(listed, text="") if is_full else listed,  # the article has it now
        is_new=False,
        is_full=is_full,
        validators=reading.validators,
        seen_at=now,
        next_check=now + recheck_after_s(_age_s(seen, now)) if seen.listed.url else None,
        tries=0,
        gone_since=None,
    )


def is_deleted(state: AddressState, reading: Reading, now: float) -> bool:
    """Whether the address's article has to leave the store."""
    return reading.result is Result.GONE and bool(state.article_key) and is_gone_for_good(state.gone_since, now)


def _after_gone(state: AddressState, now: float) -> AddressState:
    """Missed for the first time: looked at again a day later. Missed again: never."""
    since = state.gone_since if state.gone_since is not None else now
    is_over = is_gone_for_good(since, now)
    return replace(state, gone_since=since, is_new=False, validators=UNKNOWN, next_check=None if is_over else since + GONE_APART_S)


def _after_failure(state: AddressState, reading: Reading, now: float) -> AddressState:
    """Tried again a few times; then as rarely as other pages of that age, or never where there is nothing to keep."""
    tries = state.tries + 1
    wait_s = retry_after_s(tries)
    if wait_s is None:
        wait_s = recheck_after_s(_age_s(state, now)) if state.article_key else None
    due = None if wait_s is None else now + max(wait_s, reading.wait_s)
    return replace(state, is_new=False, tries=tries, next_check=due, gone_since=None)


def _moved(item: Listed, moved_to: str) -> Listed:
    return replace(item, url=moved_to) if moved_to and item.url else item


def _age_s(state: AddressState, now: float) -> float:
    """Age of an article: since its day of publication, or since it was first seen."""
    day = state.published or state.listed.published
    born = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() if day else state.first_seen
    return max(0.0, now - min(born, state.first_seen))


def clean_reason(text: str) -> str:
    """A reason as one line that fits a table."""
    return clean_line(text)[:300]
