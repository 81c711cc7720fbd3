"""What proves: published heads, verification that names each fault, and receipts held against the journal."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from applications.dossier.actions.uploading import attach_file
from applications.evidence import receipts, verification
from applications.models import PublishedHead, SubmissionBody
from applications.tasks import publish_heads
from hdh_portal.records import append_only, journal
from hdh_portal.records.canonical import canonical
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from tests.factories import OPEN, deposit, make_deposited, make_draft, owner_of, paris, pdf_upload, the_call

pytestmark = pytest.mark.django_db
CLOSING = paris(2020, 6, 1, 12)


def test_whole_journal_has_no_fault():
    make_deposited()
    assert list(verification.faults()) == []


def test_changed_line_is_named(unguarded, faults):
    entry = make_deposited().last_submission().entry
    unguarded("records_journalentry")
    JournalEntry.objects.filter(pk=entry.pk).update(verb="application_withdrawn")
    chain = entry.chain
    assert faults() == [f"{chain.name}\u00a0: le contenu de la ligne {entry.position} a changé."]


@pytest.mark.parametrize(("back", "is_named"), [(1.9, False), (2.1, True)])
def test_line_written_before_its_predecessor_is_named_and_logged(now_is, capsys, caplog, back, is_named):
    call, now = the_call(), paris(2020, 5, 29, 9, 12)
    now_is(now)
    journal.append(call.chain_id, "test", by=None, at=now)
    now_is(now - datetime.timedelta(seconds=back))
    line = journal.append(call.chain_id, "test", by=None, at=now)
    call_command("verify_journal")
    said = f"À noter\u00a0: {call.chain.name}\u00a0: l’horloge recule de 2 s à la ligne {line.position}."
    logged = f"the journal runs backwards: chain {call.chain_id}, line {line.position}"
    assert (said in capsys.readouterr().out, logged in caplog.text) == (is_named, is_named)


def test_clock_of_the_demonstration_may_go_back(now_is, caplog, settings):
    settings.HDH_DEMO = True
    call = the_call()
    now_is(paris(2020, 5, 29, 9, 12))
    journal.append(call.chain_id, "test", by=None, at=OPEN)
    now_is(paris(2020, 5, 28, 9, 12))
    journal.append(call.chain_id, "test", by=None, at=OPEN)
    assert (list(journal.backwards(call.chain)), "backwards" in caplog.text) == ([], False)


def test_dropped_last_line_is_named(unguarded, faults):
    application = make_draft()
    chain = application.call.chain
    unguarded("records_journalentry")
    chain.entries.order_by("-position").first().delete()
    chain.refresh_from_db()
    found = faults()
    assert found == [
        f"{chain.name}\u00a0: la tête annonce {chain.length} lignes, le journal en compte {chain.length - 1}."
    ]


def test_dropped_trigger_is_named(unguarded):
    unguarded("records_attempt")
    names = append_only.names("records_attempt", ("UPDATE", "DELETE"), connection.vendor)
    assert sorted(verification.faults()) == sorted(f"Le déclencheur {name} manque." for name in names)


def test_changed_body_is_named(unguarded, faults):
    submission = make_deposited().last_submission()
    unguarded("applications_submissionbody")
    body = submission.body.canonical.replace("Ovélia", "Ovelia")
    SubmissionBody.objects.filter(submission=submission).update(canonical=body)
    name = f"{submission.application.reference} v1"
    assert faults() == [f"{name}\u00a0: le contenu scellé a changé."]


def test_swapped_file_is_named():
    application = make_draft()
    question = application.call.questions.get(key="commitment_letters")
    attachment = attach_file(application, question, pdf_upload(), by=owner_of(application), at=OPEN)
    path, content = attachment.file.path, attachment.file.path.read_bytes()
    path.write_bytes(content + b"%")
    try:
        assert list(verification.faults()) == [f"Le fichier {attachment.file.sha256} a changé."]
    finally:
        path.write_bytes(content)


def test_head_is_published_ten_minutes_after_closing_and_once(now_is):
    call = the_call()
    with pytest.raises(Refused):
        deposit(make_draft(), at=CLOSING)
    now_is(CLOSING + datetime.timedelta(minutes=9))
    publish_heads()
    assert not PublishedHead.objects.filter(call=call).exists()
    now_is(CLOSING + datetime.timedelta(minutes=10))
    publish_heads()
    publish_heads()
    head = PublishedHead.objects.get(call=call)
    call.chain.refresh_from_db()
    assert (head.occasion, head.attempts, head.head) == ("closing 2020-06-01T12:00", 1, call.chain.head)
    assert head.length == call.chain.length


def test_attempts_added_or_lost_after_publication_are_named(now_is, unguarded, faults):
    call = the_call()
    with pytest.raises(Refused) as refusal:
        deposit(make_draft(), at=CLOSING)
    now_is(CLOSING + datetime.timedelta(minutes=10))
    publish_heads()
    unguarded("records_attempt")
    call.chain.attempts.filter(reference=refusal.value.reference).delete()
    assert faults() == [
        f"{call.slug}\u00a0: les tentatives refusées ne sont plus celles de «\u202fclosing 2020-06-01T12:00\u202f»."
    ]


def test_receipt_command_says_authentic_and_names_the_forged_field(tmp_path, capsys):
    submission = make_deposited().last_submission()
    path = tmp_path / "recepisse.json"
    path.write_bytes(bytes(submission.receipt))
    call_command("verify_receipt", str(path))
    assert "Récépissé authentique" in capsys.readouterr().out
    path.write_bytes(bytes(submission.receipt).replace(b'"version":1', b'"version":2'))
    with pytest.raises(CommandError) as error:
        call_command("verify_receipt", str(path))
    assert "version" in str(error.value)


def test_journal_command_holds_a_receipt_against_its_line(tmp_path, capsys):
    submission = make_deposited().last_submission()
    path = tmp_path / "recepisse.json"
    path.write_bytes(bytes(submission.receipt))
    call_command("verify_journal", receipt=[path])
    assert capsys.readouterr().out.endswith("Le journal est entier.\n")


def test_receipt_of_a_lost_deposit_is_named():
    receipt = receipts.verdict(bytes(make_deposited().last_submission().receipt)).receipt
    told = receipt | {"reference": "AAP-2020-0000"}
    assert receipts.against_journal(told) == ["Le portail n’a pas de version 1 du dossier AAP-2020-0000."]


def test_verification_of_a_chain_finds_a_reordering(unguarded):
    chain = make_deposited().call.chain
    unguarded("records_journalentry")
    first, second = chain.entries.order_by("-position")[:2]
    top = first.position
    JournalEntry.objects.filter(pk=first.pk).update(position=10_000)
    JournalEntry.objects.filter(pk=second.pk).update(position=top)
    JournalEntry.objects.filter(pk=first.pk).update(position=top - 1)
    assert any("ne suit pas" in fault for fault in journal.verify(chain))


@pytest.mark.embedded
def test_every_field_of_a_receipt_is_named_in_french_where_it_was_forged_or_taken_out():
    signed = json.loads(bytes(make_deposited().last_submission().receipt))
    fields = signed["receipt"]
    assert set(fields) == set(receipts.FIELDS)
    for name in fields:
        forged = receipts.verdict(canonical(signed | {"receipt": fields | {name: "autre"}})).faults
        bare = {field: value for field, value in fields.items() if field != name}
        missing = receipts.verdict(canonical(signed | {"receipt": bare})).faults
        said = receipts.FIELDS[name]
        assert forged == [f"{said} a changé depuis la signature."]
        assert missing == [f"{said} ne figure plus dans le récépissé."]
        assert "_" not in said and said[0].isupper()
    assert receipts.FIELDS["arrived_at"] == "L’heure d’arrivée"


@pytest.mark.embedded
def test_field_that_nobody_signs_is_called_by_its_name():
    signed = json.loads(bytes(make_deposited().last_submission().receipt))
    faults = receipts.verdict(canonical(signed | {"receipt": signed["receipt"] | {"rank": 1}})).faults
    assert faults == ["Le champ «\u202frank\u202f» a été modifié."]
