"""Reading article files: Markdown, JSON lines, pages copied from a browser, and folders of these."""
