"""The machine: containers, make targets, variables, requirement files, and the demonstration's supervisor."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat", "metrics")


def targets():
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def documented():
    return set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_compose_has_the_processes_of_the_service():
    assert sorted(set(COMPOSE["services"]) - set(OURS)) == ["postgres", "proxy", "redis"]


@pytest.mark.parametrize("name", OURS)
def test_compose_command_is_a_make_target(name):
    make, target = COMPOSE["services"][name]["command"]
    assert make == "make"
    assert target in targets()


def test_compose_migrates_once_before_anything_else_of_ours():
    assert COMPOSE["services"]["migrate"]["restart"] == "no"
    for name in set(OURS) - {"migrate"}:
        assert COMPOSE["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_compose_looks_after_the_health_of_what_answers():
    checked = {name for name, service in COMPOSE["services"].items() if "healthcheck" in service}
    assert checked >= {"web", "postgres", "redis", "proxy"}


def test_compose_publishes_only_the_proxy():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_image_runs_as_a_user_without_rights():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]


def test_variables_of_compose_stand_in_the_example():
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used - documented() == set()


def test_variables_that_the_code_reads_stand_in_the_example():
    used = set()
    for path in [*(ROOT / "hdh_portal").rglob("*.py"), ROOT / "Makefile"]:
        source = path.read_text()
        used |= set(re.findall(r"environment\.(?:variable|required)\(\s*\"([A-Z_]+)\"", source))
        used |= set(re.findall(r"os\.environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", source))
        used |= set(re.findall(r"\$\$\{([A-Z_]+)", source))
    assert len(used) > 10
    assert used - documented() == {"HDH_PROCESS"}  # A process says so of itself.


@pytest.mark.parametrize("name", ["SECRET_KEY", "HDH_SIGNING_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"])
def test_secrets_have_no_default(name):
    assert f"\n{name}=\n" in (ROOT / ".env.example").read_text()
    assert re.findall(rf"\${{{name}(.*?)}}", (ROOT / "docker-compose.yml").read_text())[0] == ":?"


def test_proxy_stamps_the_arrival_itself():
    directives = (ROOT / "docs" / "nginx.conf").read_text()
    assert re.findall(r"proxy_set_header X-Request-Start (.+);", directives) == ['"t=${msec}"']
    assert re.findall(r"proxy_request_buffering (.+);", directives) == ["on"]
    # A location with a header of its own would drop all of the server's, the stamp among them.
    assert [part for part in directives.split("location ")[1:] if "proxy_set_header" in part.split("}")[0]] == []
    assert "client_max_body_size" in directives


def test_pages_of_the_proxy_are_written_by_the_portal_and_read_by_the_proxy():
    pages = COMPOSE["services"]["web"]["environment"]["HDH_PROXY_DIR"]
    assert f"root {pages};" in (ROOT / "docs" / "nginx.conf").read_text()
    assert f"proxy-pages:{pages}:ro" in COMPOSE["services"]["proxy"]["volumes"]
    assert {name for name in OURS if f"proxy-pages:{pages}" in COMPOSE["services"][name]["volumes"]} == set(OURS)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_requirement_files_are_pinned_by_hash_and_name_no_address(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_run_time_requirements_are_the_same_in_the_tests():
    pins = [
        set(re.findall(r"^[a-z0-9-]+==[^ \\;]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-test.txt")
    ]
    assert pins[0] - pins[1] == set()


# The processes of one test run -------------------------------------------------------------------------------------


@pytest.mark.parametrize("process, database", [("gw0", 3), ("gw1", 4), ("gw12", 15)])
def test_processes_of_one_run_never_share_a_broker(process, database):
    given = subprocess.run(
        [sys.executable, "-c", "import os, tests.data_folder; print(os.environ['REDIS_URL'])"],
        cwd=ROOT,
        env=os.environ | {"REDIS_URL": "redis://127.0.0.1:1/3", "PYTEST_XDIST_WORKER": process},
        capture_output=True,
        text=True,
        check=True,
    )
    assert given.stdout.strip() == f"redis://127.0.0.1:1/{database}"


# The supervisor ------------------------------------------------------------------------------------------------


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextlib.contextmanager
def ended(process):
    """The process, which does not outlive a test that failed."""
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=15)


def start(port, data):
    return subprocess.Popen(
        [sys.executable, "-m", "hdh_portal.demo.supervise", port, "--stage", "open"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        | {"HDH_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def refusal(port, data):
    with ended(start(port, data)) as process:
        _, complaint = process.communicate(timeout=30)
    assert process.returncode == 1
    return complaint.splitlines()


def page(port):
    """Status of the home page."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)) as connection:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status


@pytest.mark.embedded
def test_demonstration_answers_and_ends_on_ctrl_c(port, tmp_path):
    with ended(start(port, tmp_path)) as process:
        lines = []
        while not any(f"http://localhost:{port}/" in line for line in lines):
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr.read()
        assert page(port) == 200
        groups = [int(number) for number in (tmp_path / "demo.lock").read_text().split()]
        assert groups[0] == process.pid
        assert len(groups) == 4  # itself, web, mails, papers

        assert refusal(port, tmp_path) == [
            f"demo: it already runs on {tmp_path}; press Ctrl-C there, or type: kill {' '.join(map(str, groups))}"
        ]

        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=15)
        assert time.monotonic() - pressed < 10
        assert process.returncode == 0, complaint
        for group in groups:
            with pytest.raises(ProcessLookupError):
                os.killpg(group, 0)
        with pytest.raises(ConnectionRefusedError):
            page(port)


@pytest.mark.embedded
def test_demonstration_refuses_a_taken_port_in_one_line(port, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(port)))
        taken.listen()
        assert refusal(port, tmp_path) == [
            f"demo: port {port} cannot be had (Address already in use); type for instance: make demo PORT=8001"
        ]


@pytest.mark.embedded
@pytest.mark.parametrize("typed", ["eighty", "0", "70000", "-1"])
def test_demonstration_refuses_a_port_that_is_none(typed, tmp_path):
    assert refusal(typed, tmp_path) == [f"demo: PORT is a number from 1 to 65535, not {typed!r}"]


def test_example_of_the_environment_is_read_alike_by_a_shell_and_line_by_line():
    """systemd and docker compose take a line at a time and drop the quotes around a value; a shell does more."""
    path = ROOT / ".env.example"
    lines = re.findall(r"^([A-Z_]+)=(.*)$", path.read_text(), re.MULTILINE)
    plain = {name: value[1:-1] if value[:1] == value[-1:] == '"' else value for name, value in lines}
    assert [name for name, value in lines if value and not value.startswith('"')] == []
    command = ["env", "-i", "sh", "-c", f"set -a; . {path}; env"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    read = dict(line.split("=", 1) for line in shown.splitlines())
    assert {name: read[name] for name in plain} == plain
