"""The encoder: questions and passages to vectors, through sentence-transformers (imported on first use only)."""

import contextlib
import copy
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from index.articles import Span
from index.encoding.adapter import QuestionAdapter, load_adapter, watch_layers
from index.encoding.default_model import MODEL_ID, default_model_folder
from index.encoding.frame import framed_pass
from index.encoding.learn_adapter import AskedQuestion, learn_adapter
from index.encoding.learn_frame import learn_frame
from index.encoding.passes import Pass, packed_pass, padded_pass, plain_pass
from index.encoding.projection import TokenProjection, cached_projection, load_projection, quantise, unit_rows
from index.encoding.traced import traced_pass
from index.errors import EncoderError
from index.shipped import shipped_file
from index.startup import collector_paused

DEFAULT_PROJECTION = "token_projection.npz"  # made by `make ranking`, as is the next
DEFAULT_ADAPTER = "question_adapter.npz"
BATCH_SIZE = 8  # measured on two cores: as fast as 32 or faster, and 300 MB less memory


TITLE_TOKEN = np.iinfo(np.uint16).max  # in ``token_sentences``: the token belongs to the title
SAMPLE_PASSAGES = 256  # about 40,000 tokens: enough for the main axes of 384 dimensions


@dataclass(frozen=True, slots=True)
class PassageText:
    """What is embedded for one passage: ``title`` of the article (may be empty) and ``body``; sentences are spans of ``body``."""

    title: str
    body: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """``vector``: float32 (dimension,), unit length. ``tokens``: int8 (n, AXES), see :mod:`index.encoding.projection`;
    ``token_sentences``: uint16 (n,), the place in ``PassageText.sentences`` of each token's sentence, or TITLE_TOKEN."""

    vector: np.ndarray
    tokens: np.ndarray
    token_sentences: np.ndarray


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """``vector`` as above; ``tokens``: float32 (n, AXES), unit length; ``token_spans``: where each stands in the question;
    ``salience``: float32 (n,), how much each token counts beyond the rarity of its word."""

    vector: np.ndarray
    tokens: np.ndarray
    token_spans: tuple[Span, ...]
    salience: np.ndarray | float = 1.0


