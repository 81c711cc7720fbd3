"""ClamAV: what it knows is refused; what it does not answer for is kept apart, seen, and tried again."""

import datetime
import socket
import threading

import pytest
from django.urls import reverse

from applications.dossier import antivirus, judging
from applications.models import Interest, Upload
from hdh_portal.ground import clock
from tests.applications.dossier import clamd
from tests.applications.dossier.test_judging import KEY, names, receive, section, url
from tests.applications.officers import make_ready
from tests.factories import OPEN, make_draft, make_user, owner_of
from tests.hostile.pdf import pdf

pytestmark = [pytest.mark.service, pytest.mark.django_db]  # clamd is installed where PostgreSQL and Redis are


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """The socket of a clamd that takes streams of a megabyte."""
    with clamd.running(tmp_path_factory.mktemp("clamd") / "av") as address:
        yield address


@pytest.fixture
def application(client, now_is):
    now_is(OPEN)
    user = make_user()
    client.force_login(user)
    return make_draft(owner=user)


def judged(upload):
    judging.judge_waiting(seconds=60)
    upload.refresh_from_db()
    return upload


def again(upload):
    """The same upload, a minute later."""
    Upload.objects.filter(pk=upload.pk).update(claimed_until=clock.real() - datetime.timedelta(seconds=1))
    return judged(upload)


def test_known_virus_is_refused_and_the_rest_is_joined(application, settings, daemon):
    settings.HDH_CLAMAV = daemon
    upload = judged(receive(application, pdf(text=clamd.MARK.decode()), "infecte.pdf"))
    assert (upload.state, upload.sentence.startswith("L’antivirus a trouvé un programme malveillant")) == (
        "refused",
        True,
    )
    assert not upload.path.exists()
    assert judged(receive(application)).state == "joined"
    assert names(application) == ["lettre.pdf"]


def test_without_the_setting_nothing_is_scanned(application):
    assert judged(receive(application, pdf(text=clamd.MARK.decode()))).state == "joined"


def test_file_waits_apart_while_the_daemon_is_away_and_is_joined_when_it_answers(
    client, application, settings, tmp_path, daemon
):
    settings.HDH_CLAMAV = str(tmp_path / "nobody.sock")
    upload = judged(receive(application))
    assert (upload.state, upload.reason, upload.path.exists()) == ("quarantined", "unreachable", True)
    assert names(application) == []
    assert "Ce fichier attend notre antivirus" in section(client, application)
    review = client.get(url("application_review", application)).content.decode()
    assert "lettre.pdf\u00a0: en attente de l’antivirus" in review
    assert again(upload).state == "quarantined"
    settings.HDH_CLAMAV = daemon
    assert judged(upload).state == "quarantined"  # its minute is not over
    assert (again(upload).state, names(application)) == ("joined", ["lettre.pdf"])


def test_file_over_the_limit_of_the_daemon_is_kept_apart_and_says_so(client, application, settings, daemon):
    settings.HDH_CLAMAV = daemon
    large = pdf(lambda document: document.pages[0].obj.__setitem__("/X", document.make_stream(_noise(1_500_000))))
    upload = judged(receive(application, large, "lourd.pdf"))
    assert (upload.state, upload.reason) == ("quarantined", "too_large")
    assert "Ce fichier est trop lourd pour notre antivirus" in section(client, application)


def _noise(count):
    """Bytes that do not shrink."""
    return b"".join(number.to_bytes(4, "big") for number in range(0, count * 1_000, 4_001))[:count]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"COMMAND READ TIMED OUT\0", "unknown"), (b"", "unknown"), (b"stream: OK but not quite\0", "unknown")],
)
def test_answer_that_is_no_verdict_is_none(tmp_path, settings, answer, reason):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.HDH_CLAMAV = f"127.0.0.1:{server.getsockname()[1]}"

        def serve():
            talk, _address = server.accept()
            with talk:
                while not talk.recv(65_536).endswith(b"\0\0\0\0"):
                    pass
                talk.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(antivirus.Unscanned) as unscanned:
            antivirus.is_clean(path)
        thread.join()
    assert unscanned.value.reason == reason


def test_daemon_that_is_silent_is_unreachable(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(antivirus, "SECONDS", 0.2)
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.HDH_CLAMAV = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(antivirus.Unscanned) as unscanned:
            antivirus.is_clean(path)
    assert unscanned.value.reason == "unreachable"


def test_managers_see_what_is_kept_apart_and_not_whose_it_is(client, application, settings, tmp_path, sign_in):
    settings.HDH_CLAMAV = str(tmp_path / "nobody.sock")
    judged(receive(application, name="Secret de Maude.pdf"))
    manager, with_interest = make_ready(power="manager"), make_ready(power="manager")
    address = reverse("operations:quarantine_list", args=[application.call.slug])
    page = sign_in(manager).get(address).content.decode()
    assert (application.reference in page, "L’antivirus ne répond pas" in page) == (True, True)
    assert "Maude" not in page and owner_of(application).email not in page
    Interest.objects.create(
        user=with_interest.user, application=application, kind=Interest.Kind.DECLARED, declared_at=OPEN
    )
    page = sign_in(with_interest).get(address).content.decode()
    assert (application.reference in page, "Votre déport" in page) == (False, True)


def test_candidate_may_take_back_a_file_that_is_kept_apart(client, application, settings, tmp_path):
    settings.HDH_CLAMAV = str(tmp_path / "nobody.sock")
    upload = judged(receive(application))
    client.post(url("upload_dismiss", application, upload.pk))
    assert (Upload.objects.filter(pk=upload.pk).exists(), KEY in section(client, application)) == (False, True)
