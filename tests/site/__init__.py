"""A news site, run as a process of its own: 500 pages as a good publisher serves them, and whatever else is met on the web."""
