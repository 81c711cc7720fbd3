"""The drill: a portal that is lost is made again elsewhere, and what its backup does not hold is named."""

import json
import os
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from applications.dossier.actions.uploading import attach_file
from hdh_portal.operations.backup import making, restoring, sealing, store
from tests.factories import OPEN, deposit, make_draft, owner_of, pdf_upload
from tests.portal.test_service import ROOT, database_url, environ

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "une phrase que personne ne devine"


@pytest.fixture(autouse=True)
def passphrase(tmp_path, monkeypatch):
    """The passphrase of the keys, in a file of its own."""
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    monkeypatch.setenv("HDH_BACKUP_PASSPHRASE_FILE", str(path))
    return path


@pytest.fixture
def elsewhere(tmp_path):
    """`{variable: value}` of another machine: an empty database and an empty data folder."""
    data = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": f"sqlite:///{data / 'portal.sqlite3'}", "HDH_DATA_DIR": str(data)}
        return
    url = urlsplit(database_url())
    name = f"{connection.settings_dict['NAME']}_drill"
    statements = [f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"]
    _administer(statements)
    yield {"DATABASE_URL": url._replace(path=f"/{name}").geturl(), "HDH_DATA_DIR": str(data)}
    _administer(statements[:1])


def make_deposited():
    """A dossier with an annex, deposited."""
    application = make_draft()
    question = application.call.questions.get(key="commitment_letters")
    attach_file(application, question, pdf_upload(), by=owner_of(application), at=OPEN)
    deposit(application)
    return application


def _administer(statements):
    told = connection.settings_dict
    where = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with closing(psycopg2.connect(dbname="postgres", **where)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def run(*command, **variables):
    """A command as an operator types it."""
    return subprocess.run(command, cwd=ROOT, env=environ(**variables), capture_output=True, text=True, timeout=120)


def manage(*arguments, **variables):
    return run(sys.executable, "manage.py", *arguments, **variables)


def receipt_file(submission, folder):
    path = folder / f"recepisse-{submission.pk}.json"
    path.write_bytes(bytes(submission.receipt))
    return str(path)


def back_up(folder, **options):
    """A backup made in this process; returns its folder."""
    call_command("backup", folder, verbosity=0, **options)
    return making.wholes(folder)[-1]


def test_portal_is_restored_elsewhere_and_a_receipt_given_after_the_dump_is_named(tmp_path, elsewhere, record_property):
    backups = tmp_path / "backups"
    early = [make_deposited().last_submission() for _n in range(3)]
    counts = {model._meta.db_table: model.objects.count() for model in apps.get_models()}
    made = run("make", "--silent", "backup", f"TO={backups}", f"KEYS={tmp_path / 'keys'}")
    assert made.returncode == 0, made.stderr
    late = deposit(make_draft())

    backup = making.wholes(backups)[0]
    rows = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))["rows"]
    assert {name: rows[name] for name in counts} == counts
    opened = run(sys.executable, "-m", "hdh_portal.operations.backup.sealing", str(next((tmp_path / "keys").iterdir())))
    keys = dict(line.split("=", 1) for line in opened.stdout.splitlines())
    restored = run("make", "--silent", "restore", f"FROM={backup}", **elsewhere, **keys)
    assert restored.returncode == 0, restored.stderr
    assert "Le journal est entier." in restored.stdout and "\nRTO " in restored.stdout
    record_property("RTO", restored.stdout.partition("\nRTO ")[2].split("\n")[0])

    files = [receipt_file(submission, tmp_path) for submission in early]
    held = manage("verify_journal", "--receipt", *files, **elsewhere, **keys)
    assert (held.returncode, held.stdout.count("Ce récépissé est authentique")) == (0, 3), held.stderr
    lost = manage("verify_journal", "--receipt", receipt_file(late, tmp_path), **elsewhere, **keys)
    reference = late.application.reference
    assert lost.returncode == 1
    assert f"Ce récépissé est authentique\u00a0: dossier {reference}, version 1" in lost.stdout
    assert f"Le portail n’a pas de version 1 du dossier {reference}." in lost.stderr


def test_portal_that_is_not_empty_is_left_alone_unless_told(tmp_path, elsewhere):
    make_deposited()
    backup = back_up(tmp_path / "backups")
    assert manage("restore", str(backup), **elsewhere).returncode == 0
    again = manage("restore", str(backup), **elsewhere)
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    assert manage("restore", str(backup), "--overwrite", **elsewhere).returncode == 0


