"""``python -m bot`` is ``amtsfunk``."""

from bot.cli import main

main()
