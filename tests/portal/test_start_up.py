"""Start-up refuses a database that may lose what it acknowledged; `verify_journal` names what was tampered with."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection, connections

from applications.dossier.actions.uploading import attach_file
from applications.models import Submission
from hdh_portal.records import append_only
from hdh_portal.records.models import JournalEntry
from tests.factories import OPEN, PDF, make_deposited, make_draft, owner_of, pdf_upload
from tests.portal.test_service import ROOT, environ

pytestmark = pytest.mark.django_db


def drop(table):
    """Drop the triggers of a table, as somebody with the database's password would; returns their names."""
    names = sorted(append_only.names(table, ("UPDATE", "DELETE"), connection.vendor))
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor != "sqlite" else ""))
    return names


def check():
    """What the start-up check of the database says, or nothing."""
    try:
        call_command("check", tags=["database"], databases=["default"])
    except SystemCheckError as error:
        return str(error)
    return ""


def test_start_up_accepts_a_whole_database():
    assert check() == ""


@pytest.mark.parametrize("table", ["records_journalentry", "records_attempt", "applications_submission"])
def test_start_up_and_verification_name_a_missing_trigger(table):
    names = drop(table)
    said = check()
    assert [name for name in names if f"(hdh.E010) The trigger {name} is missing." not in said] == []
    with pytest.raises(CommandError) as found:
        call_command("verify_journal")
    assert str(found.value).splitlines() == [f"Le déclencheur {name} manque." for name in names]


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_start_up_refuses_a_file_database_that_does_not_wait_for_the_disk():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            assert "(hdh.E011)" in check()
        finally:
            cursor.execute("PRAGMA synchronous=FULL")


@pytest.mark.service
def test_start_up_refuses_a_connection_that_does_not_wait_for_the_disk():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "(hdh.E011)" in check()


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_start_up_refuses_a_server_that_does_not_wait_for_the_disk():
    """The command itself, on a database whose owner turned it off."""

    def status():
        command = [sys.executable, "manage.py", "check", "--database", "default"]
        run = subprocess.run(command, cwd=ROOT, env=environ(), capture_output=True, text=True, timeout=60)
        return run.returncode, "hdh.E011" in run.stderr

    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    assert status() == (0, False)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            assert status() == (1, True)
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET synchronous_commit")
    connections.close_all()


# Tampering, each kind named by the command ---------------------------------------------------------------------------


def flip_a_bit(submission):
    entry = submission.entry
    data = entry.data | {"digest": entry.data["digest"][:-1] + ("0" if entry.data["digest"][-1] != "0" else "1")}
    JournalEntry.objects.filter(pk=entry.pk).update(data=data)
    return [
        f"{entry.chain.name}\u00a0: le contenu de la ligne {entry.position} a changé.",
        f"{submission.application.reference} v1\u00a0: l’empreinte du dépôt n’est pas celle de sa ligne de journal.",
    ]


def drop_the_last_lines(submission):
    chain = submission.entry.chain
    last = list(chain.entries.order_by("-position")[:2])
    for entry in last:
        entry.delete()
    told = chain.length
    return [f"{chain.name}\u00a0: la tête annonce {told} lignes, le journal en compte {told - 2}."]


def reorder(submission):
    chain = submission.entry.chain
    last, before = chain.entries.order_by("-position")[:2]
    places = last.position, before.position
    for entry, place in ((last, 10_000), (before, places[0]), (last, places[1])):
        JournalEntry.objects.filter(pk=entry.pk).update(position=place)
    low, high = places[1], places[0]
    return [
        f"{chain.name}\u00a0: la ligne {low} ne suit pas la ligne précédente.",
        f"{chain.name}\u00a0: le contenu de la ligne {low} a changé.",
        f"{chain.name}\u00a0: la ligne {high} ne suit pas la ligne précédente.",
        f"{chain.name}\u00a0: le contenu de la ligne {high} a changé.",
        f"{chain.name}\u00a0: la tête annonce {high} lignes, le journal en compte {high}.",
    ]


def forge_a_receipt(submission):
    forged = bytes(submission.receipt).replace(b'"version":1', b'"version":2')
    Submission.objects.filter(pk=submission.pk).update(receipt=forged)
    return [f"{submission.application.reference} v1\u00a0: Le numéro de version a changé depuis la signature."]


@pytest.mark.parametrize("tamper", [flip_a_bit, drop_the_last_lines, reorder, forge_a_receipt])
def test_verification_names_what_was_tampered_with(tamper):
    submission = make_deposited().last_submission()
    make_draft()
    make_draft()
    submission.entry.chain.refresh_from_db()
    dropped = drop("records_journalentry") + drop("applications_submission")
    faults = tamper(submission)
    with pytest.raises(CommandError) as found:
        call_command("verify_journal")
    said = str(found.value).splitlines()
    assert sorted(said) == sorted([f"Le déclencheur {name} manque." for name in dropped] + faults)


def test_verification_names_a_file_in_the_place_of_another():
    application = make_draft()
    question = application.call.questions.filter(type="file").last()
    for number in (1, 2):
        content = PDF.replace(b"200 200", b"200 21%d" % number)
        attach_file(application, question, pdf_upload(content=content), by=owner_of(application), at=OPEN)
    first, second = (attachment.file for attachment in application.attachments.select_related("file"))
    kept = first.path.read_bytes()
    first.path.write_bytes(second.path.read_bytes())
    try:
        with pytest.raises(CommandError) as found:
            call_command("verify_journal")
    finally:
        first.path.write_bytes(kept)
    assert str(found.value) == f"Le fichier {first.sha256} a changé."
