"""Canary words in every field: logs, task arguments, attempts and the journal carry ids only."""

import base64
import io
import json
import logging
import subprocess
import sys

import pytest
from celery.signals import before_task_publish
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import include, path, reverse

from applications.admissibility.reading import outcome_digest
from applications.dossier.actions.draft import save_answers
from applications.interests.actions import declare_interest, lift_interest
from applications.models import Application, Outcome
from applications.release.reading import release_plan
from hdh_portal.desk import invitations
from hdh_portal.operations import reports
from hdh_portal.operations.logs import Json, Text
from hdh_portal.records import outbox, tasks
from hdh_portal.records.models import Attempt, Document, JournalEntry, Message
from tests.applications.officers import make_ready
from tests.factories import CLOSED, OPEN, ROOT, complete_answers, make_user, pdf_upload, siret, the_call

CANARY = "canari"
ADDRESS = f"{CANARY}@exemple.fr"
pytestmark = pytest.mark.django_db


class DeadMail(BaseEmailBackend):
    """A mail server that refuses, and says whom it refused, as real ones do."""

    def send_messages(self, messages):
        raise ConnectionRefusedError(f"550 {messages[0].to[0]} {messages[0].subject} {CANARY}")


def broken(request):
    """A page with a defect, whose error holds what was typed."""
    raise ValueError(f"invalid literal: {request.POST.get('title')} {ADDRESS}")


urlpatterns = [path("casse/", broken), path("", include("hdh_portal.urls"))]
handler404, handler500 = "hdh_portal.web.middleware.page_not_found", "hdh_portal.web.middleware.server_error"


@pytest.fixture
def told():
    """Everything that goes to a broker while the test runs: headers and body of each task."""
    sent = []

    def keep(headers=None, body=None, **_others):
        sent.append(repr((headers, body)))

    before_task_publish.connect(keep, weak=False)
    yield sent
    before_task_publish.disconnect(keep)


def flown(texts):
    """Those of `texts` in which a canary sits, also one that is base64 or escaped."""
    found = []
    for text in texts:
        words = [text, text.encode().decode("unicode_escape", "ignore")]
        words += [_unpacked(word) for word in text.replace('"', " ").replace("'", " ").split() if len(word) > 20]
        if any(CANARY in word.lower() for word in words):
            found.append(text)
    return found


def _unpacked(word):
    try:
        return base64.b64decode(word, validate=True).decode("utf-8", "ignore")
    except ValueError:
        return ""


def rows_of(model):
    """Each row as text, every column of it."""
    return [repr(values) for values in model.objects.values()]


# A whole procedure in which everything typed is a canary -----------------------------------------------------------


def url(name, *args):
    return reverse(f"applications:{name}", args=args)


def typed(call):
    """Answers with a canary in every text, and one answer that is wrong."""
    answers = complete_answers(call)
    for question in call.questions.all():
        if question.type in ("text", "long_text"):
            answers[question.key] = f"{CANARY} {question.key}"[: question.rules["limit"]]
    lead = call.questions.get(column="lead").key
    answers[lead] = answers[lead] | {"name": f"{CANARY} porteur"}
    category = call.category_set.first().key
    partner = {"name": f"{CANARY} partenaire", "siret": siret(990_014), "category": category}
    return answers | {call.questions.get(column="partners").key: [partner]}


def candidate(client, call):
    """A person writes, is wrong in every way, deposits, and deposits in vain; returns the dossier."""
    person = make_user(f"{CANARY.capitalize()} Nom", email=ADDRESS)
    client.force_login(person)
    client.post(url("application_create", call.slug))
    application = Application.objects.get(members__user=person)
    reference = application.reference
    for question in call.questions.all():
        client.post(url("section_save", reference, question.section.key), {question.key: f"{CANARY} faux " * 900})
    for section in call.section_set.all():
        client.post(url("section_save", reference, section.key), {"title": f"{CANARY} titre", "siret": CANARY})
    save_answers(application, typed(call), by=person, at=OPEN)
    for key in call.questions.filter(type="file").values_list("key", flat=True):
        client.post(url("attachment_add", reference, key), {"file": pdf_upload(f"{CANARY}.pdf")})
        bad = io.BytesIO(f"MZ {CANARY}".encode())
        bad.name = f"{CANARY}.exe"
        client.post(url("attachment_add", reference, key), {"file": bad})
    client.post(url("application_submit", reference), {"digest": f"{CANARY} empreinte"})
    page = client.get(url("application_review", reference))
    client.post(url("application_submit", reference), {"digest": page.context["digest"]})
    client.get(f"/{CANARY}/?q={CANARY}")
    client.post(url("application_submit", CANARY), {"digest": CANARY})
    client.post("/casse/", {"title": f"{CANARY} cassé"})
    return application


