"""The one way out to the web."""

from index.fetching.outcomes import Outcome, Validators
from index.fetching.rules import FetchRules

__all__ = ["FetchRules", "Fetcher"]


class Fetcher:
    """Fetches addresses; several threads may share one. Pace and number of requests per host are kept inside, so ``fetch`` may wait.

    Cheap to construct: the HTTP library is imported with the first visit.
    """

    def __init__(self, rules: FetchRules = FetchRules()) -> None:
        self._rules = rules

    def fetch(self, url: str, validators: Validators = Validators()) -> Outcome:
        """Visit ``url``; with ``validators`` of the last visit the answer may be ``NotModified``. Never raises for what a server does."""
        raise NotImplementedError

    def close(self) -> None:
        """Close connections; waiting threads get ``Failed``."""
