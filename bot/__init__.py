"""People: settings, conversation, Telegram and terminal front ends, command line."""
