"""What stands before each question is computed once: the same as with it where it is that of the question, and nearly so for all others."""

import copy
import itertools
from dataclasses import replace

import numpy as np
import pytest

from index.encoding.adapter import QuestionAdapter, QuestionFrame, adapting, as_tensors, watch_layers
from index.encoding.frame import framed_pass
from index.encoding.learn_frame import learn_frame, measure_frame
from index.encoding.projection import unit_rows
from tests.tiny_model import build_tiny_model

QUESTIONS = ("Wer leitet die FITKO?", "Was ist ELFE?", "Wann wurde das Onlinezugangsgesetz geändert, und wer hat das beschlossen?")
# Of other kinds than the frame is measured on.
OTHERS = ("wetter", "Welche Länder nutzen das Verfahren, und was kostet es die Kommunen im Jahr?", "?!", "Registermodernisierung NOOTS", "👍", "А що таке BundID?")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A model with a prompt for questions, and its additions at random, the same in each run."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(0)
    model = SentenceTransformer(str(build_tiny_model(tmp_path_factory.mktemp("tiny"))), device="cpu").eval()
    model.prompts = {"query": "ask: "}
    random = np.random.default_rng(0)
    sizes = watch_layers(model)
    down = {name: random.normal(size=(2, inputs)).astype(np.float32) for name, (inputs, _outputs) in sizes.items()}
    up = {name: random.normal(size=(outputs, 2)).astype(np.float32) for name, (_inputs, outputs) in sizes.items()}
    return model, QuestionAdapter(down, up)


def tokenised(model, texts) -> dict:
    return dict(model.tokenizer([model.prompts["query"] + text for text in texts], padding=True, return_tensors="pt"))


def own_tokens(model, features: dict, tokens) -> np.ndarray:
    """Those behind the prompt and before the last mark, of all texts one after the other."""
    before = len(model.tokenizer(model.prompts["query"].strip())["input_ids"]) - 1
    lengths = features["attention_mask"].sum(1).tolist()
    return np.concatenate([one[before : length - 1].numpy() for one, length in zip(tokens, lengths, strict=True)])


def measured(model, adapter: QuestionAdapter, *texts: str) -> QuestionAdapter:
    return replace(adapter, frame=measure_frame(model, adapter, texts))


