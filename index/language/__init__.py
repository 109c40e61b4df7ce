"""German text analysis: sentences, words, compounds, acronyms, and the terms that are searched for."""
