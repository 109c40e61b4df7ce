"""The bot as a process that does not keep Telegram's pace: what the answers themselves take.

    python -m tests.load_bot
"""

from bot.app import App
from bot.settings import read_settings
from bot.telegram_front import run_telegram
from bot.telegram_pace import ChatPacer


def main() -> None:
    app = App(read_settings(), lambda _line: None)
    try:
        run_telegram(app, pacer=ChatPacer(all_interval_s=0.0))
    finally:
        app.close()


if __name__ == "__main__":
    main()
