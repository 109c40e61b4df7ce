"""Makes ``data/token_projection.npz`` for the default model from the shipped articles: ``make projection``."""

import sys
import tempfile
from pathlib import Path

from index.encoding.encoder import DEFAULT_PROJECTION, SentenceTransformerEncoder
from index.encoding.projection import fit_projection, save_projection
from index.shipped import shipped_file

if __name__ == "__main__":
    encoder = SentenceTransformerEncoder("", Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "amtsfunk-models")
    save_projection(fit_projection(encoder.sample_tokens()), shipped_file(DEFAULT_PROJECTION))
