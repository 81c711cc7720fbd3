"""The sweep of the disk: bytes of uploads, rows of uploads, and the command that only looks."""

import datetime
import os

import pytest
from django.core.management import call_command

from applications.models import Upload
from hdh_portal.ground import clock
from hdh_portal.operations import sweeping
from tests.applications.dossier.test_judging import receive
from tests.factories import deposit, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_folders(data_dir):
    """No file of another test."""
    for path in [*(data_dir / "files").glob("*/*"), *(data_dir / "uploads").glob("*")]:
        path.unlink()


def aged(*paths):
    """Last written the day before yesterday."""
    then = (clock.real() - datetime.timedelta(days=2)).timestamp()
    for path in paths:
        os.utime(path, (then, then))


def test_what_a_draft_a_version_or_a_running_upload_names_stays(data_dir):
    application = make_draft()
    deposit(application)
    upload = receive(application)
    sealed = {file.file.path for file in application.last_submission().files.all()}
    joined = {one.file.path for one in application.attachments.all()}
    aged(upload.path, *sealed, *joined)
    assert sweeping.sweep(clock.real()) == []
    application.attachments.all().delete()
    assert sweeping.sweep(clock.real()) == []
    assert all(path.exists() for path in (upload.path, *sealed))


def test_bytes_that_no_upload_names_go_after_a_day(data_dir):
    receive(make_draft())
    left = data_dir / "uploads" / "of-a-killed-process"
    left.write_bytes(b"half")
    assert sweeping.sweep(clock.real()) == []
    aged(left)
    assert (sweeping.sweep(clock.real()), left.exists()) == ([left], False)


def test_rows_of_settled_uploads_go_and_a_refusal_stands_a_month():
    first, second, third = (receive(make_draft()) for _n in range(3))
    at = clock.real()
    Upload.objects.filter(pk=first.pk).update(state="joined", settled_at=at)
    Upload.objects.filter(pk=second.pk).update(state="refused", sentence="Refusé.", settled_at=at)
    rows = Upload.objects.filter(pk__in=[first.pk, second.pk, third.pk])
    left = []
    for days in (0, 2, 31):
        sweeping.sweep(at + datetime.timedelta(days=days))
        left.append(set(rows.values_list("pk", flat=True)))
    assert left == [{first.pk, second.pk, third.pk}, {second.pk, third.pk}, {third.pk}]


def test_command_names_what_it_would_delete_and_deletes_it_only_then(data_dir, capsys):
    left = data_dir / "uploads" / "of-a-killed-process"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    aged(left)
    call_command("sweep_files", "--dry-run")
    said = capsys.readouterr().out
    assert (f"{left} : 4" in said, "1\u00a0fichier à effacer." in said, left.exists()) == (True, True, True)
    call_command("sweep_files")
    assert ("1\u00a0fichier effacé." in capsys.readouterr().out, left.exists()) == (True, False)
