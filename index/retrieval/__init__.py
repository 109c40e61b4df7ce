"""From a question to quotes: analysis, candidates, ranking of sentences, abstention."""
