"""« Courriers et documents »: who sees which mail and paper, what failed and why, sent again by page and by command."""

import io
import sys
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.models import Interest
from hdh_portal.operations import deliveries
from hdh_portal.records import failures, outbox
from hdh_portal.records.models import Attempt, Document, JournalEntry, Message, Outbox
from tests.applications.officers import make_ready
from tests.factories import CLOSED, OPEN, make_deposited, make_user

pytestmark = pytest.mark.django_db
REFUSED = "SMTPRecipientsRefused 550"
RECEIPT = "receipt_mail"


@pytest.fixture(autouse=True)
def after_the_closing(now_is):
    now_is(CLOSED)


def page_of(client, call, **asked):
    return client.get(reverse("operations:delivery_list", args=[call.slug]), asked)


def names(answer):
    return sorted(row.name for row in answer.context["rows"])


def receipt_of(application):
    return Message.objects.get(renderer=RECEIPT, dossier=application.pk)


def fail(message, word=REFUSED):
    outbox.mark_failed(message, word, final=True)
    message.refresh_from_db()
    return message


def test_what_a_deposit_leaves_says_of_which_call_and_dossier_it_tells():
    dossier = make_deposited()
    told = {(row.chain_id, row.dossier) for model in (Document, Message) for row in model.objects.all()}
    assert told == {(dossier.call.chain_id, dossier.pk)}


def test_manager_sees_what_failed_first_and_why(sign_in):
    broken, fine = make_deposited(), make_deposited()
    fail(receipt_of(broken))
    client = sign_in(make_ready(power="manager"))
    answer = page_of(client, broken.call)
    assert names(answer) == [receipt_of(broken).to]
    assert "Le serveur de messagerie refuse l’adresse. (550)" in answer.content.decode()
    assert names(page_of(client, broken.call, vue="tous")) == sorted([receipt_of(broken).to, receipt_of(fine).to])
    assert names(page_of(client, broken.call, vue="tous", q=fine.reference)) == [receipt_of(fine).to]
    assert names(page_of(client, broken.call, vue="tous", quoi="documents", q=fine.reference)) == sorted(
        Document.objects.filter(dossier=fine.pk, filename__contains=fine.reference).values_list("filename", flat=True)
    )


def test_mail_of_a_dossier_with_an_interest_is_in_no_row_and_no_number(sign_in):
    closed, opened = make_deposited(), make_deposited()
    manager = make_ready(power="manager")
    Interest.objects.create(user=manager.user, application=closed, kind=Interest.Kind.DECLARED, declared_at=CLOSED)
    fail(receipt_of(closed))
    client = sign_in(manager)
    answer = page_of(client, closed.call, vue="tous")
    assert names(answer) == [receipt_of(opened).to]
    assert [one["number"] for one in answer.context["views"]] == [0, 1, 0, 1]
    assert page_of(client, closed.call, vue="tous", q=closed.reference).context["rows"] == []
    address = reverse("operations:delivery_again", args=[closed.call.slug, "courriers", receipt_of(closed).pk])
    assert client.post(address).status_code == 404


def test_nothing_tells_of_deposits_before_they_are_open(sign_in, now_is):
    dossier = make_deposited()
    now_is(OPEN)
    assert page_of(sign_in(make_ready(power="manager")), dossier.call, vue="tous").context["rows"] == []


def test_officer_who_checks_sees_the_first_stage_and_sends_nothing(sign_in):
    dossier = make_deposited()
    about = outbox.about(dossier)
    outbox.queue_message("team_summons_mail", dossier.pk, to="equipe@exemple.fr", key="x-1", about=about)
    fail(receipt_of(dossier))
    client = sign_in(make_ready())
    answer = page_of(client, dossier.call, vue="tous")
    assert names(answer) == [receipt_of(dossier).to]
    assert "Renvoyer" not in answer.content.decode()
    address = reverse("operations:delivery_all_again", args=[dossier.call.slug, "courriers"])
    assert client.post(address).status_code == 404


def test_failed_mail_is_sent_again_by_a_manager(sign_in):
    dossier = make_deposited()
    message, manager = fail(receipt_of(dossier)), make_ready(power="manager")
    client = sign_in(manager)
    address = reverse("operations:delivery_again", args=[dossier.call.slug, "courriers", message.pk])
    answer = client.post(address, follow=True)
    message.refresh_from_db()
    assert (message.state, message.tries, message.error) == (Outbox.State.QUEUED, 0, "")
    assert "remis dans la file" in answer.content.decode()
    entry = JournalEntry.objects.get(verb="work_queued_again")
    assert (entry.chain_id, entry.actor_id, entry.data) == (
        dossier.call.chain_id,
        manager.user_id,
        {"message": message.pk},
    )
    assert client.post(address).status_code == 409
    assert Attempt.objects.filter(verb="deliver_again", code="nothing_failed").count() == 1


def test_all_that_failed_is_sent_again_and_nothing_of_a_closed_dossier(sign_in):
    dossiers = [make_deposited() for _n in range(3)]
    manager = make_ready(power="manager")
    Interest.objects.create(user=manager.user, application=dossiers[0], kind=Interest.Kind.DECLARED, declared_at=CLOSED)
    for dossier in dossiers:
        fail(receipt_of(dossier))
    sign_in(manager).post(reverse("operations:delivery_all_again", args=[dossiers[0].call.slug, "courriers"]))
    assert [receipt_of(dossier).state for dossier in dossiers] == ["failed", "queued", "queued"]
    assert JournalEntry.objects.get(verb="works_queued_again").data == {"kind": "message", "count": 2}