class Encoder(Protocol):
    """What the rest of the package needs of a model."""

    @property
    def model_id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_question(self, text: str) -> EncodedQuestion:
        """Vectors of a question."""
        ...

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        """Vectors of what is no German question (a subject, a question in another language), as the model has them."""
        ...

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        """One result per passage, in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Output:
    """One text's own forward pass: unit vector, token vectors (n, dimension), and their offsets in the text (n, 2)."""

    vector: np.ndarray
    tokens: np.ndarray
    offsets: np.ndarray


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder; without a name, the default model.

    Token vectors come from the passage's own forward pass, so a sentence's tokens know their context ("late chunking",
    Günther et al. 2024, arXiv 2409.04701) and cost nothing beyond the passage. Thread-safe.
    """

    def __init__(self, name: str, cache: Path, report: Callable[[str], None] = lambda _line: None) -> None:
        self._name = name or MODEL_ID
        self._cache = cache
        self._report = report
        self._loading = threading.RLock()
        self._loaded = None
        self._layers: dict[str, tuple[int, int]] = {}
        self._adapter: QuestionAdapter | None = None
        self._plain: Pass | None = None
        # Of questions, with the adapter: all their tokens, and in a hurry.
        self._asked: Pass | None = None
        self._hurried: Pass | None = None
        self._projected: TokenProjection | None = None

    @property
    def model_id(self) -> str:
        """The model's name; for the default model with its projection's, as its small token vectors fit no other."""
        return f"{self._name} {self._projection.digest}" if self._name == MODEL_ID else self._name

    @property
    def dimension(self) -> int:
        return self._model.get_embedding_dimension()

    def load(self) -> None:
        """Load the model now (otherwise the first use does). Raises EncoderError."""
        _ = self._model

    def trace(self) -> None:
        """Let other threads go on while a pass computes (:mod:`index.encoding.traced`): a second or two once, which pays in a program that
        answers and reads for hours. A model that cannot be traced stays as it is, and the log says so."""
        model = self._model
        names = tuple(self._tokenise(["a"]))
        ways = (partial(packed_pass, model), partial(padded_pass, model, names))
        self._plain = traced_pass(model, self._tokenise, ways, self._plain) or self._plain
        self._asked, self._hurried = (self._recorded_question_pass(one) for one in _unframed_and_framed(self._adapter))

    def _recorded_question_pass(self, adapter: QuestionAdapter | None) -> Pass | None:
        if adapter is None:
            return None
        plain = framed_pass(self._model, adapter)
        return traced_pass(self._model, self._tokenise_questions, (lambda: plain,), plain) or plain

    @property
    def _model(self):
        with self._loading:
            if self._loaded is None:
                model = self._load_model()
                self._plain = plain_pass(model)
                if self._name == MODEL_ID:
                    self._layers = watch_layers(model)
                    self._adapt(model, load_adapter(shipped_file(DEFAULT_ADAPTER)))
                self._loaded = model
            return self._loaded

    def _adapt(self, model, adapter: QuestionAdapter | None) -> None:
        self._adapter = adapter
        self._asked, self._hurried = (framed_pass(model, one) if one else None for one in _unframed_and_framed(adapter))

    def with_adapter(self, adapter: QuestionAdapter | None) -> "SentenceTransformerEncoder":
        """The same model with another adapter for questions, or none; passages are encoded alike."""
        self.load()
        other = copy.copy(self)
        other._adapt(self._loaded, adapter)
        return other

    def learn_adapter(self, questions: Sequence[AskedQuestion], seed: int) -> QuestionAdapter:
        """See :mod:`index.encoding.learn_adapter`; the model stays as it is."""
        return learn_adapter(self._model, self._layers, questions, seed)

    def learn_frame(self, adapter: QuestionAdapter, texts: Sequence[str], report: Callable[[int, int, float], None]) -> QuestionAdapter:
        """See :mod:`index.encoding.learn_frame`; the model stays as it is."""
        return learn_frame(self._model, adapter, texts, report)

    def _load_model(self):
        is_default = self._name == MODEL_ID
        source = str(default_model_folder(self._cache, self._report) if is_default else self._name)
        try:
            with collector_paused(), _quiet_transformers():
                from sentence_transformers import SentenceTransformer

                model = SentenceTransformer(source, device="cpu", local_files_only=is_default)
        except Exception as error:  # hub, file and format errors of many libraries: one sentence for all
            raise EncoderError(
                f"Das Sprachmodell „{self._name}“ lässt sich nicht laden ({type(error).__name__}: {error}). "
                "AMTSFUNK_MODEL muss ein sentence-transformers-Modell nennen (Ordner oder Name)."
            ) from error
        return model.eval()

    @property
    def _projection(self) -> TokenProjection:
        with self._loading:
            if self._projected is None:
                if self._name == MODEL_ID:
                    self._projected = load_projection(shipped_file(DEFAULT_PROJECTION))
                else:
                    digest = hashlib.blake2b(self._name.encode(), digest_size=8).hexdigest()
                    self._projected = cached_projection(self._cache / f"projection-{digest}.npz", self.sample_tokens)
            return self._projected

    def sample_tokens(self) -> np.ndarray:
        """Token vectors, float32 (n, dimension), of the first shipped articles: what the projection is fitted on."""
        texts = [path.read_text("utf-8").split("---", 2)[2] for path in sorted(shipped_file("articles").glob("*.md"))]
        pieces = [piece for text in texts for piece in text.split("\n\n") if piece.strip()][:SAMPLE_PASSAGES]
        batches = [self._run(self._passage_prompt, pieces[i : i + BATCH_SIZE]) for i in range(0, len(pieces), BATCH_SIZE)]
        return np.concatenate([output.tokens for batch in batches for output in batch])

    @property
    def _question_prompt(self) -> str:
        return self._model.prompts.get("query") or ""

    def _tokenise_questions(self, texts: Sequence[str]) -> dict:
        return self._tokenise([self._question_prompt + text for text in texts])

    @property
    def _passage_prompt(self) -> str:
        return self._model.prompts.get("passage") or self._model.prompts.get("document") or ""

    def encode_question(self, text: str) -> EncodedQuestion:
        (encoded,) = self.encode_questions([text])
        return encoded

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        (encoded,) = self._encoded_questions(self._run(self._question_prompt, [text]))
        return encoded

    def encode_questions(self, texts: Sequence[str], is_hurried: bool = False) -> list[EncodedQuestion]:
        """Vectors of several questions in one pass, in order; the same as one by one but for the last digits. ``is_hurried``: nearly the same in two
        thirds of the time, if the adapter has a frame (:mod:`index.encoding.frame`)."""
        return self._encoded_questions(self._run(self._question_prompt, texts, (is_hurried and self._hurried) or self._asked))

    def _encoded_questions(self, outputs: Sequence[_Output]) -> list[EncodedQuestion]:
        """All tokens in one go: each product gives the interpreter away, and beside a busy thread it must be waited for."""
        projection, tokens = self._projection, np.concatenate([output.tokens for output in outputs])
        ends = np.cumsum([len(output.tokens) for output in outputs])[:-1]
        small, salience = np.split(projection.question.apply(tokens), ends), np.split(projection.token_salience(tokens), ends)
        spans = [tuple(Span(start, end) for start, end in output.offsets.tolist()) for output in outputs]
        parts = zip(outputs, small, spans, salience, strict=True)
        return [EncodedQuestion(output.vector, *own) for output, *own in parts]

    def full_tokens(self, texts: Sequence[PassageText] | str) -> list[np.ndarray]:
        """Token vectors before the projection, float32 (n, dimension), of passages or of one question: what it is learned from."""
        if isinstance(texts, str):
            return [output.tokens for output in self._run(self._question_prompt, [texts], self._asked)]
        whole = [f"{text.title}\n{text.body}" if text.title else text.body for text in texts]
        return [output.tokens for output in self._run(self._passage_prompt, whole)]

    def encode_bare(self, texts: list[str]) -> np.ndarray:
        """The model's own ``encode`` with its own defaults, prompts included in the texts: what our encoding is compared with."""
        return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        results: list[EncodedPassage | None] = [None] * len(passages)
        for batch in _batches_by_length(passages):
            heads = [f"{passages[place].title}\n" if passages[place].title else "" for place in batch]
            texts = [head + passages[place].body for head, place in zip(heads, batch, strict=True)]
            for place, head, output in zip(batch, heads, self._run(self._passage_prompt, texts), strict=True):
                results[place] = self._encoded(output, len(head), passages[place].sentences)
        return results

    def _encoded(self, output: _Output, head_chars: int, sentences: tuple[Span, ...]) -> EncodedPassage:
        tokens = quantise(self._projection.passage.apply(output.tokens))
        return EncodedPassage(output.vector, tokens, _sentence_places(output.offsets - head_chars, sentences))

    def _run(self, prompt: str, texts: Sequence[str], run: Pass | None = None) -> list[_Output]:
        """One forward pass, the model's own or another, over texts of similar length; special tokens and the prompt's tokens are left out of
        ``tokens``."""
        import torch

        features = self._tokenise([prompt + text for text in texts], return_offsets_mapping=True)
        offsets = features.pop("offset_mapping").numpy() - len(prompt)
        with torch.inference_mode():
            embeddings, token_embeddings = (run or self._plain)(features)
        vectors, tokens = unit_rows(embeddings.numpy()), token_embeddings.numpy()
        # A word's first token includes the space before it: the text's first one begins inside the prompt.
        kept = (offsets[:, :, 1] > offsets[:, :, 0]) & (offsets[:, :, 1] > 0)
        offsets = np.maximum(offsets, 0)
        return [_Output(vectors[i], tokens[i][kept[i]], offsets[i][kept[i]]) for i in range(len(texts))]

    def _tokenise(self, texts: Sequence[str], **more: object) -> dict:
        """What the model takes, by its names. Raises EncoderError."""
        model = self._model
        try:
            return dict(
                model.tokenizer(list(texts), padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="pt", **more)
            )
        except (NotImplementedError, AttributeError) as error:
            raise EncoderError(
                f"Das Modell „{self._name}“ hat keinen schnellen Tokenizer mit Textpositionen; bitte ein anderes wählen."
            ) from error


