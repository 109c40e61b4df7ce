"""The fetcher's manners: robots.txt, pauses that servers ask for, many threads."""

import threading
import time
from dataclasses import replace

import pytest

from index.fetching.fetcher import Fetcher
from index.fetching.outcomes import Failed, Fetched
from tests.fetching import RULES
from tests.site.grammar import write_news
from tests.site.network import HandClock


def test_what_robots_forbid_is_not_asked_for(site, fetcher):
    outcome = fetcher.fetch(site.url + "/intern/plan?token=geheim")
    assert outcome == Failed(site.url + "/intern/plan?token=geheim", "Die robots.txt von 127.0.0.1 verbietet /intern/plan.")
    assert [request.path for request in site.asked()] == ["/robots.txt"]


def test_rules_for_us_win_over_rules_for_all(site, fetcher):
    site.set_robots("User-agent: *\nAllow: /\n\nUser-agent: amtsfunk\nDisallow: /meldungen/\n")
    assert isinstance(fetcher.fetch(site.url + write_news(1).path), Failed) and isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_robots_are_asked_for_once_a_day(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    for _ in range(3):
        fetcher.fetch(site.url + "/")
    assert len(site.asked("/robots.txt")) == 1
    clock.move(86_401)
    fetcher.fetch(site.url + "/")
    assert len(site.asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_robots_everything_is_allowed(site, fetcher, status):
    site.set_robots(status=status)
    assert isinstance(fetcher.fetch(site.url + "/intern/plan"), Fetched)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_in_trouble_close_the_site_for_a_while(site, status):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    site.set_robots(status=status)
    first, second = fetcher.fetch(site.url + "/"), fetcher.fetch(site.url + "/")
    assert isinstance(first, Failed) and "robots.txt von 127.0.0.1 ist zurzeit nicht zu lesen" in first.reason
    assert isinstance(second, Failed) and 500 < (second.retry_after_s or 0) <= 600 and second.concerns_server
    assert [request.path for request in site.asked()] == ["/robots.txt"]
    site.set_robots()
    clock.move(601)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_known_rules_hold_while_robots_are_in_trouble(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    fetcher.fetch(site.url + "/")
    site.set_robots(status=500)
    clock.move(86_401)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)
    assert isinstance(fetcher.fetch(site.url + "/intern/plan"), Failed)


@pytest.mark.parametrize(("asked", "kept"), [("3", 3.0), ("3600", 30.0), ("unsinn", 1.0), ("0.1", 1.0)])
def test_crawl_delay_up_to_a_bound(site, asked, kept):
    site.set_robots(f"User-agent: *\nCrawl-delay: {asked}\n")
    clock = HandClock()
    fetcher = Fetcher(replace(RULES, pace_s=1.0), clock=clock)
    for number in range(3):
        fetcher.fetch(site.url + write_news(number).path)
    assert clock.waits == [0.0, 1.0, kept, kept]  # robots.txt, then the pages


def test_a_pause_that_the_server_asks_for_is_kept(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    outcome = fetcher.fetch(site.url + "/hostile/too-many")
    assert outcome == Failed(site.url + "/hostile/too-many", "127.0.0.1 meldet zu viele Anfragen (429).", 7.0, 429, concerns_server=True)
    site.forget()
    held = fetcher.fetch(site.url + "/")
    assert isinstance(held, Failed) and held.retry_after_s == 7.0 and "noch 7 Sekunden" in held.reason and not site.asked()
    assert isinstance(fetcher.fetch(site.other_url + "/"), Fetched), "other servers are not meant"
    clock.move(7)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_a_pause_with_a_date(site, fetcher):
    outcome = fetcher.fetch(site.url + "/hostile/unavailable")
    assert isinstance(outcome, Failed) and outcome.status == 503 and 100 < (outcome.retry_after_s or 0) <= 120


def test_closing_ends_waiting(site):
    fetcher = Fetcher(replace(RULES, pace_s=60.0))
    outcomes = []
    waiting = threading.Thread(target=lambda: outcomes.append(fetcher.fetch(site.url + "/")))
    waiting.start()
    time.sleep(0.3)  # robots.txt is fetched, the page has to wait a minute
    fetcher.close()
    waiting.join(5)
    assert [type(outcome) for outcome in outcomes] == [Failed]


def test_many_threads_share_a_fetcher(site, fetcher):
    outcomes = {}

    def read(part: int) -> None:
        for number in range(part, 60, 6):
            outcomes[number] = fetcher.fetch(site.url + write_news(number).path)

    threads = [threading.Thread(target=read, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(write_news(number).paragraphs[1] in outcomes[number].data.decode() for number in range(60))
    assert len(site.asked("/robots.txt")) == 1
