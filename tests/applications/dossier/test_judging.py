"""Files on their way in: judged apart from requests, in turn, whoever is killed; the candidate always knows."""

import datetime
import time
from contextlib import ExitStack, contextmanager

import pytest
from django.urls import reverse

from applications.dossier import judging
from applications.dossier.actions.uploading import join_file, receive_file
from applications.dossier.uploads import inspect
from applications.models import Attachment, Upload
from hdh_portal.ground import clock
from hdh_portal.records.models import Attempt
from tests.factories import OPEN, make_draft, make_user, owner_of, pdf_upload
from tests.hostile.pdf import open_action, pdf
from tests.refusals import refused

KEY = "commitment_letters"
WAITS, TOO_MANY = "Votre fichier est en cours de contrôle.", "Deux de vos fichiers sont encore en cours de contrôle."


@pytest.fixture
def owner(client, now_is):
    now_is(OPEN)
    user = make_user()
    client.force_login(user)
    return user


@contextmanager
def busy():
    """Every judge of this machine is at work."""
    with ExitStack() as slots:
        while (slot := judging.free_slot()) is not None:
            slots.enter_context(slot)
        yield


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


def add(client, application, name="lettre.pdf", content=None):
    return client.post(url("attachment_add", application, KEY), {"file": pdf_upload(name, content or pdf(text=name))})


def receive(application, content=None, name="lettre.pdf"):
    question, by = application.call.questions.get(key=KEY), owner_of(application)
    return receive_file(application, question, pdf_upload(name, content or pdf(text=name)), by=by, at=OPEN)


def scripted():
    return pdf(open_action(S="/JavaScript", JS="app.alert(1)"))


def section(client, application):
    """The page on which the letters are joined."""
    key = application.call.questions.get(key=KEY).section.key
    return client.get(url("section_edit", application, key)).content.decode()