def passed(model, adapter: QuestionAdapter, *asked: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors, and the questions' own tokens."""
    import torch

    features = tokenised(model, asked)
    with torch.inference_mode():
        vectors, tokens = framed_pass(model, adapter)(features)
    return torch.nn.functional.normalize(vectors).numpy(), own_tokens(model, features, tokens)


def whole(model, adapter: QuestionAdapter, text: str) -> tuple[np.ndarray, np.ndarray]:
    """The same of one question, computed with all that stands around it, by the model as it is."""
    import torch

    features = tokenised(model, [text])
    with torch.inference_mode():
        tokens = model(dict(features))["token_embeddings"]
        with adapting(as_tensors(adapter)):
            vectors = model(dict(features))["sentence_embedding"]
    return torch.nn.functional.normalize(vectors).numpy(), own_tokens(model, features, tokens)


@pytest.mark.parametrize("text", ["amt", "wer leitet das amt?", "a" * 100])
def test_the_frame_of_one_question_gives_its_vectors(tiny, text):
    model, adapter = tiny
    for one in (measured(model, adapter, text), adapter):
        for found, expected in zip(passed(model, one, text), whole(model, adapter, text), strict=True):
            assert np.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_of_the_default_model(encoder, text):
    encoder.load()
    model, adapter = encoder._model, replace(encoder._adapter, frame=None)
    for one in (measured(model, adapter, text), adapter):
        for found, expected in zip(passed(model, one, text), whole(model, adapter, text), strict=True):
            assert np.allclose(found, expected, atol=1e-4)


def test_the_mean_is_that_of_all_questions_whatever_their_length(tiny):
    model, adapter = tiny
    texts = ["amt", "wer leitet das amt?", "wann?"]
    together, alone = measure_frame(model, adapter, texts), [measure_frame(model, adapter, [text]) for text in texts]
    for part in ("keys", "values", "states"):
        assert np.allclose(getattr(together, part), np.mean([getattr(one, part) for one in alone], axis=0), atol=1e-5)


@pytest.mark.parametrize("has_frame", [True, False])
def test_in_a_row_with_others_a_question_has_its_own_vectors(tiny, has_frame):
    model, adapter = tiny
    texts, one = ["amt", "o", "wer leitet das amt?"], measured(model, adapter, "wann?") if has_frame else adapter
    vectors, tokens = passed(model, one, *texts)
    parts = [passed(model, one, text) for text in texts]
    assert np.allclose(vectors, np.concatenate([vector for vector, _own in parts]), atol=1e-5)
    assert np.allclose(tokens, np.concatenate([own for _vector, own in parts]), atol=1e-5)


def distance(model, adapter: QuestionAdapter, texts) -> tuple[float, float]:
    """Mean of one minus the cosine, of vectors and of tokens, between those with the frame and the whole ones."""
    pairs = [(passed(model, adapter, text), whole(model, adapter, text)) for text in texts]
    vectors = [1 - float(found[0] @ expected[0]) for (found, _tokens), (expected, _others) in pairs]
    tokens = [1 - np.sum(unit_rows(found) * unit_rows(expected), axis=1) for (_vector, found), (_other, expected) in pairs]
    return float(np.mean(vectors)), float(np.concatenate(tokens).mean())


def test_learned_it_comes_near_the_whole_from_far_off(tiny, monkeypatch):
    """The mean is near the whole in so small a model: it begins elsewhere."""
    model, adapter = tiny
    texts = ["amt", "wer leitet das amt?", "wann?", "was kostet das?", "wo ist das amt?", "wer?"] * 20
    random, mean = np.random.default_rng(0), measure_frame(model, adapter, texts)
    far_off = QuestionFrame(*(part + 0.3 * random.normal(size=part.shape).astype(np.float32) for part in (mean.keys, mean.values, mean.states)))
    monkeypatch.setattr("index.encoding.learn_frame.measure_frame", lambda *_: copy.deepcopy(far_off))
    monkeypatch.setattr("index.encoding.learn_frame.EPOCHS", 10)
    learned, again = learn_frame(model, adapter, texts), learn_frame(model, adapter, texts)
    near, far = distance(model, learned, texts[:6]), distance(model, replace(adapter, frame=far_off), texts[:6])
    assert near[0] < far[0] / 4
    assert near[1] < far[1] / 4
    assert learned.down is adapter.down
    assert np.array_equal(learned.frame.keys, again.frame.keys)  # nothing left to chance


def test_the_shipped_one_is_close_to_the_whole(encoder):
    encoder.load()
    vectors, tokens = distance(encoder._model, encoder._adapter, [*QUESTIONS, *OTHERS])
    assert vectors < 0.01
    assert tokens < 0.01


@pytest.mark.parametrize("text", [*QUESTIONS, *OTHERS])
def test_in_a_hurry_a_question_is_nearly_the_same(encoder, text):
    (hurried,), calm = encoder.encode_questions([text], is_hurried=True), encoder.encode_question(text)
    assert 0.98 < float(hurried.vector @ calm.vector) < 0.999999
    assert np.sum(hurried.tokens * calm.tokens, axis=1).min() > 0.95
    assert hurried.token_spans == calm.token_spans


@pytest.mark.parametrize("text", QUESTIONS)
def test_otherwise_it_is_computed_whole(encoder, text):
    vector, _tokens = whole(encoder._model, encoder._adapter, text)
    assert np.allclose(encoder.encode_question(text).vector, vector[0], atol=1e-4)


def test_without_an_adapter_there_is_no_hurry(encoder):
    bare = encoder.with_adapter(None)
    (hurried,) = bare.encode_questions(["Was ist ELFE?"], is_hurried=True)
    assert np.allclose(hurried.vector, bare.encode_question("Was ist ELFE?").vector, atol=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b"])
def test_no_question_at_all(encoder, text):
    """A text without a token of its own is still given a vector."""
    traced = copy.copy(encoder)
    traced.load()
    traced.trace()
    for one, is_hurried in itertools.product((encoder, traced), (False, True)):
        (encoded,) = one.encode_questions([text], is_hurried)
        assert np.isclose(np.linalg.norm(encoded.vector), 1)
        assert len(encoded.tokens) == len(encoded.token_spans) <= 1


@pytest.mark.parametrize("is_hurried", [False, True])
def test_a_question_longer_than_the_model_reads_is_cut(encoder, is_hurried):
    (encoded,) = encoder.encode_questions(["Amt " * 1000], is_hurried)
    assert 500 < len(encoded.tokens) <= 512 - 5
    assert np.isclose(np.linalg.norm(encoded.vector), 1)