@pytest.mark.parametrize("part", ["database", "files.txt", "a file", "manifest.json"])
def test_torn_backup_is_refused_before_anything_is_touched(part, tmp_path):
    make_deposited()
    backup = back_up(tmp_path / "backups")
    sha256 = next(making.listed(backup))[0]
    named = {"database": next(backup.glob("database.*")), "a file": store.place(backup.parent, sha256)}
    path = named.get(part) or backup / part
    content = path.read_bytes()
    path.write_bytes(content[:-3])
    with pytest.raises(CommandError, match=r"manifest|has changed|changed since"):
        restoring.manifest_of(backup)
    path.write_bytes(content)
    assert restoring.manifest_of(backup)["rows"]["applications_submission"] == 1


def test_half_made_backup_is_no_backup_and_is_cleared_away(tmp_path):
    make_deposited()
    backups = tmp_path / "backups"
    (backups / ".new-20260101T000000Z").mkdir(parents=True)
    (backups / ".new-20260101T000000Z" / "manifest.json").write_text("{}", encoding="utf-8")
    assert making.wholes(backups) == []
    whole = back_up(backups)
    assert {path.name for path in backups.iterdir()} == {".lock", "files", "keys", whole.name}


def test_keys_are_nowhere_in_clear_and_open_with_the_passphrase_alone(tmp_path):
    backups = tmp_path / "backups"
    back_up(backups)
    content = {path: path.read_bytes() for path in backups.rglob("*") if path.is_file()}
    for secret in (settings.SECRET_KEY, settings.HDH_SIGNING_KEY, PASSPHRASE):
        assert [path for path, bytes_ in content.items() if secret.encode() in bytes_] == []
    [path] = (backups / "keys").iterdir()
    assert sealing.open_sealed(path.read_bytes(), PASSPHRASE)["HDH_SIGNING_KEY"] == settings.HDH_SIGNING_KEY
    changed = path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1])
    for sealed, phrase in ((path.read_bytes(), "une autre phrase, aussi longue"), (changed, PASSPHRASE)):
        with pytest.raises(sealing.CannotOpen):
            sealing.open_sealed(sealed, phrase)
    assert path.stat().st_mode & 0o077 == 0


def test_short_passphrase_is_refused_and_nothing_is_made(tmp_path, passphrase):
    passphrase.write_text("court", encoding="utf-8")
    with pytest.raises(CommandError, match="16 characters"):
        back_up(tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_files_are_copied_once_and_dropped_with_the_last_backup_that_names_them(tmp_path, monkeypatch):
    backups = tmp_path / "backups"
    monkeypatch.setattr(making, "NAME", "%Y%m%dT%H%M%S.%fZ")  # Two backups within one second of the test.
    make_deposited()
    first = back_up(backups)
    [sha256] = [name for name, _size in making.listed(first)]
    inode = store.place(backups, sha256).stat().st_ino
    second = back_up(backups)
    assert store.place(backups, sha256).stat().st_ino == inode
    (second / "files.txt").write_text("", encoding="ascii")
    assert making.drop_older(backups, backups / "keys", 1) == [first]
    assert making.wholes(backups) == [second]
    assert not store.place(backups, sha256).exists()
    assert len(list((backups / "keys").iterdir())) == 1


def test_file_that_the_portal_lost_is_named_and_the_rest_is_kept(tmp_path):
    application = make_deposited()
    stored = application.last_submission().files.first().file
    content = stored.path.read_bytes()
    stored.path.write_bytes(content + b"%")
    try:
        with pytest.raises(CommandError, match=stored.sha256):
            back_up(tmp_path / "backups")
    finally:
        stored.path.write_bytes(content)
    [backup] = making.wholes(tmp_path / "backups")
    assert restoring.manifest_of(backup)["files"]["missing"] == [stored.sha256]


def test_second_backup_at_the_same_time_is_refused(tmp_path):
    with making._alone(tmp_path), pytest.raises(CommandError, match="Another backup"):
        back_up(tmp_path)


def test_environment_of_a_child_names_the_test_database():
    """A drill that reached another database than that of the tests would prove nothing."""
    assert str(connection.settings_dict["NAME"]) in database_url()
    assert os.environ["DATABASE_URL" if connection.vendor == "postgresql" else "HDH_DATA_DIR"]
