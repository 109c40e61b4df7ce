"""How the tests fetch: rules for the news site on this machine, and the site behind public addresses."""

from urllib.parse import urlsplit

from index.fetching.fetcher import FetchRules
from tests.site.network import MadeUpNetwork

RULES = FetchRules(contact="post@example.org", max_bytes=1_000_000, read_s=8.0, total_s=15.0, pace_s=0.0, allow_private=True)
PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def public_network(site, **names: list[list[str]]) -> MadeUpNetwork:
    """``blick.example`` is the site on a public address, ``nachbar.example`` on another one."""
    known = {"blick.example": [[PUBLIC]], "nachbar.example": [[OTHER_PUBLIC]]}
    known |= {f"{name}.example": answers for name, answers in names.items()}
    return MadeUpNetwork(known, {PUBLIC: port_of(site.url), OTHER_PUBLIC: port_of(site.other_url)})
