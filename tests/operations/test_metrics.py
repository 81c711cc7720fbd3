"""The numbers of the portal: of every process, also one that ended, on a private address, with nothing of a person."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory
from prometheus_client import generate_latest
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from hdh_portal.operations import exposition
from hdh_portal.operations.management.commands.metrics import private_address
from hdh_portal.operations.middleware import ReadingMiddleware, WatchMiddleware
from tests.factories import ROOT, make_deposited, make_user
from tests.portal.test_logs import CANARY, flown
from tests.portal.test_service import environ, wait_until
from tests.service.portal import Sender, serving, signed_in
from tests.service.processes import free_port, workers_of


def written(folder):
    """What Prometheus reads of a folder of processes."""
    return generate_latest(exposition.registry(folder)).decode()


def value(text, name):
    """The number of one sample, None if it is not there."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return found and float(found[1])


def counted(path, number):
    """A file as a process leaves it that counted `number` alarms."""
    key = mmap_key("hdh_mass_readings", "hdh_mass_readings_total", [], [], "Text.")
    file = MmapedDict(str(path))
    file.write_value(key, number, 0)
    file.close()


@pytest.mark.django_db
def test_numbers_of_ended_processes_are_kept_and_their_files_are_not(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    (tmp_path / "there").mkdir()
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    counted(folder / f"counter_{os.getpid()}.db", 1)
    counted(folder / f"counter_{int(ended.stdout)}.db", 2)
    counted(tmp_path / "there" / f"counter_{int(ended.stdout)}.db", 4)
    for _ in range(2):
        assert value(written(folder), "hdh_mass_readings_total") == 7
    assert sorted(path.name for path in folder.iterdir()) == ["counter_0.db", f"counter_{os.getpid()}.db"]


@pytest.mark.django_db
def test_database_tells_deposits_attempts_and_queues(tmp_path, client):
    (tmp_path / "here").mkdir()
    before = value(written(tmp_path / "here"), "hdh_deposits_total")
    application = make_deposited()
    client.force_login(application.members.get().user)
    client.post(f"/dossiers/{application.reference}/deposer/envoyer/", {"digest": "autre"})
    text = written(tmp_path / "here")
    assert value(text, "hdh_database_up") == 1
    assert value(text, "hdh_deposits_total") == before + 1
    assert re.search(r'^hdh_attempts_total\{code="\w+",verb="submit_application"\} 1.0$', text, re.MULTILINE)
    assert value(text, 'hdh_queue_length{kind="message"}') >= 1
    # The deposit may be that of a world that was built a while ago.
    assert 0 <= value(text, 'hdh_queue_age_seconds{kind="document"}') < 3600
    assert value(text, 'hdh_queue_failed{kind="document"}') == 0
    assert value(text, "hdh_disk_free_bytes") > 0


@pytest.mark.parametrize("bind", ["127.0.0.1:9100", "10.1.2.3:9100", "localhost:9100"])
def test_private_address_is_taken(bind):
    assert private_address(bind)[1] == 9100


@pytest.mark.parametrize("bind", ["0.0.0.0:9100", "[::]:9100", "8.8.8.8:9100", "9100", "127.0.0.1:port"])
def test_any_other_is_refused(bind):
    with pytest.raises(CommandError):
        private_address(bind)


def test_without_an_address_nothing_answers(settings):
    settings.HDH_METRICS_BIND = ""
    with pytest.raises(CommandError, match="HDH_METRICS_BIND is empty"):
        call_command("metrics")


def test_request_costs_less_than_a_fifth_of_a_millisecond(tmp_path):
    """In a process that keeps its numbers in files, as those of a service do."""
    code = (
        "import time, django; django.setup()\n"
        "from django.test import RequestFactory\nfrom django.http import HttpResponse\n"
        "from hdh_portal.operations.middleware import WatchMiddleware\n"
        "answer = HttpResponse()\nrequest = RequestFactory().get('/')\nrequest.resolver_match = None\n"
        "bare, watched = (lambda r: answer), WatchMiddleware(lambda r: answer)\n"
        "def best(call):\n"
        "    spent = []\n"
        "    for _ in range(2000):\n"
        "        start = time.perf_counter()\n"
        "        call(request)\n"
        "        spent.append(time.perf_counter() - start)\n"
        "    return sorted(spent)[1000]\n"
        "print((best(watched) - best(bare)) * 1000)"
    )
    given = os.environ | {"HDH_METRICS_BIND": "127.0.0.1:9100", "HDH_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.2
    assert list((tmp_path / "metrics").glob("*/histogram_*.db"))


def test_method_that_a_client_makes_up_is_no_label(tmp_path):
    request = RequestFactory().generic(CANARY.upper(), f"/{CANARY}")
    request.resolver_match = None
    seen = []

    def answer(_request):
        seen.append(1)
        return type("Answer", (), {"status_code": 200})()

    WatchMiddleware(answer)(request)
    assert seen and CANARY.upper() not in generate_latest().decode()


@pytest.mark.service
@pytest.mark.django_db
def test_page_that_cannot_have_its_lock_is_counted():
    """The error that PostgreSQL really raises, as the page's view would leave it."""
    told = connection.settings_dict
    other = psycopg2.connect(dbname=told["NAME"], user=told["USER"], host=told["HOST"], port=told["PORT"])
    before = lock_timeouts()
    with contextlib.closing(other), other.cursor() as holder:
        holder.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError) as found, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            cursor.execute("SELECT count(*) FROM django_migrations")
        other.rollback()
    ReadingMiddleware(None).process_exception(None, found.value)
    ReadingMiddleware(None).process_exception(None, OperationalError("another"))
    assert lock_timeouts() == before + 1


def lock_timeouts():
    return value(generate_latest().decode(), "hdh_lock_timeouts_total")


# Whole processes ---------------------------------------------------------------------------------------------------


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_all_processes_are_counted_through_a_kill_and_the_public_port_says_nothing(tmp_path, settings):
    bind = f"127.0.0.1:{free_port()}"
    given = {"HDH_METRICS_BIND": bind, "HDH_WEB_PROCESSES": "2", "HDH_DATA_DIR": str(tmp_path)}
    given["SECRET_KEY"] = settings.SECRET_KEY
    person = signed_in(make_user(CANARY.capitalize(), email=f"{CANARY}@exemple.fr"))
    make_deposited()
    server = subprocess.Popen(["make", "--silent", "metrics"], cwd=ROOT, env=environ(**given), start_new_session=True)
    try:
        with serving(**given) as (process, port):
            asked = 0
            for _ in range(2):
                for _ in range(20):
                    assert Sender(port, cookies=person).get("/mon-espace/").status == 200
                    asked += 1
                wait_until(lambda: numbers(bind))
                assert value(numbers(bind), OWN_PAGE) == asked
                for pid in workers_of(process)[1:]:
                    os.kill(pid, signal.SIGKILL)
                wait_until(lambda: answers(port))
            assert Sender(port).get(f"/{CANARY}/metrics?{CANARY}").status == 404
            assert Sender(port).get("/metrics").status == 404
            text = numbers(bind)
        assert value(text, "hdh_deposits_total") == 1
        assert flown([text]) == []
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


OWN_PAGE = 'hdh_requests_total{method="GET",status="2xx",view="desk:my_space"}'


def answers(port):
    """True once the portal answers."""
    try:
        return Sender(port).get("/").status == 200
    except (OSError, http.client.HTTPException):
        time.sleep(0.2)
        return False


def numbers(bind):
    """The text of the metrics, empty while nobody answers."""
    host, _, port = bind.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except OSError:
        return ""
    finally:
        connection.close()
