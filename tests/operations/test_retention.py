"""What is due is shown, then disposed of on a list that stays; what is held, proved or not due is left alone."""

import csv
import datetime
import io
import os
import time

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.dossier.actions.holds import lift_hold, place_hold
from applications.dossier.actions.uploading import attach_file
from applications.dossier.disposal import erase_files
from applications.evidence import receipts, verification
from applications.models import Answer, Application, Disposal, Notice, SubmissionBody
from hdh_portal.accounts.closing import close_account
from hdh_portal.accounts.models import Invitation, User
from hdh_portal.desk import invitations
from hdh_portal.ground import clock
from hdh_portal.operations.retention.disposing import dispose
from hdh_portal.operations.retention.due import due
from hdh_portal.records import journal, periods
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Message, StoredFile
from tests.factories import (
    OPEN,
    PDF,
    ROOT,
    deposit,
    make_draft,
    make_officer,
    make_user,
    owner_of,
    paris,
    pdf_upload,
    the_call,
)

pytestmark = pytest.mark.django_db
DECIDED = paris(2020, 6, 20, 10)
LATER = paris(2022, 9, 1, 9)  # two years and two months after every decision of 2020
VISA = "AD75 2022-31"


def make_deposited(content=None):
    application = make_draft()
    question = application.call.questions.get(key="commitment_letters")
    attach_file(application, question, pdf_upload(content=content), by=owner_of(application), at=OPEN)
    deposit(application)
    application.refresh_from_db()
    return application


def make_refused(content=None):
    """A dossier that was told, long ago, that it is not admissible."""
    application = make_deposited(content)
    Application.objects.filter(pk=application.pk).update(state="inadmissible")
    Notice.objects.create(application=application, kind="admissibility", text="Non.", at=DECIDED)
    application.refresh_from_db()
    return application


def references(key, at=LATER):
    return [row.reference for row in due(at)[key]]


def do(count, at=LATER, visa=VISA):
    return dispose(journal.portal_chain(), count=count, visa=visa, by=None, at=at)


def lines(disposal):
    with disposal.file.open() as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig")), delimiter=";"))


def months_after(instant, months):
    return periods.months_before(instant, -months)


# The table ---------------------------------------------------------------------------------------------------------


