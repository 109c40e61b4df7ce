"""The store: articles, passages with their vectors, and search terms in one SQLite file."""