def officers(client, application):
    """Two bodies check and disagree, two managers reconcile and release; one more declares a link, lifted since."""
    call, reference = application.call, application.reference
    bodies = [make_ready(body=body, name=f"{CANARY} instruction {body}") for body in (0, 1)]
    first, second, with_interest = (make_ready(power="manager", name=f"{CANARY} gestion {n}") for n in range(3))
    keys = list(call.checklistitem_set.values_list("key", flat=True))
    words = {"reason": f"{CANARY} raison", "ground": call.refusalground_set.first().key}
    for officer, value in zip(bodies, ("yes", "no"), strict=True):
        client.force_login(officer.user)
        client.post(url("check_take", call.slug, reference))
        client.post(url("check_save", call.slug, reference), {"conclusion": CANARY})
        conclusion = {"conclusion": "admissible" if value == "yes" else "inadmissible"}
        answers = {f"item-{key}": value for key in keys}
        client.post(url("check_conclude", call.slug, reference), answers | conclusion | words)
    interest = declare_interest(application, by=with_interest.user, at=CLOSED)
    lift_interest(interest, f"{CANARY} levée", by=first.user, at=CLOSED)
    client.force_login(first.user)
    client.post(url("outcome_decide", call.slug, reference), {"conclusion": "inadmissible"} | words)
    client.post(url("release_propose", call.slug, "recevabilite"), {"digest": CANARY})
    client.force_login(second.user)
    digest = outcome_digest(Outcome.objects.get(application=application))
    client.post(url("outcome_confirm", call.slug, reference), {"digest": digest})
    for officer, name in ((first, "release_propose"), (second, "release_confirm")):
        client.force_login(officer.user)
        client.post(url(name, call.slug, "recevabilite"), {"digest": release_plan(call).digest})
    application.refresh_from_db()
    assert application.state == "inadmissible"


def visitors(client):
    """Wrong passwords, a sign-up, a reset and an invitation, all of a canary."""
    client.logout()
    client.post(reverse("account_login"), {"login": ADDRESS, "password": f"{CANARY} faux mot"})
    client.post(reverse("account_login"), {"login": f"autre-{ADDRESS}", "password": f"{CANARY} faux mot"})
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    fields = {"name": CANARY, "email": f"nouveau-{ADDRESS}", "password1": f"{CANARY} phrase", "password2": CANARY}
    client.post(reverse("account_signup"), fields)
    client.post(reverse("account_signup"), fields | {"password2": f"{CANARY} phrase"})
    client.get(f"/invitations/{CANARY}/")
    body = the_call().bodies.filter(checks=True).first().organisation
    invitations.invite(the_call(), email=f"invite-{ADDRESS}", role="officer", body=body, at=OPEN)


def work():
    """The worker does all that was left, with a mail server that refuses."""
    for row in Document.objects.all():
        tasks.render_document(row.pk)
    for row in Message.objects.all():
        tasks.send_message(row.pk)
    assert set(Document.objects.values_list("state", flat=True)) == {outbox.Outbox.State.DONE}
    assert set(Message.objects.values_list("error", flat=True)) == {"ConnectionRefusedError"}


def test_canaries_stay_out_of_logs_tasks_attempts_and_journal(
    client, now_is, settings, told, caplog, capfd, data_dir, django_capture_on_commit_callbacks
):
    settings.ROOT_URLCONF = __name__
    settings.EMAIL_BACKEND = f"{__name__}.DeadMail"
    client.raise_request_exception = False
    call = the_call()
    for name in ("hdh_portal", "applications", "reviews", "jury", "celery", "kombu", "allauth", "django.security"):
        caplog.set_level(logging.DEBUG, logger=name)
    with django_capture_on_commit_callbacks(execute=True):
        now_is(OPEN)
        application = candidate(client, call)
        visitors(client)
        now_is(CLOSED)
        officers(client, application)
    work()
    logged = [record for record in caplog.records if record.name != "django.request"]
    assert any("ValueError" in record.getMessage() for record in logged)
    for formatter in (Json(), Text()):
        lines = [formatter.format(record) for record in logged]
        assert any("ValueError" in line and " broken" in line for line in lines)
        assert flown(lines) == []
    assert flown(json.dumps(reports.event(record)) for record in logged) == []
    assert flown(capfd.readouterr().err.splitlines()) == []
    assert len(told) > 5 and flown(told) == []
    queue = data_dir / "broker" / "queue"
    assert flown(file.read_text() for file in queue.glob("*") if file.is_file()) == []
    assert Attempt.objects.count() > 3 and flown(rows_of(Attempt)) == []
    assert flown(rows_of(JournalEntry)) == []
    assert flown(f"{row.error} {row.renderer}" for model in (Document, Message) for row in model.objects.all()) == []


def test_line_of_django_itself_goes_nowhere_in_a_process_of_the_portal():
    # Not in this one: pytest gives every logger a handler, and hides that one without any would write to the end.
    line = "import django, logging; django.setup(); logging.getLogger('django.request').error('canari')"
    done = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize(
    "text",
    ["Le Canari", base64.b64encode(b"un canari en cage").decode(), "\\u0063anari"],
    ids=["plain", "packed", "escaped"],
)
def test_canary_is_found_where_it_sits(text):
    assert flown([f'x "{text}" y']) == [f'x "{text}" y']


def test_log_that_names_a_person_is_found(caplog):
    """Negative control: one careless line."""
    with caplog.at_level(logging.INFO, logger="hdh_portal"):
        logging.getLogger("hdh_portal.careless").info("deposit of %s", ADDRESS)
    assert flown(record.getMessage() for record in caplog.records) == [f"deposit of {ADDRESS}"]
