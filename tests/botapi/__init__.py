"""A strict stand-in for the Telegram Bot API server, run as a process of its own for end-to-end tests."""
