"""A model's pass over texts: as it is, and packed.

What takes a tokenizer's output and gives vectors, in two parts, so that the second can be recorded (:mod:`index.encoding.traced`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.encoding.packing import packed_inputs


@dataclass(frozen=True, slots=True)
class Pass:
    """``prepare``: of a tokenizer's output, by its names, to tensors; ``compute``: of these to sentence vectors (texts, dimension) and token
    vectors (texts, tokens, dimension), the latter anything where there is padding."""

    prepare: Callable[[dict], tuple]
    compute: Callable[..., tuple]

    def __call__(self, features: dict) -> tuple:
        return self.compute(*self.prepare(features))


def question_features(model, texts: Sequence[str], max_tokens: int) -> dict:
    """What a tokenizer gives for questions behind their prompt, cut at ``max_tokens``: what learning reads."""
    prompt = model.prompts.get("query") or ""
    asked = [prompt + text for text in texts]
    return dict(model.tokenizer(asked, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"))


def plain_pass(model) -> Pass:
    """Of a SentenceTransformer as it is."""

    def compute(features: dict) -> tuple:
        output = model(features)
        return output["sentence_embedding"], output["token_embeddings"]

    return Pass(lambda features: (dict(features),), compute)


def padded_pass(model, names: tuple[str, ...]) -> Pass:
    """The same by tensors alone; ``names``: of what the tokenizer gives. All rows are as long as the longest."""
    plain = plain_pass(model)
    return Pass(lambda features: tuple(features[name] for name in names), lambda *values: plain.compute(dict(zip(names, values, strict=True))))


def packed_pass(model) -> Pass:
    """Several texts in a row (:mod:`index.encoding.packing`), for a model that allows it."""
    transformer, *others = model

    def compute(ids, positions, owners, where, mask) -> tuple:
        output = transformer.auto_model(input_ids=ids, position_ids=positions, attention_mask=apart(owners))
        tokens = output[0].flatten(0, 1)[where]
        return pooled(others, tokens, mask), tokens

    return Pass(packed_inputs, compute)


def apart(owners):
    """Added to the attention, float32 (rows, 1, width, width): nothing between tokens of the same text, all but infinite between others."""
    import torch

    is_apart = owners[:, None, :, None] != owners[:, None, None, :]
    return torch.zeros(1).expand(is_apart.shape).masked_fill(is_apart, torch.finfo(torch.float32).min)


def pooled(modules, tokens, mask):
    """Sentence vectors by what follows the transformer in a SentenceTransformer."""
    output = {"token_embeddings": tokens, "attention_mask": mask}
    for module in modules:
        output = module(output)
    return output["sentence_embedding"]
