"""Articles: reading, German text analysis, store, vectors, search, quotes, evaluation. Knows nothing of people."""
