"""Sources: where articles come from, when each is visited, and what is known of every address it lists.

definitions (shipped, settings, added) ── due? ── listing: feed | sitemap | overview | page ── addresses ── due? ── page ── Article ── ingest
"""
