"""How fetching behaves: who we say we are, limits of size and time, and how hard one host may be asked."""

from dataclasses import dataclass

ROBOTS_NAME = "Amtsfunk"  # the name that rules in a robots.txt address


@dataclass(frozen=True, slots=True)
class FetchRules:
    """Settings of a ``Fetcher``; times in seconds, sizes in bytes after decompression.

    ``contact`` is a mail or web address that site owners find in the User-Agent.
    """

    contact: str = ""
    max_bytes: int = 16_000_000  # feeds and sitemaps met have at most 10 MB; ten times an article page's size
    connect_s: float = 10.0
    read_s: float = 20.0  # longest silence of a server
    total_s: float = 60.0  # whole visit of one address, from connecting to the last byte
    pace_s: float = 1.0  # from one request's start to the next one's at the same host
    per_host: int = 2  # requests at the same time at one host
    max_crawl_delay_s: float = 30.0  # a longer Crawl-delay would keep a site of hundreds of pages out for good
    max_redirects: int = 5  # as RFC 9309 asks for robots.txt
    allow_private: bool = False  # addresses inside the operator's own network

    @property
    def user_agent(self) -> str:
        """The honest name; ASCII only, as headers must be."""
        known = " ".join(self.contact.split()).encode("ascii", "ignore").decode()
        return f"{ROBOTS_NAME}/0.1 (" + (f"+{known}" if known else "no contact given") + ")"
