"""Links into the conversation: what they hold comes back, and nothing else is believed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deep_links import GREETING, QUESTION, RULE, Opened, decode_link, encode_link

TELEGRAM = re.compile(r"[A-Za-z0-9_-]{1,64}")


@pytest.mark.parametrize(
    "text",
    [
        "OZG",
        "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?",
        "Bis wann müssen die Behörden des Bundes die E-Akte einführen?",
        "Welche Länder haben sich bei der Registermodernisierung zusammengetan und warum?",
        "Хто очолює FITKO?",
    ],
)
def test_usual_questions_fit_into_a_link_and_come_back(text):
    payload = encode_link(QUESTION, text)
    assert TELEGRAM.fullmatch(payload) and decode_link(payload) == Opened(QUESTION, text)


def test_a_question_that_is_too_long_is_given_by_its_content_words():
    words = ("Xylophonverordnung", "Quastenflosserkonferenz", "Zwirbelmaschinengesetz", "Jahreszahlenregister")
    opened = decode_link(encode_link(QUESTION, "Was hat es eigentlich " * 8 + " ".join(words), words))
    assert opened is not None and opened.text.split() == list(words)[: len(opened.text.split())] and "Xylophonverordnung" in opened.text


def test_no_link_where_nothing_fits():
    assert encode_link(QUESTION, "".join(chr(0x4E00 + 37 * number) for number in range(60))) == ""
    assert encode_link(RULE, "") == ""


@given(st.sampled_from([QUESTION, RULE]), st.text(max_size=60))
def test_what_fits_comes_back_with_its_white_space_made_plain(kind, text):
    payload = encode_link(kind, text)
    if payload:
        assert TELEGRAM.fullmatch(payload)
        opened = decode_link(payload)
        sound = " ".join(text.split())
        assert opened == Opened(kind, sound) or (opened is None and (not sound.isprintable() or not any(map(str.isalnum, sound))))


@pytest.mark.parametrize(
    "payload",
    [
        "", "jetzt", GREETING, "qt-", "qt", "qx-T1pH", "at-T1pH", "qt-T1pH=", "qt-T1p H", "qt-!!!!", "qt-_w", "qt-AAAA", "qz-T1pH", "qz-AAAA", "qz-",
        "qt-" + "A" * 62, "qt-IA", "qt-ICA", "../../etc/passwd", "<script>", "qt-T1pH\n", "';DROP TABLE article;--",
    ],
)  # fmt: skip
def test_hostile_payloads_lead_nowhere(payload):
    assert decode_link(payload) is None


@given(st.from_regex(r"[qr][tz]-[A-Za-z0-9_-]{1,61}", fullmatch=True))
def test_a_payload_of_anyone_else_never_fails_and_never_grows(payload):
    opened = decode_link(payload)
    assert opened is None or (len(opened.text) <= 1200 and opened.text.isprintable())
