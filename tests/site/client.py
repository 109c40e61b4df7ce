"""The site as a context manager for tests, with its control side as methods."""

from collections import Counter
from types import TracebackType
from typing import Any, Self

import httpx

from tests.server_process import ServerProcess

from .grammar import ARTICLES, News, write_news
from .world import ROBOTS, Asked


class NewsSite:
    """A site process that lives as long as the ``with`` block. ``url`` and ``other_url`` are the same site on two ports, without a slash at the end."""

    def __enter__(self) -> Self:
        self._process = ServerProcess("tests.site")
        self.url, self.other_url = self._process.urls
        self._http = httpx.Client(base_url=f"{self.url}/control/", timeout=10, trust_env=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()
        self._process.stop()

    def reset(self) -> None:
        """As it was at the start."""
        self._post("reset")

    def change(self, number: int, text: str) -> None:
        """Correct an article: ``text`` is its second paragraph from now on."""
        self._post("change", number=number, text=text)

    def delete(self, number: int, status: int = 410, base: str = "") -> None:
        """Take an article away; its address answers with ``status``. ``base``: only at ``url`` or ``other_url``."""
        self._post("delete", number=number, status=status, host=base.removeprefix("http://"))

    def publish(self, number: int) -> News:
        """Put an article up: a new one (500 and above), or a deleted one again."""
        self._post("publish", number=number)
        return write_news(number)

    def set_robots(self, text: str = ROBOTS, status: int = 200) -> None:
        """Change the robots.txt."""
        self._post("robots", text=text, status=status)

    def forget(self) -> None:
        """Forget all requests so far."""
        self._post("forget")

    def asked(self, path: str = "") -> list[Asked]:
        """The requests so far, of one path or of all."""
        found = [Asked(**one) for one in self._http.get("asked").raise_for_status().json()]
        return [one for one in found if path in ("", one.path)]

    def counts(self, prefix: str = "/") -> Counter[int]:
        """How many requests below a path had which status."""
        return Counter(one.status for one in self.asked() if one.path.startswith(prefix))

    @staticmethod
    def articles() -> list[News]:
        """The articles at the start, by number."""
        return [write_news(number) for number in range(ARTICLES)]

    def _post(self, action: str, **body: Any) -> None:
        self._http.post(action, json=body).raise_for_status()
