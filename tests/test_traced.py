"""A model's pass as one call: the same numbers, other threads go on meanwhile, and what cannot be recorded stays as it was."""

import copy
import sys
from functools import partial

import numpy as np
import pytest

from index.encoding.encoder import PassageText, SentenceTransformerEncoder
from index.encoding.passes import Pass, padded_pass, plain_pass
from index.encoding.traced import traced_pass
from tests.tiny_model import build_tiny_model

QUESTIONS = ("Wer leitet die FITKO?", "Was ist ELFE?", "Wann wurde das Onlinezugangsgesetz geändert, und wer hat das beschlossen?")


@pytest.fixture(scope="module")
def traced(encoder):
    """The same model, recorded."""
    other = copy.copy(encoder)
    other.trace()
    assert is_recorded(other._plain)
    assert is_recorded(other._asked)
    assert is_recorded(other._hurried)
    return other


def is_recorded(one: Pass) -> bool:
    import torch

    return isinstance(one.compute, torch.jit.ScriptModule)


def is_same(one, other) -> bool:
    return np.allclose(one.vector, other.vector, atol=1e-5) and np.allclose(one.tokens, other.tokens, atol=1e-4)


@pytest.mark.parametrize("together", [1, 2, 3])
def test_questions_have_the_same_vectors(encoder, traced, together):
    for plain, found in zip(encoder.encode_questions(QUESTIONS[:together]), traced.encode_questions(QUESTIONS[:together]), strict=True):
        assert is_same(plain, found)
        assert plain.token_spans == found.token_spans


@pytest.mark.parametrize("words", [1, 40, 900])  # the last is longer than the model reads
def test_so_have_passages_and_words(encoder, traced, words):
    text = PassageText("ELFE kommt", " ".join(["Elterngeld"] * words), ())
    (plain,), (found,) = encoder.encode_passages([text]), traced.encode_passages([text])
    assert np.allclose(plain.vector, found.vector, atol=1e-5)
    assert np.abs(plain.tokens.astype(int) - found.tokens).max() <= 1
    assert is_same(encoder.encode_unadapted("KI in Schulen"), traced.encode_unadapted("KI in Schulen"))


def test_another_adapter_is_not_the_traced_one(encoder, traced):
    assert is_same(traced.with_adapter(None).encode_question("Was ist ELFE?"), encoder.with_adapter(None).encode_question("Was ist ELFE?"))


def test_a_pass_is_one_call(encoder, traced):
    """Module by module a pass goes through the interpreter a thousand times, and may have to wait for it each time."""
    assert count_calls(encoder) > 1000
    assert count_calls(traced) < 60


def count_calls(encoder: SentenceTransformerEncoder) -> int:
    """Functions entered in the interpreter by one pass."""
    import torch

    features, entered = encoder._tokenise_questions([*QUESTIONS, *QUESTIONS]), []
    sys.setprofile(lambda _frame, event, _argument: entered.append(event) if event == "call" else None)
    try:
        with torch.inference_mode():
            encoder._hurried(features)
    finally:
        sys.setprofile(None)
    return len(entered)


def test_any_model_can_be_recorded(tmp_path, caplog):
    other = SentenceTransformerEncoder(str(build_tiny_model(tmp_path)), tmp_path)
    plain = other.encode_question("wer leitet das amt?")
    caplog.clear()
    other.trace()
    assert is_recorded(other._plain)
    assert other._asked is other._hurried is None
    assert is_same(plain, other.encode_question("wer leitet das amt?"))
    assert caplog.text == ""


def tokenise(texts) -> dict:
    import torch

    return {"numbers": torch.ones(len(texts), 3)}


def trace(model) -> Pass | None:
    return traced_pass(model, tokenise, (partial(padded_pass, model, ("numbers",)),), plain_pass(model))


def test_what_cannot_be_recorded_is_named(caplog):
    import torch

    class Failing(torch.nn.Module):
        def forward(self, features: dict) -> dict:
            raise NotImplementedError

    assert trace(Failing()) is None
    assert "aufzeichnen (NotImplementedError)" in caplog.text


def test_what_is_recorded_wrongly_is_not_used(caplog):
    import torch

    class Branching(torch.nn.Module):
        def forward(self, features: dict) -> dict:
            numbers = features["numbers"]
            double = numbers * 2 if len(numbers) > 2 else numbers  # a branch on the shape is recorded as it went
            return {"sentence_embedding": double, "token_embeddings": double}

    assert plain_pass(Branching())(tokenise(["a"] * 3))[0].sum() == 18
    assert trace(Branching()) is None
    assert "anders" in caplog.text
