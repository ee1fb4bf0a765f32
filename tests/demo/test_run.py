"""What `make demo` says when it can't start: one sentence, no traceback, nothing left behind."""

import fcntl
import json
import os
import socket
import subprocess
import sys

import pytest

from anyberry.demo.ports import find_free_port, is_free


def run_demo(folder, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "anyberry.demo.run", *arguments],
        env=clean | {"VAR_DIR": str(folder), "PYTHONPATH": "site:."} | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def get_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    (sentence,) = result.stderr.strip().splitlines()
    return sentence


@pytest.fixture
def busy_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_one_sentence_with_a_way_out(tmp_path, busy_port):
    sentence = get_sentence(run_demo(tmp_path, DEMO_PORT=str(busy_port)))

    assert f"Port {busy_port} is in use" in sentence
    assert "DEMO_PORT=" in sentence
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65535", "-1", "eight thousand", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_none_is_one_sentence(tmp_path, port):
    assert "DEMO_PORT must be a port number" in get_sentence(run_demo(tmp_path, DEMO_PORT=port))


def test_a_broken_data_folder_is_one_sentence(tmp_path):
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    port = find_free_port(20_000)

    sentence = get_sentence(run_demo(tmp_path, DEMO_PORT=str(port)))

    assert "no readable PG_VERSION" in sentence
    assert "make demo-reset" in sentence


def test_a_second_demo_in_the_same_folder_says_where_the_first_is(tmp_path):
    (tmp_path / "demo.json").write_text(json.dumps({"url": "http://127.0.0.1:8123"}))
    with (tmp_path / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        sentence = get_sentence(run_demo(tmp_path))

    assert sentence == "The demo of this folder is already running at http://127.0.0.1:8123."
    assert (tmp_path / "demo.json").exists()


def test_a_reset_leaves_a_database_that_is_not_ours_alone(tmp_path):
    (tmp_path / "media").mkdir()
    port = str(find_free_port(20_000))

    sentence = get_sentence(
        run_demo(
            tmp_path, "--reset", DEMO_PORT=port, DATABASE_URL="postgresql://somebody@127.0.0.1:1/precious"
        )
    )

    assert "demo-reset only deletes the demo's own engines" in sentence
    assert (tmp_path / "media").exists()


def test_the_next_free_port_is_found(busy_port):
    assert not is_free(busy_port)
    assert find_free_port(busy_port) > busy_port
    assert is_free(find_free_port(busy_port))
