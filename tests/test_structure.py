"""The directions of imports, and that heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

HEAVY = ("torch", "sentence_transformers", "transformers", "faiss", "telegram", "simplemma", "rapidfuzz", "rich", "platformdirs", "matplotlib", "PIL", "feedparser", "trafilatura", "lxml")
HEAVY += ("httpx", "httpcore", "protego", "brotli", "aiohttp", "yarl")
HOMES = {
    "torch": {"index/encoding"},
    "transformers": {"index/encoding"},
    "sentence_transformers": {"index/encoding"},
    "faiss": {"index/vectors.py"},
    "sqlite3": {"index/storage", "index/sources/schema.py", "bot/alerts", "bot/operating/schema.py"},
    "matplotlib": {"bot/charts.py"},
    "PIL": {"bot/charts.py"},
    "telegram": {
        "bot/telegram_front.py", "bot/telegram_pace.py", "bot/telegram_alerts.py", "bot/telegram_keyboard.py", "bot/telegram_menus.py",
        "bot/telegram_reading.py", "bot/telegram_sending.py", "bot/telegram_examining.py", "bot/telegram_quotes.py", "bot/telegram_inline.py",
        "bot/telegram_request.py",
    },
    "rapidfuzz": {"index/language/spelling.py"},
    "feedparser": {"index/reading"},
    "trafilatura": {"index/reading"},
    "lxml": {"index/reading"},
    "httpx": {"index/fetching", "bot/telegram_request.py"},
    "aiohttp": {"bot/telegram_request.py"},
    "httpcore": {"index/fetching"},
    "protego": {"index/fetching"},
    "brotli": {"index/fetching"},
}
MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("index/**/*.py")])


def imports_of(path: Path) -> set[str]:
    """Names of all modules that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_modules_to_check():
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("index/")], ids=name_of)
def test_index_knows_nothing_of_people(path):
    assert not {name for name in imports_of(path) if name.split(".")[0] == "bot"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_in_their_home(path):
    for library in {name.split(".")[0] for name in imports_of(path)} & HOMES.keys():
        assert any(name_of(path).startswith(home) for home in HOMES[library]), f"{library} in {name_of(path)}"


def test_no_import_cycles():
    graph = {module_name(path): {name for name in imports_of(path) if name.split(".")[0] in {"bot", "index"}} for path in MODULES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module in done or module not in graph:
            return
        for imported in graph[module]:
            visit(imported, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def module_name(path: Path) -> str:
    return name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["run", "--help"], ["eval", "--help"], ["sources", "--help"], ["sources", "add", "--help"]])
def test_help_loads_nothing_heavy(arguments):
    code = f"import sys; sys.argv = ['amtsfunk', *{arguments!r}]\nfrom bot.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.strip().endswith("LOADED []"), result.stdout[-300:]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_keep_to_one_job(path):
    assert len(path.read_text("utf-8").splitlines()) <= 450
