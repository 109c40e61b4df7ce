"""What the site holds now, and what was asked of it."""

from dataclasses import dataclass, field, replace

from .grammar import ARTICLES, News, write_news

ROBOTS = "User-agent: *\nDisallow: /intern/\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was answered. ``path``: as it was sent, with its query; ``status`` 0: not with HTTP."""

    path: str
    status: int
    headers: dict[str, str]


@dataclass(slots=True)
class World:
    """The state of the site; ``gone`` maps paths of deleted articles to 404 or 410, ``gone_at`` the same for one of its hosts."""

    news: dict[int, News] = field(default_factory=lambda: {number: write_news(number) for number in range(ARTICLES)})
    gone: dict[str, int] = field(default_factory=dict)
    gone_at: dict[tuple[str, str], int] = field(default_factory=dict)
    robots: str = ROBOTS
    robots_status: int = 200
    asked: list[Asked] = field(default_factory=list)

    def newest(self, count: int) -> list[News]:
        """The latest articles, the latest first."""
        return sorted(self.news.values(), key=lambda news: (news.published, news.number), reverse=True)[:count]

    def listed(self) -> list[News]:
        """All articles in order of their numbers."""
        return [self.news[number] for number in sorted(self.news)]

    def find(self, path: str) -> News | None:
        """The article at a path, however its headline is spelled in it."""
        number = path.rpartition("/")[2][:3]
        found = self.news.get(int(number)) if number.isdigit() else None
        return found if found and found.path == path else None

    def change(self, number: int, text: str) -> None:
        """Correct an article: its second paragraph is another one from now on."""
        old = self.news[number]
        first, _, *rest = old.paragraphs
        self.news[number] = replace(old, paragraphs=(first, text, *rest), modified=old.modified + 1)

    def delete(self, number: int, status: int, host: str = "") -> None:
        """Take an article away, everywhere or from one host."""
        if host:
            self.gone_at[host, self.news[number].path] = status
        else:
            self.gone[self.news.pop(number).path] = status

    def publish(self, number: int) -> None:
        """Put an article up, a new one or a deleted one again."""
        news = self.news[number] = write_news(number)
        self.gone.pop(news.path, None)
