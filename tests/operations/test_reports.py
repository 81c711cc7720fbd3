"""Reports of errors to a server that keeps what it gets: the type, the frames and ids, and nothing of a person."""

import contextlib
import gzip
import http.server
import json
import logging
import threading
import time

import brotli
import pytest

from hdh_portal.celery import app
from hdh_portal.operations.reports import Reports
from tests.factories import make_user
from tests.portal.test_logs import ADDRESS, CANARY, flown
from tests.portal.test_service import running, wait_until


class Sentry(http.server.BaseHTTPRequestHandler):
    """Takes envelopes, and as long as it is told to."""

    def do_POST(self):
        """Keep headers and body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = {"gzip": gzip.decompress, "br": brotli.decompress}
        body = packed.get(self.headers.get("Content-Encoding"), bytes)(body)
        self.server.envelopes.append(f"{self.headers}\n{body.decode()}")
        time.sleep(self.server.slow_seconds)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Nothing is written."""


@pytest.fixture
def sentry():
    """A stand-in on loopback: `envelopes` it got, `dsn` to reach it, `slow_seconds` to keep it from answering."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sentry)
    server.envelopes, server.slow_seconds, server.daemon_threads = [], 0, True
    server.dsn = f"http://public@127.0.0.1:{server.server_address[1]}/7"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def reporting(dsn):
    """The handler of the settings stands on the log, as in a process with `HDH_ERROR_REPORTS`."""
    handler = Reports(dsn)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def event(envelope):
    """The event of an envelope: its last line."""
    return json.loads(envelope.strip().splitlines()[-1])


@pytest.fixture
def broken(client, settings):
    """A signed-in person for whom a page breaks over what was typed."""
    settings.ROOT_URLCONF = "tests.portal.test_logs"
    client.raise_request_exception = False
    client.force_login(make_user(CANARY.capitalize(), email=ADDRESS))

    def ask():
        headers = {"X-Forwarded-For": CANARY, "User-Agent": CANARY, "Referer": f"https://{CANARY}.example"}
        return client.post(f"/casse/?q={CANARY}", {"title": CANARY}, headers=headers)

    return ask


@pytest.mark.django_db
def test_failed_page_is_reported_without_a_word_of_the_person(sentry, broken):
    with reporting(sentry.dsn):
        answer = broken()
        wait_until(lambda: sentry.envelopes)
    [envelope] = sentry.envelopes
    assert flown([envelope]) == []
    told = event(envelope)
    assert told["tags"]["reference"] in answer.text
    [error] = told["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert set(error["stacktrace"]["frames"][-1]) == {"filename", "function", "lineno"}
    kept = {"event_id", "timestamp", "platform", "level", "logger", "transaction", "exception", "tags"}
    assert set(told) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("slow", [True, False], ids=["silent", "away"])
def test_server_that_is_silent_or_away_holds_no_page(sentry, broken, slow):
    sentry.slow_seconds = 5
    dsn = sentry.dsn if slow else "http://public@127.0.0.1:1/7"
    with reporting(dsn):
        start = time.perf_counter()
        assert {broken().status_code for _ in range(5)} == {500}
        took = time.perf_counter() - start
    assert took < 3


@pytest.mark.django_db
def test_line_that_asks_for_it_is_reported_and_any_other_is_not(sentry):
    with reporting(sentry.dsn):
        log = logging.getLogger("hdh_portal.trial")
        log.warning("not %s", CANARY)
        log.warning("one person reads %s", CANARY, extra={"report": True, "actor": 3})
        logging.getLogger("urllib3").error("retry %s", CANARY, exc_info=ValueError(CANARY))
        wait_until(lambda: sentry.envelopes)
        time.sleep(0.3)
    [envelope] = sentry.envelopes
    assert event(envelope)["message"] == "one person reads %s"
    assert flown([envelope]) == []


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_failed_task_is_reported(sentry):
    app.control.purge()
    with running("worker", HDH_ERROR_REPORTS=sentry.dsn):
        app.send_task("hdh_portal.records.tasks.render_document", args=[CANARY])
        wait_until(lambda: sentry.envelopes)
    told = event(sentry.envelopes[0])
    assert told["tags"]["task"] == "hdh_portal.records.tasks.render_document"
    assert told["exception"]["values"][0]["type"] == "ValueError"
    assert flown(sentry.envelopes) == []
