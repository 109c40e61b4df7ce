"""Another sentence-transformers model, so small that it is made and used in no time; it understands nothing."""

from pathlib import Path


def build_tiny_model(folder: Path) -> Path:
    """A sentence-transformers folder below ``folder`` with a random BERT that reads letters."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from tokenizers.implementations import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    signs = [*"abcdefghijklmnopqrstuvwxyzäöüß0123456789.,:;!?-„“()"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs, *(f"##{sign}" for sign in signs)]
    wordpiece = BertWordPieceTokenizer({piece: number for number, piece in enumerate(pieces)}, strip_accents=False)
    names = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]"}
    PreTrainedTokenizerFast(tokenizer_object=wordpiece._tokenizer, model_max_length=128, **names).save_pretrained(folder / "bert")
    sizes = {"vocab_size": len(pieces), "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 128}
    config = BertConfig(**sizes, num_hidden_layers=1, num_attention_heads=2)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder / "bert")
    word_model = modules.Transformer(str(folder / "bert"), max_seq_length=128)
    SentenceTransformer(modules=[word_model, modules.Pooling(32, pooling_mode="mean")], device="cpu").save(str(folder / "model"))
    return folder / "model"
