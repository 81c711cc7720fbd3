"""What a candidate reads once nothing can be written any more: what counts, what was decided, nothing to mend."""

import hashlib
import re

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import save_answers, withdraw_application
from applications.dossier.actions.letters import open_letter
from applications.dossier.emails import withdrawal
from applications.models import Notice
from hdh_portal.records import tasks
from hdh_portal.records.models import JournalEntry, Message
from tests.applications.officers import conclude, make_ready, refused_point, words
from tests.applications.release.test_release import LATER, release
from tests.factories import CLOSED, OPEN, deposit, make_deposited, make_draft, owner_of, paris, pdf_upload, the_call
from tests.jury.makers import NOTIFIED, shortlisted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AFTER = paris(2020, 6, 1, 12, 0, 25)
DEPOSITED = paris(2020, 6, 1, 11, 52, 3)


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


@pytest.fixture
def read(client, now_is):
    """A page of a dossier, as its owner reads it at an instant."""

    def opened(application, name, *more, at=AFTER):
        now_is(at)
        client.force_login(owner_of(application))
        return client.get(url(name, application, *more))

    return opened


def typeable(html):
    """Fields of the page's main part that a person could type in or choose."""
    fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", html.split("<main")[1])
    return [one for one in fields if not re.search(r'type="hidden"|readonly|disabled', one)]


def sections(application):
    return [section.key for section in application.call.section_set.all()]


# After the closing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_draft, make_deposited])
def test_closed_dossier_has_no_field_to_type_in_and_asks_for_nothing(read, make):
    application = make(team="Trois personnes.")
    for name, more in [
        ("application_detail", []),
        ("application_review", []),
        *(("section_edit", [k]) for k in sections(application)),
    ]:
        page = read(application, name, *more)
        html = page.content.decode()
        assert typeable(html) == [], (name, more)
        asked = (
            "Ce qu’il y manque",
            "à corriger",
            "attendue",
            "Vérifier et déposer",
            "Déposer le dossier",
            "Compléter",
        )
        assert [word for word in asked if word in words(page)] == [], (name, more)
    assert "Trois personnes." in words(read(application, "section_edit", "method"))


def test_withdrawn_dossier_has_no_field_to_type_in_while_the_call_is_open(read):
    application = make_deposited(at=OPEN)
    withdraw_application(application, by=owner_of(application), at=OPEN)
    for key in sections(application):
        page = read(application, "section_edit", key, at=OPEN)
        assert typeable(page.content.decode()) == [], key
        assert "Ce dossier est retiré" in words(page)


def test_what_counts_is_said_first_where_a_deposit_comes_too_late(client, read, now_is):
    application = make_deposited(at=DEPOSITED)
    save_answers(application, {"title": "Autre titre"}, by=owner_of(application), at=paris(2020, 6, 1, 11, 59))
    said = words(read(application, "application_detail"))
    assert "Votre version 1, déposée le lundi 1 er juin 2020 à 11:52:03, compte." in said
    page = client.post(url("application_submit", application), {"digest": "0" * 64})
    alert = page.content.decode().split('role="alert"')[1].split("</div>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", alert.split(">", 1)[1]).replace("\u00a0", " ").split())
    assert said.startswith("Votre version 1, déposée le lundi 1er juin 2020 à 11:52:03, compte.")
    assert "La clôture est passée depuis 25 s." in said


def test_what_was_typed_too_late_is_given_back_to_copy_and_what_counts_is_said(client, read):
    application = make_deposited(at=DEPOSITED)
    read(application, "application_detail")
    page = client.post(url("section_save", application, "identity"), {"title": "Trop tard"})
    assert page.status_code == 409
    assert "Trop tard" in page.content.decode()
    assert typeable(page.content.decode()) == []
    assert "Votre version 1, déposée le" in words(page)


def test_file_that_comes_too_late_is_refused_where_no_field_is_left(client, read):
    application = make_deposited(at=DEPOSITED)
    read(application, "application_detail")
    page = client.post(url("attachment_add", application, "financial_annex"), {"file": pdf_upload()})
    html = page.content.decode()
    assert (page.status_code, typeable(html)) == (409, [])
    assert "Votre version 1, déposée le" in words(page) and "#piece-" not in html


def test_draft_that_was_not_deposited_is_never_said_to_count(client, read):
    application = make_draft()
    read(application, "application_detail")
    page = client.post(url("application_submit", application), {"digest": "0" * 64})
    assert "compte." not in words(page)
    assert "Votre brouillon reste lisible" in words(page)


# Withdrawn ----------------------------------------------------------------------------------------------------------


def test_receipt_of_a_withdrawn_dossier_says_so_and_when(read):
    application = make_deposited()
    withdraw_application(application, by=owner_of(application), at=paris(2020, 5, 30, 11, 5, 9))
    page = read(application, "submission_receipt", 1, at=CLOSED)
    said = words(page)
    assert "Récépissé d’un dossier retiré" in said
    assert "Ce dossier a été retiré le samedi 30 mai 2020 à 11:05:09." in said
    assert [word for word in ("Votre dossier est déposé", "réputée rejetée", "annoncera") if word in said] == []


