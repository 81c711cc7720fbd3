"""A bad configuration does not start: through `make serve|worker|beat`, each fault on a line that says what to do."""

import base64
import contextlib
import io
import secrets
import shutil
import socketserver
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from hdh_portal.operations import checks, preflight, readings
from hdh_portal.records import sandbox, signing
from hdh_portal.records.models import SigningKey
from tests.factories import make_deposited
from tests.portal.test_service import collect_static, make, running, wait_until
from tests.service.processes import free_port

pytestmark = pytest.mark.django_db


def key(size=32):
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).decode()


def production(**changes):
    """What a deployment gives, all of it right but for `changes`."""
    return {
        "HDH_PROFILE": "production",
        "HDH_BASE_URL": "https://portail.example.org",
        "HDH_BIND": f"127.0.0.1:{free_port()}",
        "HDH_STATIC_DIR": collect_static(),
        "HDH_TRUSTED_PROXY": "127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HDH_SIGNING_KEY": key(),
    } | changes


def said(fault_id, process=None):
    """Messages of one fault."""
    return [fault.msg for fault in preflight.faults(process) if fault.id == fault_id]


# Through make ------------------------------------------------------------------------------------------------------

WRONG = {
    "known secret": ({"SECRET_KEY": "change-me"}, "E002"),
    "secret that repeats": ({"SECRET_KEY": "motdepasse" * 6}, "E002"),
    "short signing key": ({"HDH_SIGNING_KEY": key(16)}, "E005"),
    "signing key that is no base64": ({"HDH_SIGNING_KEY": "pas du tout une clé"}, "E005"),
    "no static files": ({"HDH_STATIC_DIR": "/nowhere"}, "E021"),
    "proxy that is everybody": ({"HDH_TRUSTED_PROXY": "0.0.0.0/0"}, "E023"),
    "proxy that is nobody": ({"HDH_TRUSTED_PROXY": "le-proxy"}, "E023"),
    "database away": ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}, "E012"),
}


@pytest.mark.service
@pytest.mark.parametrize(("changes", "fault"), WRONG.values(), ids=WRONG)
def test_serve_does_not_start(changes, fault):
    ended = make("serve", **production(**changes))
    assert ended.returncode != 0
    assert [line for line in ended.stderr.splitlines() if f"(hdh.{fault})" in line and "error: " in line]


