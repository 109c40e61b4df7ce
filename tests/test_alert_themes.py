"""``thema:`` rules: read, encoded once, matched by vectors, explained; the calibration that ships."""

import json
from functools import partial

import numpy as np
import pytest

from bot.alerts import texts_de as texts
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from index.alerting.analysis import analyse_article
from index.alerting.fit_themes import measure, read_pairs, score_pairs
from index.alerting.matching import explain, matches
from index.alerting.rules import parse_rule
from index.alerting.themes import Nearness, Theme, encode_theme, read_theme_calibration, shipped_theme_calibration, theme_functional
from index.articles import Article, Span
from index.errors import ConfigurationError, RuleError
from tests.alert_world import NOON, World
from tests.fakes import HASH_THEMES, HashEncoder, article

KEY = "thema:digitaleidentitaet"


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path / "amtsfunk.sqlite")


def test_a_theme_is_found_by_meaning_or_by_its_words():
    rule = parse_rule("thema:„digitale Identität“")
    near = Nearness("digitale Identität", 4.25, 3.3, Span(0, 9))
    other = Article("a", "", "Anmelden mit Ausweis.")
    assert matches(rule, analyse_article(other, {KEY: near})) and not matches(rule, analyse_article(other))
    assert matches(rule, analyse_article(Article("b", "", "Von digitalen Identitäten ist die Rede.")))
    assert rule.understood == "Thema „digitale Identität“ (nach Bedeutung, ungefähr)"


def test_the_reason_names_the_theme_how_near_and_the_sentence():
    text = "Es regnet. Anmelden kann man sich mit dem Ausweis."
    near = {KEY: Nearness("digitale Identität", 4.25, 3.3, Span(11, len(text)))}
    found = explain(parse_rule("thema:„digitale Identität“"), analyse_article(Article("a", "", text), near))
    assert found.sentence.cut(text) == "Anmelden kann man sich mit dem Ausweis." and not found.marked
    assert found.reasons == ("Thema „digitale Identität“ (Ähnlichkeit 4,2; gemeldet ab 3,3)",)


def test_themes_join_with_words_and_exclude():
    rule = parse_rule("thema:Cloud Bremen")
    near = {"thema:cloud": Nearness("Cloud", 5, 3, Span(0, 1))}
    assert matches(rule, analyse_article(Article("a", "", "Bremen rechnet."), near))
    assert not matches(rule, analyse_article(Article("a", "", "Kiel rechnet."), near))
    assert not matches(parse_rule("Bremen -thema:Cloud"), analyse_article(Article("a", "", "Bremen rechnet."), near))
    assert [label.text for label in parse_rule("OZG -thema:Cloud, (thema:„E-Akte“ Bremen)").themes] == ["Cloud", "E-Akte"]


@pytest.mark.parametrize("wrong", ["thema:", "thema:12", "thema:der", "thema:„" + "Wort " * 30 + "“", "OZG thema:-"])
def test_a_wrong_theme_is_explained(wrong):
    with pytest.raises(RuleError, match="Richtig wäre"):
        parse_rule(wrong)


def test_from_the_rule_to_the_alert(world):
    preview = world.say("/alarm thema:„Ausweis Anmeldung Portal“")
    assert texts.THEME_NOTE in preview.text
    world.press(preview, texts.SAVE)
    world.ingest(article("Ausweis, Anmeldung, Portal. Danach regnet es.", "a", "Anmeldung"), article("Im Wald ist es still.", "b", "Wald"))
    (told,) = world.told()
    assert "Thema „Ausweis Anmeldung Portal“ (Ähnlichkeit" in told.text and "Wald" not in told.text
    assert "1 in 7 Tagen" in world.say("/alarm thema:„Ausweis Anmeldung Portal“").text


class CountingEncoder(HashEncoder):
    def __init__(self, model_id: str = "hash") -> None:
        self.model_id, self.asked = model_id, 0

    def encode_question(self, text: str):
        self.asked += 1
        return super().encode_question(text)


def test_the_encoder_is_asked_once_and_again_for_another_model(tmp_path):
    alerts, encoder = AlertStore(tmp_path / "a.sqlite"), CountingEncoder()
    encode = partial(encode_theme, calibration=HASH_THEMES)
    rule = parse_rule("thema:Cloud")
    for _ in range(2):
        (theme,) = RuleThemes(alerts.themes, lambda: encoder, encode).of(rule)
    asked = encoder.asked
    assert theme.model_id == "hash" and asked == 3  # once in each frame
    newer = CountingEncoder("hash neu")
    RuleThemes(alerts.themes, lambda: newer, encode).refresh()
    assert newer.asked == 3 and [theme.model_id for theme in alerts.themes.find(["thema:cloud"])] == ["hash neu"]
    alerts.close()


def test_a_model_without_calibration_is_refused_in_german():
    with pytest.raises(RuleError, match="geeicht"):
        encode_theme("thema:x", "x", HashEncoder())


def test_themes_of_forgotten_chats_are_forgotten(world):
    world.subscribe("thema:Cloud", 5)
    world.subscribe("thema:Cloud", 6)
    world.subscribe("thema:Akte", 5)
    world.alerts.forget(5)
    assert [theme.text for theme in world.alerts.themes.find(["thema:cloud", "thema:akte"])] == ["Cloud"]
    world.alerts.purge(NOON)
    assert len(world.alerts.themes.find(["thema:cloud"])) == 1


def test_nearness_is_the_sum_of_z_scores():
    dice = np.random.default_rng(1)
    passages, framed, asked = (_unit(dice.standard_normal((n, 16))) for n in (40, 3, 5))
    vector, offset = theme_functional(framed, passages)
    middle = _unit(passages[np.argsort(-(passages @ framed[0]))[:5]].mean(axis=0, keepdims=True))
    expected = sum(_z(asked, one, passages) / 3 for one in framed) + _z(asked, middle[0], passages)
    assert np.allclose(Theme("k", "", "m", vector, offset, 0, passages).nearness(asked), expected, atol=1e-4)


def _unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _z(asked, direction, passages):
    usual = passages @ direction
    return (asked @ direction - usual.mean()) / usual.std()


def test_the_calibration_that_ships_fits_its_vectors(tmp_path):
    calibration = shipped_theme_calibration()
    assert calibration.threshold > 0 and np.allclose(np.linalg.norm(calibration.passages, axis=1), 1, atol=1e-2)
    (tmp_path / "t.json").write_text(json.dumps({"model": "m", "threshold": 1, "passages": "other"}))
    np.savez(tmp_path / "t.npz", passages=np.ones((2, 3), np.float16))
    with pytest.raises(ConfigurationError):
        read_theme_calibration(tmp_path / "t.json", tmp_path / "t.npz")


def test_the_labelled_pairs_are_half_negatives_of_one_subject_each():
    lines = read_pairs()
    assert len(lines) >= 150 and sum(line["match"] for line in lines) * 2 == len(lines)
    topics = {line["topic"] for line in lines}
    assert all(set(line.get("also", ())) <= topics for line in lines)


def test_held_out_precision_of_the_shipped_threshold(encoder):
    calibration = shipped_theme_calibration()
    held = [pair for pair in score_pairs(read_pairs(), encoder, calibration.passages) if pair.topic % 2]
    figures = measure(held, calibration.threshold)
    assert figures.precision >= 0.9 and figures.recall >= 0.05 and figures.far <= 0.003
