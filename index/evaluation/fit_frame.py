"""Learns what stands before each question and writes it to ``data/question_adapter.npz`` (``make frame``; fifty minutes).

It needs no labels and depends on the adapter alone, which stays as it is, so it is the last step of ``make ranking``, too. What is lost in a rush:
:mod:`index.evaluation.hurried`.
"""

import argparse
import json
import sys
from pathlib import Path

from index.encoding.adapter import load_adapter, save_adapter
from index.encoding.encoder import DEFAULT_ADAPTER, SentenceTransformerEncoder
from index.language.glossary import shipped_glossary
from index.shipped import shipped_file

# Questions that nothing is evaluated on; of what they ask only the words matter here.
QUESTIONS = ("", "paraphrases", "short")
EACH = 50  # steps, a line

# People also type a mere name, or little around it.
AROUND_A_NAME = ("{}", "Was ist {}?", "{} Stand", "Neues zu {}", "Wer ist für {} zuständig?", "Wann kommt {}?")


def asked_texts() -> list[str]:
    """The questions, and each name of the glossary by itself and, in turn, as part of something short."""
    training = shipped_file("training")
    lines = [line for name in QUESTIONS for line in (training / name / "queries.jsonl").read_text("utf-8").splitlines()]
    names = sorted({name for entry in shipped_glossary().entries for name in (*entry.short, *entry.long)})
    around = [AROUND_A_NAME[1 + place % (len(AROUND_A_NAME) - 1)] for place in range(len(names))]
    return [json.loads(line)["text"] for line in lines] + names + [text.format(name) for text, name in zip(around, names, strict=True)]


def learn(encoder: SentenceTransformerEncoder, path: Path) -> None:
    """The adapter in the file ``path`` gets a new frame."""
    texts = asked_texts()
    print(f"learning what stands before a question, on {len(texts)} texts …", file=sys.stderr)
    save_adapter(encoder.learn_frame(load_adapter(path), texts, _report), path)


def _report(done: int, steps: int, loss: float) -> None:
    if done % EACH == 0 or done == steps:
        print(f"{done}/{steps} steps, loss {loss:.4f}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keep", type=Path, help="folder for the model")
    learn(SentenceTransformerEncoder("", parser.parse_args().keep), shipped_file(DEFAULT_ADAPTER))


if __name__ == "__main__":
    main()
