"""The rules of the house that no other tool holds, and the traps that were found once."""

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[1]
REQUIRED = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def list_files() -> list[Path]:
    """What git would commit: the tracked files, and new ones that are not ignored."""
    names = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=BASE_DIR, text=True
    )
    files = (BASE_DIR / name for name in names.split("\0") if name)
    return [path for path in files if path.is_file()]


def read_project() -> dict:
    return tomllib.loads((BASE_DIR / "pyproject.toml").read_text())


def start_production(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in REQUIRED}
    return subprocess.run(
        [sys.executable, *(command or ("-c", "import anyberry.settings.production"))],
        cwd=BASE_DIR,
        env=clean | {"PYTHONPATH": "site:."} | environment,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("folder", ["site", "locale", "tests", "tools", "templates"])
def test_a_plain_folder_is_no_package(folder):
    """`site` and `locale` belong to the standard library: as packages of ours they break Python or Django."""
    assert not (BASE_DIR / folder / "__init__.py").exists()


def test_the_editable_install_puts_both_folders_on_the_path():
    assert read_project()["tool"]["hatch"]["build"]["dev-mode-dirs"] == ["site", "."]


def test_packaging_is_declared():
    """kombu imports it without asking for it."""
    assert "packaging" in read_project()["project"]["dependencies"]


def test_every_locked_package_has_a_hash_and_no_address():
    lock = (BASE_DIR / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE).strip())

    assert len(entries) > 100
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"^.*(?:://|--index-url|--find-links|@ file).*$", lock, flags=re.MULTILINE) == []


def test_the_lock_has_all_that_the_project_asks_for():
    project = read_project()
    wanted = project["project"]["dependencies"] + list(chain(*project["dependency-groups"].values()))
    names = {re.split(r"[\[<>=;~! ]", line)[0].lower().replace("_", "-") for line in wanted}
    lock = (BASE_DIR / "requirements.lock").read_text()
    locked = set(re.findall(r"^([a-z0-9.-]+)==", lock, flags=re.MULTILINE))

    assert names - locked == set()


def test_the_example_environment_lists_what_the_code_reads_and_nothing_else():
    sources = [*(BASE_DIR / "site/anyberry/settings").glob("*.py"), BASE_DIR / "site/anyberry/demo/run.py"]
    source = "\n".join(path.read_text() for path in sources)
    read = set(re.findall(r"""\benv\.\w+\(\s*["']([A-Z_]+)["']""", source))
    read |= set(re.findall(r"""os\.environ\.get\(\s*["']([A-Z_]+)["']""", source))
    listed = re.findall(r"^([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), flags=re.MULTILINE)

    assert sorted(listed) == sorted(read)


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_and_names_what_is_missing(name):
    others = {other: value for other, value in REQUIRED.items() if other != name}

    result = start_production(**others)

    last_line = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert re.search(rf"\b{name}\b", last_line)
    assert not any(re.search(rf"\b{other}\b", last_line) for other in others)


def test_production_names_all_that_is_missing_at_once():
    result = start_production()

    assert result.returncode != 0
    assert all(name in result.stderr for name in REQUIRED)


def test_production_starts_with_what_it_requires():
    result = start_production(**REQUIRED)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "program",
    [
        ("-c", "import anyberry.wsgi"),
        ("-m", "celery", "--app=anyberry", "worker"),
        ("-m", "celery", "--app=anyberry", "beat"),
    ],
    ids=["web", "worker", "beat"],
)
def test_no_program_starts_in_production_with_the_closed_bank(program):
    production = {"DJANGO_SETTINGS_MODULE": "anyberry.settings.production", "QIWI_API_URL": ""}

    result = start_production(*program, **REQUIRED, **production, QIWI_SECRET_KEY="x")

    last_line = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured")
    assert "QIWI_API_URL" in last_line


def test_the_web_starts_in_production_with_an_emulator():
    production = {"DJANGO_SETTINGS_MODULE": "anyberry.settings.production"}
    keys = {"QIWI_API_URL": "https://emulator.example", "QIWI_SECRET_KEY": "x"}

    result = start_production("-c", "import anyberry.wsgi", **REQUIRED, **production, **keys)

    assert result.returncode == 0, result.stderr


def test_only_settings_and_programs_read_the_environment():
    """Ruff holds this inside the packages; here it is held that ruff is asked to."""
    banned = read_project()["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]

    assert {"os.environ", "os.getenv"} <= set(banned)


def test_no_file_knows_a_machine_of_ours():
    checkout = re.escape(bytes(BASE_DIR))
    pattern = re.compile(rb"(?<![a-z])/(?:home|Users|root)/[a-z]|" + checkout)
    here = Path(__file__).resolve()
    pictures = {".png", ".jpg", ".webp", ".woff2"}
    texts = [path for path in list_files() if path != here and path.suffix not in pictures]

    assert [str(path.relative_to(BASE_DIR)) for path in texts if pattern.search(path.read_bytes())] == []


def test_no_file_is_too_heavy_for_a_repository():
    heavy = [path for path in list_files() if path.stat().st_size > 500_000]

    assert heavy == []


def test_modules_can_be_read_in_one_sitting():
    modules = [path for path in list_files() if path.suffix == ".py" and "migrations" not in path.parts]
    lengths = {path.relative_to(BASE_DIR): path.read_bytes().count(b"\n") for path in modules}

    long = {str(path): n for path, n in lengths.items() if n > (500 if path.parts[0] == "tests" else 300)}

    assert long == {}


def test_django_and_wagtail_are_the_ones_we_chose():
    lock = (BASE_DIR / "requirements.lock").read_text()

    assert re.search(r"^django==5\.2\.", lock, flags=re.MULTILINE)
    assert re.search(r"^wagtail==8\.0\.", lock, flags=re.MULTILINE)


def test_manage_works_with_nothing_installed():
    """Not even the editable install: it finds `site` by itself. -S leaves the environment's own paths out."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    production = {"PYTHONPATH": packages, "DJANGO_SETTINGS_MODULE": "anyberry.settings.production"}
    result = subprocess.run(
        [sys.executable, "-S", "manage.py", "version"],
        cwd=BASE_DIR,
        env=os.environ | REQUIRED | production,
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("5.2")


def test_celery_finds_the_project():
    result = subprocess.run(
        [sys.executable, "-m", "celery", "--app=anyberry", "report"],
        cwd=BASE_DIR,
        env=os.environ | REQUIRED | {"DJANGO_SETTINGS_MODULE": "anyberry.settings.production"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