def test_list_has_pages_and_asks_as_much_for_many_as_for_few(sign_in, django_assert_num_queries):
    dossier = make_deposited()
    client, counted = sign_in(make_ready(power="manager")), []
    page_of(client, dossier.call)  # The first page of a session stamps it.
    for number in (1, 120):
        parcels = [
            outbox.Parcel(n, f"p{number}-{n}@exemple.fr", f"m-{number}-{n}", outbox.about(dossier))
            for n in range(number)
        ]
        outbox.queue_messages(RECEIPT, parcels)
        with django_assert_num_queries(7):
            answer = page_of(client, dossier.call, vue="tous")
        counted.append(len(answer.context["rows"]))
    assert counted == [2, 50]


def test_operator_sees_the_portal_s_mails_and_sends_them_again(client):
    operator = make_user("exploitation@exemple.fr")
    operator.is_superuser = True
    operator.save()
    message = outbox.queue_message("password_reset_key_mail", 1, to="a@exemple.fr", key="r-1")
    fail(message, "SMTPAuthenticationError 535")
    client.force_login(operator)
    Authenticator.objects.create(user=operator, type="totp", data={"secret": "x"})
    answer = client.get(reverse("operations:portal_delivery_list"))
    assert names(answer) == ["a@exemple.fr"]
    assert "Compte et sécurité" in answer.content.decode()
    client.post(reverse("operations:portal_delivery_all_again", args=["courriers"]))
    message.refresh_from_db()
    assert message.state == Outbox.State.QUEUED
    assert JournalEntry.objects.get(verb="works_queued_again").actor_id == operator.pk


def test_every_work_that_the_portal_leaves_has_a_name_for_people():
    make_deposited()
    renderers = {row.renderer for model in (Document, Message) for row in model.objects.all()}
    assert {renderer for renderer in renderers if deliveries.kind_of(renderer) == renderer} == set()


# Commands ----------------------------------------------------------------------------------------------------------


def said(*words, **options):
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_command_lists_what_failed_by_number_and_never_by_address():
    message = fail(receipt_of(make_deposited()))
    listed = said("outbox", "--failed")
    assert f"courriers {message.pk}  Récépissé de dépôt  Le serveur de messagerie refuse l’adresse. (550)" in listed
    assert message.to not in listed
    assert "en préparation" in said("outbox")


def test_command_puts_one_or_all_back():
    first, second = (fail(receipt_of(make_deposited())) for _n in range(2))
    assert "1" in said("outbox", "--again", "courriers", str(first.pk))
    assert [row.state for row in Message.objects.order_by("pk")] == ["queued", "failed"]
    said("outbox", "--again", "courriers", "all")
    assert {row.state for row in Message.objects.all()} == {"queued"}
    with pytest.raises(CommandError, match="Rien n’est en échec"):
        said("outbox", "--again", "courriers", "all")
    with pytest.raises(CommandError, match="Aucune ligne"):
        said("outbox", "--again", "courriers", str(second.pk + 1000))


def report(action, key, *, headers_only=False):
    """A delivery status report (RFC 3464) on the mail of this key."""
    sent = EmailMessage()
    sent["Message-ID"], sent["To"] = f"<{key}@localhost>", "camille@exemple.fr"
    sent.set_content("Bonjour.")
    fields = f"Reporting-MTA: dns; mx.exemple.fr\n\nFinal-Recipient: rfc822; camille@exemple.fr\nAction: {action}\n"
    body = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\nMIME-Version: 1.0\n\n'
        b"--b\nContent-Type: text/plain\n\nUndelivered.\n"
        b"--b\nContent-Type: message/delivery-status\n\n" + fields.encode() + b"\n"
    )
    if headers_only:
        lines = "".join(f"{name}: {value}\n" for name, value in sent.items())
        return body + b"--b\nContent-Type: text/rfc822-headers\n\n" + lines.encode() + b"\n--b--\n"
    return body + b"--b\nContent-Type: message/rfc822\n\n" + sent.as_bytes() + b"\n--b--\n"


@pytest.fixture
def bounced(monkeypatch):
    """`bounced(bytes)`: what the command says of this message on its standard input."""

    def run(content):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        return said("bounced")

    return run


@pytest.mark.parametrize("headers_only", [False, True])
def test_mail_that_comes_back_is_marked_and_shown(bounced, sign_in, headers_only):
    dossier = make_deposited()
    message = receipt_of(dossier)
    outbox.mark_done(message)
    assert "revenu" in bounced(report("failed", message.message_id, headers_only=headers_only))
    answer = page_of(sign_in(make_ready(power="manager")), dossier.call).content.decode()
    assert "Revenu" in answer
    assert failures.sentence("bounced") in answer


@pytest.mark.parametrize("action", ["delayed", "delivered", ""])
def test_report_of_anything_else_changes_nothing(bounced, action):
    message = receipt_of(make_deposited())
    outbox.mark_done(message)
    bounced(report(action, message.message_id))
    message.refresh_from_db()
    assert (message.state, message.bounced_at) == (Outbox.State.DONE, None)


def test_what_is_no_report_of_ours_changes_nothing(bounced):
    assert "aucun courriel" in bounced(b"Subject: bonjour\n\nbonjour")
    assert "aucun courriel" in bounced(report("failed", "unknown"))
