"""Evaluation on folders in BEIR layout: ranking, quotes, abstention, speed; and the floor below which nothing may fall."""