def test_withdrawal_is_confirmed_by_mail_to_every_member(mailoutbox):
    application = make_deposited()
    owner = owner_of(application)
    withdraw_application(application, by=owner, at=paris(2020, 5, 30, 11, 5, 9))
    message = Message.objects.get(renderer="withdrawal_mail")
    tasks.send_message(message.pk)
    letter = mailoutbox[-1]
    assert (letter.to, letter.subject) == ([owner.email], f"Votre dossier {application.reference} est retiré")
    text = " ".join(letter.body.replace("\u00a0", " ").split())
    assert f"a été retiré le samedi 30 mai 2020 à 11:05:09 (heure de Paris) par {owner}" in text


def test_mail_of_a_withdrawal_tells_of_its_own_line_whatever_came_after():
    application = make_draft()
    withdraw_application(application, by=owner_of(application), at=OPEN)
    line = JournalEntry.objects.get(verb="application_withdrawn")
    assert "n’avait pas été déposé" in withdrawal(line.pk).text.replace("\n", " ")


# Decided ------------------------------------------------------------------------------------------------------------


def test_reasons_stand_on_the_page_and_nothing_is_missing_any_more(read):
    call = the_call()
    bad = make_deposited(call)
    for body in range(len(call.checking_bodies)):
        conclude(bad, make_ready(call, body=body), refuse=[refused_point(bad)], reason="Il manque la lettre d’AUDITIA.")
    release(call, [make_ready(call, power="manager", body=body) for body in (0, 1)])
    notice = bad.notices.get()
    tasks.render_document(notice.document_id)
    open_letter(notice, by=owner_of(bad), at=LATER)
    page = read(bad, "application_detail", at=LATER)
    assert "Il manque la lettre d’AUDITIA." in words(page)
    assert "Ce qu’il y manque" not in words(page)
    assert "réputée rejetée" not in words(read(bad, "submission_receipt", 1, at=LATER))


def test_letter_is_opened_first_and_its_reasons_are_read_from_then_on(read):
    """A decision is notified by the opening of its letter: nothing on the page notifies it before."""
    call = the_call()
    bad = make_deposited(call)
    for body in range(len(call.checking_bodies)):
        conclude(bad, make_ready(call, body=body), refuse=[refused_point(bad)], reason="Il manque la lettre d’AUDITIA.")
    release(call, [make_ready(call, power="manager", body=body) for body in (0, 1)])
    notice = bad.notices.get()
    tasks.render_document(notice.document_id)
    page = read(bad, "application_detail", at=LATER)
    html, text = page.content.decode(), words(page)
    assert "Il manque la lettre d’AUDITIA." not in text
    assert text.index("À faire ensuite : ouvrir le courrier de la décision") < text.index(notice.text)
    assert html.count(url("notice_open", bad, notice.pk)) == 1
    open_letter(notice, by=owner_of(bad), at=LATER)
    page = read(bad, "application_detail", at=LATER)
    assert "Il manque la lettre d’AUDITIA." in words(page)
    assert page.content.decode().count("Relire le courrier (PDF)") == 1


def test_only_the_newest_news_is_said_as_such_and_earlier_ones_say_when_they_were_written(read):
    [application] = shortlisted(1)
    earlier, newest = (application.notices.get(kind=kind) for kind in ("admissibility", "shortlist"))
    html = read(application, "application_detail", at=NOTIFIED).content.decode()
    assert f"<strong>{newest.text}</strong>" in html and f"<strong>{earlier.text}</strong>" not in html
    assert html.index("Écrit le ") < html.index(earlier.text)


def test_main_button_under_a_new_decision_is_never_the_letter_of_an_older_one(read):
    [application] = shortlisted(1)
    older = Notice.objects.get(application=application, kind="admissibility")
    newer = Notice.objects.get(application=application, kind="shortlist")
    tasks.render_document(older.document_id)
    page = read(application, "application_detail", at=NOTIFIED).content.decode()
    assert "courriers" not in main_part(page)
    assert "Le courrier de cette décision est en préparation" in page
    tasks.render_document(newer.document_id)
    page = read(application, "application_detail", at=NOTIFIED).content.decode()
    assert url("notice_open", application, newer.pk) in main_part(page)
    assert url("notice_open", application, older.pk) not in main_part(page)


def main_part(html):
    """The block of the one next thing to do."""
    return html.split('class="next"')[1].split("<section")[0]


# Proof --------------------------------------------------------------------------------------------------------------


def test_receipt_gives_the_day_of_the_implied_rejection(read):
    page = read(make_deposited(), "submission_receipt", 1)
    assert "Sans réponse au samedi 1 er août 2020, votre demande est réputée rejetée." in words(page)


def test_sealed_answers_have_the_digest_of_the_receipt(read):
    application = make_draft()
    submission = deposit(application)
    answer = read(application, "submission_answers_file", 1)
    assert hashlib.sha256(answer.content).hexdigest() == submission.digest
    assert answer["Content-Disposition"] == f'attachment; filename="reponses-{application.reference}-v1.json"'
    assert url("submission_answers_file", application, 1) in read(application, "submission_receipt", 1).content.decode()