def test_documents_and_page_say_the_table(client, capsys):
    call_command("retention", "--table")
    assert capsys.readouterr().out in (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    page = client.get(reverse("desk:personal_data")).text
    for kind in periods.KINDS:
        assert kind.period[1:] in page and kind.label[1:] in page


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert periods.months_before(paris(2020, 8, 31, 9), 6) == paris(2020, 2, 29, 9)
    assert periods.months_before(paris(2020, 1, 15, 9), 24) == paris(2018, 1, 15, 9)


# What is due -------------------------------------------------------------------------------------------------------


def test_drafts_are_due_six_months_after_the_closing_withdrawn_ones_too():
    draft, withdrawn = make_draft(), make_draft()
    withdraw_application(withdrawn, by=owner_of(withdrawn), at=OPEN)
    closing = the_call().submission.closes_at
    assert references("draft", months_after(closing, 6) - datetime.timedelta(seconds=1)) == []
    assert references("draft", months_after(closing, 6)) == [draft.reference, withdrawn.reference]


def test_dossier_is_due_two_years_after_its_decision_is_final():
    application = make_refused()
    assert references("dossier", months_after(DECIDED, 26) - datetime.timedelta(seconds=1)) == []
    assert references("dossier", months_after(DECIDED, 26)) == [application.reference]


@pytest.mark.parametrize("state", ["submitted", "admissible", "shortlisted", "laureate"])
def test_dossier_without_a_decision_and_that_of_a_laureate_are_never_due(state):
    Application.objects.filter(pk=make_refused().pk).update(state=state)
    assert references("dossier", paris(2040, 1, 1, 9)) == []


def test_withdrawn_deposit_counts_from_the_closing():
    application = make_deposited()
    withdraw_application(application, by=owner_of(application), at=OPEN)
    assert references("dossier", months_after(the_call().submission.closes_at, 26)) == [application.reference]


def test_held_dossiers_are_never_due_until_the_hold_is_lifted():
    held = [make_refused(), make_draft()]
    for application in held:
        place_hold(application, reason="Recours devant le tribunal administratif", by=None, at=DECIDED)
    assert (references("dossier"), references("draft")) == ([], [])
    with pytest.raises(Refused):
        place_hold(held[0], reason="Encore", by=None, at=DECIDED)
    for application in held:
        lift_hold(application, by=None, at=LATER)
    assert (references("dossier"), references("draft")) == ([held[0].reference], [held[1].reference])
    with pytest.raises(Refused):
        lift_hold(held[0], by=None, at=LATER)
    verbs = held[0].call.chain.entries.filter(verb__startswith="hold_").values_list("verb", flat=True)
    assert list(verbs) == ["hold_placed", "hold_placed", "hold_lifted", "hold_lifted"]


# The disposal ------------------------------------------------------------------------------------------------------


def test_content_goes_and_what_proves_stays(faults):
    application = make_refused()
    [submission], receipt = application.submissions.all(), bytes(application.last_submission().receipt)
    disposal = do(1)
    assert not SubmissionBody.objects.filter(submission=submission).exists()
    assert not Answer.objects.filter(application=application).exists()
    assert (submission.files.count(), submission.digest) == (1, receipts.verdict(receipt).receipt["dossier"])
    assert receipts.against_journal(receipts.verdict(receipt).receipt) == []
    assert list(verification.faults()) == []
    assert verification.disposed_sentence() == f"1\u00a0dossier éliminé (bordereau {disposal.pk})."
    assert [row[1] for row in lines(disposal)[2:]] == [application.reference]
    assert lines(disposal)[2][9] == submission.digest
    entry = application.call.chain.entries.last()
    assert (entry.verb, entry.data) == (
        "dossier_disposed",
        {"application": application.reference, "disposal": disposal.pk},
    )
    line = journal.portal_chain().entries.last()
    assert line.data == {"disposal": disposal.pk, "list": disposal.file.sha256, "rows": {"dossier": 1}}
    assert references("dossier") == []


def test_list_bears_no_word_of_a_person():
    application = make_refused()
    with do(1).file.open() as file:
        text = file.read().decode()
    owner = owner_of(application)
    assert not [word for word in (owner.name, owner.email, "Ovélia", "Réponse") if word in text]


def test_bytes_of_annexes_go_once_nothing_else_names_them_and_verification_knows():
    gone, kept = make_refused(content=PDF + b"% un"), make_refused(content=PDF + b"% deux")
    path, shared = (one.last_submission().files.get().file for one in (gone, kept))
    place_hold(kept, reason="Recours", by=None, at=DECIDED)
    do(1)
    assert erase_files() == 0  # Written today: it may be that of an upload under way.
    for stored in (path, shared):
        os.utime(stored.path, (time.time() - 90_000,) * 2)
    assert erase_files() == 1
    assert (path.path.exists(), shared.path.exists()) == (False, True)
    assert list(verification.faults()) == []
    make_deposited(content=PDF + b"% un")  # The same bytes again: they are there, and stay.
    os.utime(path.path, (time.time() - 90_000,) * 2)
    assert erase_files() == 0
    path.path.unlink()
    assert list(verification.faults()) == [f"Le fichier {path.sha256} manque."]
    path.path.write_bytes(PDF + b"% un")


def test_pages_of_a_disposed_dossier_still_open(client):
    application = make_refused()
    do(1)
    client.force_login(owner_of(application))
    for name, args in (("application_detail", []), ("submission_receipt", [1]), ("submission_receipt_file", [1])):
        answer = client.get(reverse(f"applications:{name}", args=[application.reference, *args]))
        assert answer.status_code == 200, name
    assert "a été effacé le" in client.get(application.get_absolute_url()).text
    paper = reverse("applications:submission_dossier_pdf", args=[application.reference, 1])
    assert client.get(paper).status_code == 404


def test_draft_goes_as_a_whole_and_its_line_stays(client):
    application = make_draft()
    owner = owner_of(application)
    disposal = do(1)
    assert not Application.objects.exists()
    entry = the_call().chain.entries.last()
    assert (entry.verb, entry.data["application"]) == ("draft_disposed", application.reference)
    assert lines(disposal)[2][1] == application.reference
    client.force_login(owner)
    assert client.get(reverse("desk:my_space")).status_code == 200
    assert list(verification.faults()) == []


@pytest.mark.parametrize(("count", "visa", "code"), [(2, VISA, "other_count"), (1, "", "no_visa")])
def test_another_count_or_no_visa_does_nothing(count, visa, code):
    make_refused()
    with pytest.raises(Refused) as refusal:
        do(count, visa=visa)
    assert refusal.value.code == code
    assert (SubmissionBody.objects.count(), Disposal.objects.count()) == (1, 0)


def test_nothing_due_is_said():
    with pytest.raises(Refused) as refusal:
        do(0)
    assert refusal.value.code == "nothing_due"


def test_command_shows_before_it_does(now_is, capsys, tmp_path):
    application = make_refused()
    now_is(LATER)
    call_command("retention", "--list", str(tmp_path / "liste.csv"))
    shown = capsys.readouterr().out
    assert application.reference in shown and "1\u00a0élément à éliminer. Rien n’a été fait." in shown
    assert application.reference in (tmp_path / "liste.csv").read_text(encoding="utf-8")
    assert SubmissionBody.objects.exists()
    with pytest.raises(CommandError, match="visa"):
        call_command("retention", "--do", "1")
    call_command("retention", "--do", "1", "--visa", VISA)
    assert "1\u00a0élément éliminé." in capsys.readouterr().out
    call_command("verify_journal")
    assert "1\u00a0dossier éliminé" in capsys.readouterr().out


def test_hold_command_holds_and_lifts(now_is, capsys):
    application = make_refused()
    now_is(LATER)
    call_command("hold", application.reference, "--reason", "Recours gracieux")
    assert references("dossier") == []
    call_command("hold", application.reference, "--lift")
    assert references("dossier") == [application.reference]
    with pytest.raises(CommandError):
        call_command("hold", "AAP-0000", "--lift")


# Traces ------------------------------------------------------------------------------------------------------------


def test_traces_go_when_their_time_has_come_and_not_before():
    user, now = make_user(), clock.real()
    session = UserSession.objects.create(
        user=user, ip="127.0.0.1", user_agent="x", session_key="k", last_seen_at=now - datetime.timedelta(days=400)
    )
    fresh = UserSession.objects.create(user=user, ip="127.0.0.1", user_agent="x", session_key="l", last_seen_at=now)
    unconfirmed = make_user(verified=False, joined_at=now - datetime.timedelta(days=40))
    young = make_user(verified=False)
    long_ago, body = now - datetime.timedelta(days=800), make_officer().body
    offer = invitations.invite(the_call(), email="a@exemple.fr", role="officer", body=body, at=long_ago)
    mail = Message.objects.get()
    Message.objects.filter(pk=mail.pk).update(state="done", queued_at=long_ago)
    closed = make_user("Camille Roche")
    close_account(closed, by=closed, at=now)
    do(4, at=now, visa="")
    assert list(UserSession.objects.all()) == [fresh] and session.pk != fresh.pk
    assert not User.objects.filter(pk=unconfirmed.pk).exists() and User.objects.filter(pk=young.pk).exists()
    assert Invitation.objects.get(pk=offer.pk).email == ""
    assert not Message.objects.filter(pk=mail.pk).exists()
    assert User.objects.get(pk=closed.pk).name == "Camille Roche"


def test_name_of_a_closed_account_goes_after_two_years():
    closed = make_user("Camille Roche")
    close_account(closed, by=closed)
    do(1, at=clock.real() + datetime.timedelta(days=740), visa="")
    assert User.objects.get(pk=closed.pk).name == ""


# What was done by another way is named -----------------------------------------------------------------------------


def test_body_that_is_missing_without_a_list_is_named():
    application = make_deposited()
    SubmissionBody.objects.filter(submission__application=application).delete()
    assert list(verification.faults()) == [
        f"{application.reference} v1\u00a0: le contenu scellé manque, sans bordereau d’élimination."
    ]


def test_list_that_was_swapped_is_named(unguarded, faults):
    make_refused()
    disposal = do(1)
    unguarded("applications_disposal")
    Disposal.objects.filter(pk=disposal.pk).update(file=StoredFile.objects.exclude(pk=disposal.file_id).first())
    assert faults() == [f"Le bordereau d’élimination {disposal.pk} n’est pas celui que nomme le journal."]
