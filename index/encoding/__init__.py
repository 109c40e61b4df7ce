"""Text to vectors: the default model's weights, its model folder, and the encoder around sentence-transformers."""
