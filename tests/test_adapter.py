"""What is added to the model for questions: only there, only in the thread that asks, and what is learned of it."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from index.encoding.adapter import QuestionAdapter, QuestionFrame, adapting, as_tensors, load_adapter, save_adapter, watch_layers
from index.encoding.encoder import DEFAULT_ADAPTER, PassageText
from index.encoding.learn_adapter import AskedQuestion, learn_adapter
from index.errors import EncoderError
from index.shipped import shipped_file
from tests.tiny_model import build_tiny_model

PASSAGE = PassageText("ELFE kommt", "Bremen startet ELFE. Eltern haben weniger Arbeit.", ())


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A model, its layers that can be adapted, and an adapter at random."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(build_tiny_model(tmp_path_factory.mktemp("tiny"))), device="cpu").eval()
    layers = watch_layers(model)
    random = np.random.default_rng(0)
    down = {name: random.normal(size=(2, inputs)).astype(np.float32) for name, (inputs, _outputs) in layers.items()}
    up = {name: random.normal(size=(outputs, 2)).astype(np.float32) for name, (_inputs, outputs) in layers.items()}
    return model, layers, QuestionAdapter(down, up)


def vectors(model, *texts: str) -> np.ndarray:
    import torch

    with torch.inference_mode():
        return model.encode(list(texts), normalize_embeddings=True)


def test_the_layers_are_those_meant(tiny):
    _model, layers, _adapter = tiny
    assert len(layers) == 5  # query, value, the attention's output, and both of the feed-forward part, of one block


def test_an_addition_is_a_change_of_the_weights(tiny):
    import torch

    model, _layers, adapter = tiny
    plain = vectors(model, "wer leitet das amt?")
    with adapting(as_tensors(adapter)):
        adapted = vectors(model, "wer leitet das amt?")
    modules, kept = dict(model.named_modules()), {}
    for name in adapter.down:
        weight = modules[name].weight
        kept[name] = weight.detach().clone()
        with torch.no_grad():
            weight += torch.from_numpy(adapter.up[name] @ adapter.down[name])
    merged = vectors(model, "wer leitet das amt?")
    for name, weight in kept.items():
        with torch.no_grad():
            modules[name].weight.copy_(weight)
    assert np.allclose(adapted, merged, atol=1e-4)
    assert not np.allclose(adapted, plain, atol=1e-2)
    assert np.array_equal(vectors(model, "wer leitet das amt?"), plain)


def test_only_the_first_half_is_adapted(tiny):
    model, _layers, adapter = tiny
    with adapting(as_tensors(adapter)):
        adapted = vectors(model, "amt")
    with adapting(as_tensors(adapter), only_first_half=True):
        both = vectors(model, "amt", "amt")
    assert np.allclose(both[0], adapted[0], atol=1e-5)
    assert np.allclose(both[1], vectors(model, "amt")[0], atol=1e-5)


def test_another_thread_is_not_adapted(tiny):
    model, _layers, adapter = tiny
    plain, found = vectors(model, "amt"), []
    with adapting(as_tensors(adapter)):
        thread = threading.Thread(target=lambda: found.append(vectors(model, "amt")))
        thread.start()
        thread.join()
        adapted = vectors(model, "amt")
    assert np.allclose(found[0], plain, atol=1e-6)  # another thread may add in another order
    assert not np.allclose(adapted, plain, atol=1e-3)


def test_it_learns_to_find_what_answers(tiny):
    model, layers, _adapter = tiny
    texts = ["amt", "bus", "rad", "see", "ton", "uhr"]
    passages = vectors(model, "zug", "hof", "wal", "eis", "tor", "oper")
    questions = [AskedQuestion(text, passages, np.array([place])) for place, text in enumerate(texts)] * 1000
    before = [parameter.detach().clone() for parameter in model.parameters()]
    learned = learn_adapter(model, layers, questions)
    with adapting(as_tensors(learned)):
        found = vectors(model, *texts) @ passages.T
    plain = vectors(model, *texts) @ passages.T
    assert mean_share(found) > mean_share(plain) + 0.05
    assert all(bool((old == new).all()) for old, new in zip(before, model.parameters(), strict=True))


def mean_share(cosines: np.ndarray) -> float:
    """Softmax mass on what is wanted, the diagonal."""
    mass = np.exp(40 * (cosines - cosines.max(axis=1, keepdims=True)))
    return float(np.mean(np.diag(mass) / mass.sum(axis=1)))


def test_what_is_saved_is_loaded(tiny, tmp_path):
    _model, _layers, adapter = tiny
    save_adapter(adapter, tmp_path / "adapter.npz")
    loaded = load_adapter(tmp_path / "adapter.npz")
    for name in adapter.down:
        assert np.allclose(loaded.down[name], adapter.down[name], atol=2e-3)
        assert np.allclose(loaded.up[name], adapter.up[name], atol=2e-3)
    assert loaded.frame is None


def test_a_frame_is_saved_too(tiny, tmp_path):
    _model, _layers, adapter = tiny
    frame = QuestionFrame(*(np.random.default_rng(1).normal(size=size) for size in ((2, 1, 2, 3, 16), (2, 1, 2, 3, 16), (4, 32))))
    save_adapter(replace(adapter, frame=frame), tmp_path / "adapter.npz")
    loaded = load_adapter(tmp_path / "adapter.npz")
    assert loaded.down.keys() == adapter.down.keys()
    for part in ("keys", "values", "states"):
        assert np.allclose(getattr(loaded.frame, part), getattr(frame, part), atol=2e-3)


def test_half_a_frame_is_an_error(tiny, tmp_path):
    _model, _layers, adapter = tiny
    save_adapter(adapter, tmp_path / "adapter.npz")
    with np.load(tmp_path / "adapter.npz") as stored:
        np.savez(tmp_path / "half.npz", **stored, **{"frame/keys": np.zeros(3, np.float16)})
    with pytest.raises(EncoderError, match="unlesbar"):
        load_adapter(tmp_path / "half.npz")


def test_a_share_of_it(tiny):
    model, _layers, adapter = tiny
    plain = vectors(model, "amt")
    with adapting(as_tensors(adapter.scaled(0.0))):
        assert np.allclose(vectors(model, "amt"), plain, atol=1e-6)
    half = adapter.scaled(0.5)
    assert all(np.allclose(half.up[name] * 2, adapter.up[name]) for name in adapter.up)


def test_the_shipped_one_fits_the_layers(encoder):
    encoder.load()
    assert load_adapter(shipped_file(DEFAULT_ADAPTER)).down.keys() == encoder._layers.keys()


def test_several_questions_in_one_pass_are_each_adapted(encoder):
    texts = ["Wer leitet die FITKO?", "Was ist ELFE?"]
    for text, together in zip(texts, encoder.encode_questions(texts), strict=True):
        alone = encoder.encode_question(text)
        assert np.allclose(alone.vector, together.vector, atol=1e-4)
        assert np.allclose(alone.tokens, together.tokens, atol=1e-3)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_a_broken_file_is_named(tmp_path, content):
    (tmp_path / "adapter.npz").write_bytes(content)
    with pytest.raises(EncoderError, match=r"adapter\.npz"):
        load_adapter(tmp_path / "adapter.npz")


def test_a_file_of_something_else_is_named(tmp_path):
    np.savez(tmp_path / "adapter.npz", something=np.zeros(3))
    with pytest.raises(EncoderError, match=r"adapter\.npz"):
        load_adapter(tmp_path / "adapter.npz")


def test_the_shipped_one_changes_vectors_of_questions_and_nothing_else(encoder):
    bare = encoder.with_adapter(None)
    asked, plain = encoder.encode_question("Wer leitet die FITKO?"), bare.encode_question("Wer leitet die FITKO?")
    assert 0.5 < float(asked.vector @ plain.vector) < 0.9999
    assert np.allclose(asked.tokens, plain.tokens, atol=1e-5)
    assert asked.token_spans == plain.token_spans
    (one,), (other,) = encoder.encode_passages([PASSAGE]), bare.encode_passages([PASSAGE])
    assert np.array_equal(one.vector, other.vector)
    assert np.array_equal(one.tokens, other.tokens)