def part(client, application):
    """The list of files of the question, as the page asks for it again."""
    answer = client.get(url("attachment_list", application, KEY), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def names(application):
    return [one.name for one in application.attachments.filter(question__key=KEY)]


@pytest.mark.django_db
def test_ordinary_file_is_joined_when_its_request_is_answered(client, owner):
    application = make_draft(owner=owner)
    answer = add(client, application)
    assert (answer.status_code, names(application)) == (302, ["lettre.pdf"])
    upload = Upload.objects.get(application=application, state="joined", name="lettre.pdf")
    assert not upload.path.exists()


@pytest.mark.django_db(transaction=True)
def test_file_waits_where_every_judge_is_at_work_and_is_joined_afterwards(client, owner):
    application = make_draft(owner=owner)
    with busy():
        began = time.monotonic()
        answer = add(client, application)
        assert (answer.status_code, time.monotonic() - began < judging.PATIENCE) == (302, True)
        html = section(client, application)
        assert (WAITS in html, "hx-get" in html, names(application)) == (True, True, [])
        assert "hx-get" in part(client, application)
    # The thread that the request woke takes it now: no worker runs here, and no broker.
    deadline = time.monotonic() + 60
    while not names(application) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert names(application) == ["lettre.pdf"]
    last = part(client, application)
    assert ("hx-get" in last, "lettre.pdf" in last) == (False, True)


@pytest.mark.django_db
def test_list_of_files_is_a_way_back_to_the_page_without_script(client, owner):
    application = make_draft(owner=owner)
    key = application.call.questions.get(key=KEY).section.key
    answer = client.get(url("attachment_list", application, KEY))
    assert answer.url == f"{url('section_edit', application, key)}#part-{KEY}"


@pytest.mark.django_db
def test_refusal_that_came_later_stands_beside_the_question_until_it_is_closed(client, owner):
    application = make_draft(owner=owner)
    upload = receive(application, scripted())
    judging.judge_waiting(seconds=30)
    upload.refresh_from_db()
    html = section(client, application)
    assert (upload.state, upload.path.exists(), upload.sentence in html, upload.reference in html) == (
        "refused",
        False,
        True,
        True,
    )
    assert Attempt.objects.get(reference=upload.reference).code == "script"
    assert "hx-get" not in html
    client.post(url("upload_dismiss", application, upload.pk))
    assert upload.sentence not in section(client, application)


@pytest.mark.django_db
def test_next_file_of_a_question_closes_the_refusal_of_the_last(client, owner):
    application = make_draft(owner=owner)
    receive(application, scripted())
    judging.judge_waiting(seconds=30)
    add(client, application)
    assert list(application.uploads.filter(question__key=KEY).values_list("state", flat=True)) == ["joined"]


@pytest.mark.django_db
def test_person_has_two_files_in_the_queue_at_most(owner):
    application, other = make_draft(owner=owner), make_draft(owner=owner)
    receive(application, name="une.pdf")
    receive(other, name="deux.pdf")
    refusal = refused("uploads_waiting", receive, application, name="trois.pdf")
    assert refusal.sentence.startswith(TOO_MANY)
    receive(make_draft(), name="autre.pdf")
    judging.judge_waiting(seconds=30)
    receive(application, name="trois.pdf")


@pytest.mark.django_db
def test_refused_upload_leaves_no_bytes(owner, data_dir):
    application = make_draft(owner=owner)
    receive(application, name="une.pdf"), receive(application, name="deux.pdf")
    before = set((data_dir / "uploads").iterdir())
    refused("uploads_waiting", receive, application, name="trois.pdf")
    assert set((data_dir / "uploads").iterdir()) == before


@pytest.mark.django_db
def test_files_that_wait_count_as_if_they_were_joined(owner):
    application = make_draft(owner=owner)
    question = application.call.questions.get(key=KEY)
    question.rules["max_count"] = 1
    question.save(update_fields=["rules"])
    receive(application, name="une.pdf")
    refused("too_many_files", receive, application, name="deux.pdf")


@pytest.mark.django_db
def test_what_a_killed_judge_had_in_hand_is_taken_when_its_lease_is_over(owner):
    application = make_draft(owner=owner)
    upload = receive(application)
    Upload.objects.filter(pk=upload.pk).update(claimed_until=clock.real() + judging.LEASE, tries=1)
    judging.judge_waiting(seconds=30)
    assert names(application) == []
    Upload.objects.filter(pk=upload.pk).update(claimed_until=clock.real() - datetime.timedelta(seconds=1))
    judging.judge_waiting(seconds=30)
    assert names(application) == ["lettre.pdf"]


@pytest.mark.django_db
def test_file_that_kills_its_judge_each_time_is_refused(owner):
    application = make_draft(owner=owner)
    upload = receive(application)
    Upload.objects.filter(pk=upload.pk).update(tries=judging.MOST_TRIES)
    judging.judge_waiting(seconds=30)
    upload.refresh_from_db()
    assert (upload.state, upload.sentence.endswith("."), names(application)) == ("refused", True, [])


@pytest.mark.django_db
def test_judge_waits_for_a_slot_no_longer_than_told(owner):
    upload = receive(make_draft(owner=owner))
    with busy():
        judging.judge_waiting(seconds=0.5)
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == ("waiting", 0)


@pytest.mark.django_db
def test_file_that_was_taken_back_is_not_joined(client, owner):
    application = make_draft(owner=owner)
    upload = receive(application)
    client.post(url("upload_dismiss", application, upload.pk))
    # Its judge had read it by then.
    assert join_file(upload, lambda: inspect(upload.path, upload.name), by=owner, at=OPEN) is None
    judging.judge_soon(upload)
    judging.judge_waiting(seconds=30)
    assert (names(application), Upload.objects.filter(pk=upload.pk).exists()) == ([], False)


@pytest.mark.django_db
def test_file_that_arrived_in_time_is_joined_after_the_closing(owner, now_is):
    application = make_draft(owner=owner)
    receive(application)
    now_is(application.call.submission.closes_at + datetime.timedelta(seconds=30))
    judging.judge_waiting(seconds=30)
    assert names(application) == ["lettre.pdf"]


@pytest.mark.django_db
def test_review_says_which_files_a_deposit_would_leave_out(client, owner):
    application = make_draft(owner=owner)
    assert "pas encore dans ce dossier" not in client.get(url("application_review", application)).content.decode()
    receive(application, name="tard.pdf")
    html = client.get(url("application_review", application)).content.decode()
    assert "1\u00a0pièce n’est pas encore dans ce dossier" in html
    assert "tard.pdf\u00a0: en cours de contrôle" in html


@pytest.mark.django_db
def test_same_file_again_is_joined_once(client, owner):
    application = make_draft(owner=owner)
    content = pdf(text="la même")
    add(client, application, content=content), add(client, application, content=content)
    assert Attachment.objects.filter(application=application, question__key=KEY).count() == 1
