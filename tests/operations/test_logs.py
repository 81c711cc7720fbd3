"""Lines of every process: JSON with ids only, whatever a library or a hostile client would like to see there."""

import json
import logging
import os
import socket
import subprocess
import sys
import warnings

import pytest
from django.core.exceptions import DisallowedHost

from hdh_portal.celery import app
from hdh_portal.operations import logs
from tests.factories import ROOT, make_user
from tests.portal.test_logs import CANARY, flown
from tests.portal.test_service import running, wait_until
from tests.service.portal import Sender, serving, signed_in


def line(name, message, *arguments, **others):
    """What the log of production says of a record."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 7, message, arguments, others.pop("exc_info", None))
    vars(record).update(others)
    return json.loads(logs.Json().format(record))


def raised(error):
    """The exception with its traceback, as a logger is given it."""
    try:
        raise error
    except type(error) as caught:
        return type(caught), caught, caught.__traceback__


def test_own_line_is_written_whole_with_its_ids():
    told = line("hdh_portal.lecture", "dossier %s read", 7, dossier="HDH-12", actor=3)
    assert (told["message"], told["dossier"], told["actor"]) == ("dossier 7 read", "HDH-12", 3)
    assert told["time"].endswith("Z") and told["level"] == "WARNING"


@pytest.mark.parametrize(
    ("name", "message", "arguments", "said"),
    [
        (
            "gunicorn.error",
            "Error handling request %s %s",
            ("GET", f"/{CANARY}?t={CANARY}"),
            "Error handling request … …",
        ),
        ("gunicorn.error", "Worker (pid:%s) was sent %s!", (412, CANARY), "Worker (pid:412) was sent …!"),
        ("gunicorn.error", f"Invalid request from ip=1.2.3.4: {CANARY}", (), "test_logs:7 None"),
        ("django.security.DisallowedHost", str(DisallowedHost(CANARY)), (), "test_logs:7 None"),
        ("celery.app.trace", "Task %(name)s raised %(exc)s", ({"name": CANARY, "exc": CANARY},), "Task … raised …"),
        ("celery.worker", "Connection lost", (), "Connection lost"),
        ("celery.redirected", CANARY, (), "test_logs:7 None"),
        ("allauth.account", f"mail to {CANARY}", (), "test_logs:7 None"),
        ("urllib3", "%d retries for %s", (3, CANARY), "3 retries for …"),
        ("urllib3", "%d retries", (CANARY,), "%d retries"),
    ],
)
def test_line_of_a_library_says_numbers_and_no_words(name, message, arguments, said):
    assert line(name, message, *arguments)["message"] == said


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Text()])
def test_error_is_its_type_and_frames(formatter):
    record = logging.LogRecord("hdh_portal", 40, __file__, 1, "error", (), raised(ValueError(CANARY)))
    said = formatter.format(record)
    assert "ValueError" in said and f"{__file__}:" in said and "raised" in said
    assert flown([said]) == []


def process_says(code, **variables):
    """What a process of the portal writes."""
    start = f"import django, logging; django.setup(); {code}"
    environ = os.environ | variables
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


def test_process_of_production_writes_json_and_any_other_what_it_is_told():
    code = "logging.getLogger('hdh_portal').info('row %s', 7)"
    secrets = {"SECRET_KEY": "x", "HDH_SIGNING_KEY": "x", "EMAIL_URL": "smtp://127.0.0.1:1"}
    places = {"HDH_BASE_URL": "https://x.example", "REDIS_URL": "redis://127.0.0.1:1", "DATABASE_URL": "sqlite:///x"}
    assert json.loads(process_says(code, HDH_PROFILE="production", **secrets, **places))["message"] == "row 7"
    assert json.loads(process_says(code, HDH_LOGS="json"))["message"] == "row 7"
    assert process_says(code).rstrip().rpartition(" process=")[0].endswith(" INFO hdh_portal row 7")


def test_warning_of_python_says_no_words():
    told = process_says(f"import warnings; logging.captureWarnings(True); warnings.warn('{CANARY}')", HDH_LOGS="json")
    assert json.loads(told)["logger"] == "py.warnings"
    assert flown([told]) == []


@pytest.mark.django_db
def test_line_within_a_request_bears_its_reference_view_and_person(client, caplog, settings):
    settings.ROOT_URLCONF = "tests.portal.test_logs"
    client.raise_request_exception = False
    user = make_user()
    client.force_login(user)
    seen = []

    class Keep(logging.Handler):
        def emit(self, record):
            seen.append(logs.fields(record))

    handler = Keep(level=logging.ERROR)
    logging.getLogger("hdh_portal.web.middleware").addHandler(handler)
    try:
        client.get("/mon-espace/")
        answer = client.post("/casse/", {"title": CANARY})
    finally:
        logging.getLogger("hdh_portal.web.middleware").removeHandler(handler)
    [told] = seen
    assert told["reference"] in answer.text
    assert (told["error"], logs.of_request()) == ("ValueError", {})


def test_logger_of_gunicorn_reads_no_settings():
    """Its first process would hand them down to those that it starts: past a reload, and as if they were no web."""
    code = (
        "import sys; from gunicorn.config import Config; from hdh_portal.operations.logs import GunicornLogger; "
        "GunicornLogger(Config()).info('Listening at: %s (%s)', 'x', 7); print('hdh_portal.settings' in sys.modules)"
    )
    command, environ = [sys.executable, "-c", code], os.environ | {"HDH_LOGS": "json"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), json.loads(done.stderr)["message"]) == ("False", "Listening at: … (7)")


# Whole processes, talked to by strangers ---------------------------------------------------------------------------

HOSTILE = [
    f"GET /{CANARY}?jeton={CANARY} HTTP/9.9\r\n\r\n",
    f"{CANARY}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: {CANARY}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{CANARY} en-tête\r\n\r\n",
    f"POST /comptes/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {CANARY}\r\n\r\n",
    f"GET /invitations/{CANARY}/ HTTP/1.1\r\nHost: localhost\r\nCookie: session={CANARY}\r\nConnection: close\r\n\r\n",
    f"GET /{'a' * 5000}{CANARY} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    f"POST /verifier/recepisse/ HTTP/1.1\r\nHost: localhost\r\nX-Request-Start: {CANARY}\r\nContent-Length: 0\r\n\r\n",
]


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_web_process_writes_json_alone_and_nothing_that_a_stranger_sent(tmp_path):
    with (tmp_path / "log").open("w") as log, serving(log=log, HDH_LOGS="json") as (_process, port):
        for request in HOSTILE:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as plug:
                plug.sendall(request.encode("latin-1", "replace"))
                plug.shutdown(socket.SHUT_WR)
                while plug.recv(65536):
                    pass
        sender = Sender(port, cookies=signed_in(make_user(CANARY.capitalize(), email=f"{CANARY}@exemple.fr")))
        assert sender.get("/mon-espace/").status == 200
    lines = [json.loads(text) for text in (tmp_path / "log").read_text().splitlines()]
    assert {one["logger"] for one in lines} >= {"gunicorn.error", "hdh_portal.web.middleware"}
    assert flown(json.dumps(one) for one in lines) == []
    assert [one for one in lines if one["logger"] == "gunicorn.error" and "127.0.0.1" in one["message"]] == []


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_worker_writes_json_alone_and_nothing_of_what_a_task_was_given(tmp_path):
    app.control.purge()
    log = tmp_path / "log"
    with log.open("w") as file, running("worker", log=file, HDH_LOGS="json"):
        app.send_task("hdh_portal.records.tasks.render_document", args=[CANARY])
        app.send_task(f"nobody.knows.{CANARY}", args=[CANARY])
        wait_until(lambda: log.read_text().count('"level": "ERROR"') >= 2)
    told = log.read_text().splitlines()
    # As root, Celery says so before it has any log.
    lines = [json.loads(text) for text in told if text.startswith("{")]
    failed = next(one for one in lines if one["logger"] == "celery.app.trace")
    assert (failed["error"], failed["task"]) == ("ValueError", "hdh_portal.records.tasks.render_document")
    assert flown(told) == []


def test_warnings_stay_errors_here():
    """Negative control of the settings of this run: a careless warning is seen."""
    with pytest.raises(UserWarning):
        warnings.warn("careless", stacklevel=1)
