"""Web addresses: which spellings mean the same page.

The canonical address is a name for comparing, never for fetching: without scheme, ``www.``, mobile and AMP forms, print views,
tracking parameters and fragment. No library was right for all of this: courlan keeps ``wt_mc``, url-normalize strips ``?id=``.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

# Parameters that say how a reader came or how the page is shown, never which page it is.
_TRACKING = re.compile(
    r"utm_.*|wt_.*|wtmc|pk_.*|piwik_.*|mtm_.*|matomo_.*|at_(?:medium|campaign|custom\d)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|"
    r"sc_(?:campaign|channel)|ncid|xing_share|sref|ref|referrer|print|druck|printview|printversion|amp|phpsessid|jsessionid|_ga|_gl",
    re.IGNORECASE,
)
_VIEWS = {
    *(("view", "print"), ("type", "98"), ("format", "print"), ("layout", "print"), ("mode", "print"), ("tmpl", "component")),
    *(("view", "amp"), ("outputtype", "amp"), ("source", "rss"), ("from", "rss")),
}
_SUBDOMAINS = re.compile(r"^(?:www\d?|m|mobil|mobile|amp)\.(?=[^.]+\.)")
_PATH_FORMS = re.compile(r"(?:/(?:amp|print|druck|drucken|druckversion)|\.amp)(?=/?$|\.html?$)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_UNQUOTED = "!$&'()*+,:=@;~"  # what a path may hold as it is
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether ``text`` is an http or https address with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


def canonical_address(url: str) -> str:
    """A name that all variants of the same page's address share, such as ``example.org/meldung?p=7``; "" if it is no web address."""
    if not is_web_address(url):
        return ""
    parts = urlsplit(url)
    host = _SUBDOMAINS.sub("", (parts.hostname or "").rstrip(".").lower())
    port = f":{parts.port}" if _has_own_port(parts) else ""
    segments = (quote(unquote(segment, errors="replace"), safe=_UNQUOTED) for segment in _SESSION.sub("", parts.path).split("/") if segment)
    path = "/" + "/".join(segments) + "/" * parts.path.endswith("/")
    path = _INDEX.sub("/", _PATH_FORMS.sub("", path)).rstrip("/")
    query = sorted((name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _names_page(name, value))
    return f"{host}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def absolute_address(base: str, link: str) -> str:
    """``link`` as found on the page ``base``, as a whole address without fragment; "" if it is no web address."""
    try:
        found = urljoin(base, link.strip()).partition("#")[0]
    except ValueError:
        return ""
    return found if is_web_address(found) else ""


def host_of(url: str) -> str:
    """Host, with a port if one is named, in lower case."""
    parts = urlsplit(url)
    return (parts.hostname or "") + (f":{parts.port}" if _has_own_port(parts) else "")


def _has_own_port(parts) -> bool:
    try:
        return parts.port not in (None, 80, 443)
    except ValueError:
        return False


def _names_page(name: str, value: str) -> bool:
    return not _TRACKING.fullmatch(name) and (name.lower(), value.lower()) not in _VIEWS
