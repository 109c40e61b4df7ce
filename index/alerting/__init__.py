"""Alert rules: what people write → what an article must say, and why it does. Knows no people."""