@pytest.mark.service
@pytest.mark.parametrize("process", ["worker", "beat"])
def test_worker_and_beat_do_not_start_without_their_broker(process):
    ended = make(process, **production(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"))
    assert ended.returncode != 0
    assert "(hdh.E030)" in ended.stderr


@pytest.mark.service
def test_every_fault_is_said_at_once():
    changes = {"SECRET_KEY": "change-me", "HDH_SIGNING_KEY": key(8), "HDH_STATIC_DIR": "/nowhere"}
    errors = [line for line in make("serve", **production(**changes)).stderr.splitlines() if ": error: " in line]
    assert [line.rpartition("(")[2] for line in errors] == ["hdh.E005)", "hdh.E002)", "hdh.E021)"]


@pytest.mark.service
def test_variables_that_are_missing_are_named_together():
    ended = make("serve", **production(SECRET_KEY="", HDH_SIGNING_KEY="", EMAIL_URL=""))
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == (
        "portal: SECRET_KEY, HDH_SIGNING_KEY, EMAIL_URL must be given when HDH_PROFILE=production."
    )


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_right_configuration_starts_though_mail_and_broker_are_away(tmp_path):
    given = production(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    with (tmp_path / "log").open("w") as log, running("serve", log=log, **given):
        wait_until(lambda: make("healthy", **given).returncode == 0)
    assert "preflight: warning: The broker of REDIS_URL does not answer" in (tmp_path / "log").read_text()


@pytest.mark.embedded
def test_local_profile_only_warns(settings, tmp_path):
    settings.HDH_TRUSTED_PROXY = ["0.0.0.0/0"]
    told = io.StringIO()
    call_command("preflight", stderr=told)
    assert "preflight: warning: HDH_TRUSTED_PROXY" in told.getvalue()


# Each probe --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret", ["change-me", "Change-Me" + "x" * 60, "azertyuiop" * 7, "django-insecure-4f" + "s9" * 40, "a" * 99]
)
def test_weak_secret_is_known(secret):
    assert checks.is_weak(secret)


@pytest.mark.parametrize("make_one", [lambda: secrets.token_urlsafe(48), lambda: secrets.token_hex(25)])
def test_random_secret_is_never_weak(make_one):
    assert [secret for secret in (make_one() for _ in range(300)) if checks.is_weak(secret)] == []


def test_signing_key_that_no_receipt_knows_is_an_error_until_it_is_announced(settings):
    make_deposited()
    first = signing.current_key().key_id
    assert said("hdh.E020") == []
    settings.HDH_SIGNING_KEY = key()
    [sentence] = said("hdh.E020")
    assert f"receipts were signed under {first}" in sentence
    call_command("preflight", announce_key=True, stdout=io.StringIO(), stderr=io.StringIO())
    assert said("hdh.E020") == []
    assert SigningKey.objects.order_by("pk").last().key_id == signing.key_id(signing.public_bytes())


def test_first_signing_key_needs_no_announcement(settings):
    settings.HDH_SIGNING_KEY = key()
    assert SigningKey.objects.count() == 0
    assert said("hdh.E020") == []


@pytest.mark.service
def test_lost_static_file_is_named(tmp_path):
    folder = tmp_path / "static"
    shutil.copytree(collect_static(), folder)
    lost = next(folder.glob("css/theme.*.css"))
    lost.unlink()
    ended = make("serve", **production(HDH_STATIC_DIR=str(folder)))
    assert ended.returncode != 0
    assert f"1 static files are missing in {folder}, such as css/{lost.name}" in ended.stderr


@pytest.mark.parametrize("part", ["unix", "127.0.0.1", "172.30.0.0/24", "10.0.0.0/8", "fd00::/48"])
def test_narrow_network_of_a_proxy_is_plausible(settings, part):
    settings.HDH_TRUSTED_PROXY = [part]
    assert said("hdh.E023") == []


@pytest.mark.parametrize("part", ["0.0.0.0/0", "::/0", "128.0.0.0/1", "172.30.0.1/24", "proxy"])
def test_other_networks_are_not(settings, part):
    settings.HDH_TRUSTED_PROXY = [part]
    assert len(said("hdh.E023")) == 1


def test_folder_that_cannot_be_written_is_said(settings, tmp_path):
    settings.TEMPORARY_DIR = tmp_path / "away"
    assert "cannot be written" in said("hdh.E024")[0]


@pytest.mark.service
def test_migration_that_is_not_applied_is_said():
    assert said("hdh.E027") == []
    with connection.cursor() as cursor:
        last = "SELECT max(name) FROM django_migrations WHERE app = 'jury'"
        cursor.execute(f"DELETE FROM django_migrations WHERE app = 'jury' AND name = ({last})")
    assert said("hdh.E027") == ["1 migrations are not applied: make migrate."]


def test_clock_of_the_database_is_ours():
    assert abs(readings.database_clock_offset()) < 2
    assert said("hdh.E028") == []


@pytest.mark.service
def test_superuser_is_a_warning_in_production(settings):
    settings.PRODUCTION, settings.SECURE_SITE = True, True
    assert len(said("hdh.W029")) == 1


@contextlib.contextmanager
def server(answer):
    """A server on loopback that greets with, or answers anything by, `answer`; gives its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(answer)
            for line in self.rfile:
                self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1]
        listening.shutdown()


@pytest.fixture
def smtp(settings):
    """Settings of a mail server on a port."""

    def at(port, *, tls=False):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = tls, False

    return at


def test_mail_server_that_answers_is_right_and_one_without_the_tls_asked_for_is_not(smtp):
    with server(b"220 hello\r\n") as port:
        smtp(port)
        assert said("hdh.W031") == []
        smtp(port, tls=True)
        assert len(said("hdh.W031")) == 1
    smtp(free_port())
    assert "mails wait" in said("hdh.W031")[0]
    assert said("hdh.W031", "serve") == []


def test_antivirus_is_asked_where_it_is_named(settings, tmp_path):
    with server(b"PONG\0") as port:
        settings.HDH_CLAMAV = f"127.0.0.1:{port}"
        assert said("hdh.W033") == []
    settings.HDH_CLAMAV = str(tmp_path / "nobody")
    assert "does not answer" in said("hdh.W033")[0]


def test_papers_can_be_printed_here(settings):
    assert said("hdh.E032") == []
    # Negative control: a template that is not there stands for whatever printing needs.
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": []}]
    assert "No paper can be printed" in said("hdh.E032")[0]


def test_probes_are_deployment_checks_of_django():
    names = {check.__name__ for check in preflight.register.__self__.get_checks(include_deployment_checks=True)}
    assert {"signing_key_is_known", "static_files_are_collected", "proxy_is_plausible"} <= names


def test_kernel_that_confines_nothing_is_said(settings, monkeypatch):
    settings.PRODUCTION = True
    for version, faults in ((7, 0), (-1, 1)):
        monkeypatch.setattr(sandbox, "_version", lambda version=version: version)
        assert len(said("hdh.W034", "worker")) == faults
