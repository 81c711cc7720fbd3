"""What `/readyz` says to whom, and that each part of it can fail."""

import datetime
import shutil

import pytest
from django.core.cache import cache

from hdh_portal.ground import clock
from hdh_portal.operations import readiness, stamps
from hdh_portal.records import heartbeat, tasks
from hdh_portal.records.models import Document, Message
from tests.applications.officers import make_ready
from tests.factories import make_deposited, make_user
from tests.portal.test_logs import CANARY, flown
from tests.portal.test_service import running, wait_until

pytestmark = pytest.mark.django_db
KEYS = ["clock", "database", "disk", "documents", "keys", "mails", "proxy", "static", "sweep"]


@pytest.fixture(autouse=True)
def calm():
    """The outbox was swept just now, and no request came yet."""
    heartbeat.beat("sweep")
    stamps.SEEN.__init__()
    yield
    cache.clear()
    stamps.SEEN.__init__()


def wrong():
    """Keys of the parts that are not right."""
    return [part.key for part in readiness.parts() if not part.is_ok]


def test_machine_reads_that_all_is_right_and_nothing_else(client):
    make_deposited()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": dict.fromkeys(KEYS, "ok")}


def test_machine_reads_in_the_status_that_something_is_wrong(client):
    cache.clear()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["sweep"]) == (503, "not ok")


def test_candidate_reads_what_a_machine_reads(client):
    client.force_login(make_user())
    assert client.get("/readyz").json()["ready"] is True


def test_officer_reads_a_page_that_says_what_to_do(client):
    officer = make_ready()
    client.force_login(officer.user)
    assert "Le portail peut faire tout son travail." in client.get("/readyz").text
    cache.clear()
    page = client.get("/readyz")
    assert page.status_code == 200
    assert "Démarrez le worker et beat." in page.text and "À vérifier" in page.text


def test_page_tells_nothing_of_a_person_or_a_dossier(client):
    officer = make_ready()
    application = make_deposited()
    client.force_login(officer.user)
    text = client.get("/readyz").text
    assert application.reference not in text and flown([text.replace(officer.user.name, "")]) == []
    assert CANARY not in text


# Each part ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "key", "minutes"), [(Document, "documents", 16), (Message, "mails", 6)])
def test_work_that_waits_too_long_is_said(model, key, minutes):
    make_deposited()
    assert wrong() == []
    model.objects.update(queued_at=clock.real() - datetime.timedelta(minutes=minutes))
    assert wrong() == [key]


def test_one_mail_that_is_tried_again_is_no_trouble_and_many_are():
    for _ in range(readiness.MANY_RETRYING):
        make_deposited()
    old = clock.real() - datetime.timedelta(hours=2)
    Document.objects.update(state="done")
    pks = list(Message.objects.values_list("pk", flat=True))
    assert len(pks) >= readiness.MANY_RETRYING
    Message.objects.exclude(pk=pks[0]).update(state="done")
    Message.objects.filter(pk=pks[0]).update(error="SMTPServerDisconnected", queued_at=old)
    assert wrong() == []
    Message.objects.update(state="queued", error="SMTPServerDisconnected", queued_at=old)
    assert wrong() == ["mails"]


def test_sweep_leaves_its_instant_and_an_old_one_is_said(monkeypatch):
    cache.clear()
    tasks.sweep()
    assert (clock.real() - heartbeat.last("sweep")).total_seconds() < 5
    cache.set("heartbeat-sweep", clock.real().timestamp() - 61, timeout=None)
    assert wrong() == ["sweep"]


def test_key_that_cannot_sign_is_said(settings):
    settings.HDH_SIGNING_KEY = "trop-court"
    assert wrong() == ["keys"]


def test_static_file_that_is_missing_is_said(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    assert wrong() == ["static"]


def test_full_disk_is_said(settings, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1))
    assert wrong() == ["disk"]


def test_proxy_that_is_not_the_one_named_is_said(client, settings):
    settings.HDH_TRUSTED_PROXY = ["10.9.8.7"]
    for _ in range(stamps.STRANGE):
        client.get("/", headers={"X-Request-Start": "t=1.000"})
    assert wrong() == ["proxy"]
    assert not stamps.SEEN.keeps_coming_from_strangers(clock.real() + datetime.timedelta(minutes=6))


def test_proxy_whose_stamp_never_came_is_said_and_one_stamp_is_enough(client, settings):
    settings.HDH_TRUSTED_PROXY = ["127.0.0.1"]
    for _ in range(stamps.ENOUGH):
        client.get("/healthz")
    assert wrong() == ["proxy"]
    client.get("/healthz", headers={"X-Request-Start": f"t={clock.real().timestamp():.3f}"})
    assert wrong() == []


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_worker_and_beat_keep_the_sweep_fresh():
    cache.clear()
    with running("worker"), running("beat"):
        wait_until(lambda: heartbeat.last("sweep") is not None)
        assert "sweep" not in wrong()