def _unframed_and_framed(adapter: QuestionAdapter | None) -> tuple[QuestionAdapter | None, QuestionAdapter | None]:
    """None for what there is not."""
    return (replace(adapter, frame=None), adapter if adapter.frame else None) if adapter else (None, None)


def _sentence_places(offsets: np.ndarray, sentences: tuple[Span, ...]) -> np.ndarray:
    """For tokens at ``offsets`` (n, 2) of the body: the place of the sentence each begins in; TITLE_TOKEN before the body."""
    ends = np.array([sentence.end for sentence in sentences])
    places = np.minimum(np.searchsorted(ends, offsets[:, 0], side="right"), len(sentences) - 1)
    return np.where(offsets[:, 1] <= 0, TITLE_TOKEN, places).astype(np.uint16)


def _batches_by_length(passages: Sequence[PassageText]) -> Iterator[list[int]]:
    """Places of the passages in batches of similar length, so that little is spent on padding."""
    order = sorted(range(len(passages)), key=lambda i: -len(passages[i].title) - len(passages[i].body))
    for start in range(0, len(order), BATCH_SIZE):
        yield order[start : start + BATCH_SIZE]


@contextlib.contextmanager
def _quiet_transformers() -> Iterator[None]:
    """No progress bars and advice of the libraries while a model loads; errors still come as exceptions."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers.utils import logging

    logging.disable_progress_bar()
    yield
