"""Mails: subjects that tell no outcome, lines that fit, no more than the person needs, headers that hold."""

import pytest

from applications.dossier.actions.draft import create_application
from applications.dossier.emails import extension, receipt
from applications.models import DeadlineExtension, Outcome
from applications.release.emails import decision
from hdh_portal.records import tasks
from hdh_portal.records.models import Message
from hdh_portal.web.mails import WIDTH, one_line
from tests.applications.officers import conclude, make_ready, refused_point
from tests.factories import OPEN, make_deposited, make_user, owner_of, paris, siret, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
ARRIVED = paris(2020, 6, 1, 11, 42, 7)
REASON = "Un motif qui ne regarde que le dossier."


@pytest.fixture
def application():
    return make_deposited(acronym="DERMALIA", title="Un titre confidentiel", at=ARRIVED)


def on_one_line(mail):
    return mail.text.replace("\n", " ")


def too_long(mail):
    return [line for line in mail.text.split("\n") if len(line) > WIDTH and "http" not in line]


def test_receipt_says_number_instant_digest_and_where_it_is_verified(application):
    submission, reference = application.last_submission(), application.reference
    mail = receipt(submission.pk)
    assert mail.subject == f"Récépissé de dépôt n°\u00a0{reference}"
    for said in (
        f"Dossier n°\u00a0{reference}, version 1",
        "Arrivé le lundi 1er\u00a0juin 2020 à 11:42:07 (heure de Paris)",
        submission.digest,
        f"http://localhost:8000/dossiers/{reference}/recepisse/1/",
        "http://localhost:8000/verifier/",
        application.call.texts["contact"]["service"],
    ):
        assert said in on_one_line(mail)


def test_receipt_bears_silence_and_remedies(application):
    text = on_one_line(receipt(application.last_submission().pk))
    law = application.call.texts["receipt"]
    assert [mention for mention in (law["silence"], law["remedies"]) if mention not in text] == []


def test_mail_of_a_decision_is_the_same_whatever_the_decision(application):
    other = make_deposited(acronym="DERMALIA", at=ARRIVED)
    for body in (0, 1):
        officer = make_ready(body=body)
        conclude(application, officer)
        conclude(other, officer, refuse=[refused_point(other)], reason=REASON)
    good, bad = decision(application.pk), decision(other.pk)
    assert set(Outcome.objects.values_list("conclusion", flat=True)) == {"admissible", "inadmissible"}
    assert good.subject == f"Décision sur votre dossier {application.reference}"
    assert good.text.replace(application.reference, "") == bad.text.replace(other.reference, "")


def test_mail_of_a_decision_holds_nothing_of_the_dossier(application):
    text = decision(application.pk).text
    sealed = application.last_submission()
    assert [said for said in (sealed.acronym, sealed.title, sealed.lead_name, "recevable") if said in text] == []
    assert f"http://localhost:8000/dossiers/{application.reference}/" in text


def test_mail_of_a_move_says_both_closings_and_the_reason():
    call = the_call()
    application = create_application(call, by=make_user(), at=OPEN)
    text = on_one_line(extension(application.pk))
    move = DeadlineExtension.objects.get(call=call)
    assert "lundi 1er\u00a0juin 2020 à 12\u00a0h\u00a000 (heure de Paris)" in text
    assert "mardi 24\u00a0mars 2020 à 12\u00a0h\u00a000 (heure de Paris)" in text
    assert move.reason in text


def test_lines_fit_and_addresses_are_whole(application):
    mails = (receipt(application.last_submission().pk), decision(application.pk))
    assert [too_long(mail) for mail in mails] == [[], []]
    for mail in mails:
        assert [line for line in mail.text.split("\n") if "http" in line and " " in line] == []


def test_mails_are_plain_text_without_entities():
    application = make_deposited(acronym="A & B <c>", lead={**_lead(), "name": "L’Institut « d'été » & fils"})
    text = receipt(application.last_submission().pk).text
    assert "A & B <c>" in text
    assert "L’Institut « d'été » & fils" in text.replace("\n", " ")


def _lead():
    return {"siret": siret(8), "category": the_call().category_set.first().key}


def test_subject_takes_no_line_end():
    assert one_line("Décision\r\nBcc: autre@exemple.fr\u2028x") == "Décision Bcc: autre@exemple.fr x"


def test_deposit_leaves_one_mail_to_the_person_who_deposited(application, mailoutbox):
    message = Message.objects.get(renderer="receipt_mail")
    assert (message.to, message.document.renderer) == (owner_of(application).email, "receipt")
    tasks.render_document(message.document_id)
    tasks.send_message(message.pk)
    [letter] = mailoutbox
    (signed, said, json_kind), (name, content, kind) = letter.attachments
    assert (letter.to, name, kind) == ([message.to], f"recepisse-{application.reference}-v1.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert (signed, json_kind) == (f"recepisse-{application.reference}-v1.json", "application/json")
    assert said == bytes(application.last_submission().receipt)
    assert letter.extra_headers["Message-ID"] == f"<{message.message_id}@localhost>"
