"""`make check`: everything a machine can judge without running the shop, as one list.

tools/check.py runs all of it, `tools/check.py types lint` these only.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = sys.executable
# Addresses nobody answers at: these checks read the settings, and must not start an engine for it.
NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"}
PRODUCTION = NOWHERE | {
    "DJANGO_SETTINGS_MODULE": "anyberry.settings.production",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "QIWI_API_URL": "https://emulator.example",
    "QIWI_SECRET_KEY": "only-for-this-check",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}
TEST = {"DJANGO_SETTINGS_MODULE": "anyberry.settings.test"}
# Name → what it holds, its command, its environment.
CHECKS: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "lint": ("ruff's rules", [str(BIN / "ruff"), "check", "--output-format", "concise", "."], {}),
    "format": ("Python is formatted", [str(BIN / "ruff"), "format", "--check", "."], {}),
    "walls": ("who may import whom", [str(BIN / "lint-imports"), "--no-cache"], {"PYTHONPATH": "site:."}),
    "templates": ("no inline script or style", [PYTHON, "tools/check_templates.py"], {}),
    "html-lint": ("djlint's rules", [str(BIN / "djlint"), "--lint", "--quiet", "templates"], {}),
    "html-format": ("templates are formatted", [str(BIN / "djlint"), "--check", "--quiet", "templates"], {}),
    "messages": ("both languages are complete", [PYTHON, "tools/messages.py", "check"], {}),
    "types": ("mypy, strict", [str(BIN / "mypy")], NOWHERE | TEST),
    "migrations": (
        "no model change without one",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        TEST,
    ),
    "deploy": (
        "production settings are safe",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
}


def run_check(name: str) -> bool:
    """Run one check, print its line and, where it fails, all it said."""
    promise, command, environment = CHECKS[name]
    started = time.monotonic()
    result = subprocess.run(
        command,
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = result.returncode == 0
    seconds = time.monotonic() - started
    print(f"{'ok  ' if passed else 'FAIL'}  {name:<12} {promise:<30} {seconds:5.1f} s", flush=True)
    if not passed:
        print("".join(f"      {line}\n" for line in result.stdout.strip().splitlines()), flush=True)
    return passed


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in CHECKS]:
        print(f"No such check: {', '.join(unknown)}. There are: {', '.join(CHECKS)}.")
        return 2
    failed = [name for name in names or CHECKS if not run_check(name)]
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll is well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
