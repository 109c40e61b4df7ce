"""Fetching pages of strangers: politely, within limits, and only from where it is allowed."""
