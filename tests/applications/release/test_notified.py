"""After a release: each letter stays readable to those who run the call, sent, failed or opened by its team."""

import re

import pytest
import tomli_w
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.dossier.actions.letters import open_letter
from applications.interests.actions import declare_interest
from applications.models import Member, Notice, NoticeOpening, Release
from applications.release.notified import letter_rows
from applications.release.reading import stage_of
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.ground import clock
from hdh_portal.records.models import Document, JournalEntry, Message, Outbox
from hdh_portal.records.tasks import render_document
from tests.applications.officers import words
from tests.applications.release.test_release import LATER, decided, release
from tests.factories import make_user, owner_of, paris

pytestmark = pytest.mark.django_db
__all__ = ["decided"]
OPENED = paris(2020, 6, 9, 8, 5)
STAGE = "recevabilite"


@pytest.fixture
def notified(decided, now_is):
    """The two letters of the admissibility, told and made; `(call, good, bad, managers)`."""
    call, _good, _bad, managers = decided
    release(call, managers)
    now_is(OPENED)
    return decided


def make_letters():
    for document in Document.objects.filter(renderer="admissibility_letter"):
        render_document(document.pk)


def at(name, call, dossier=None):
    return reverse(f"applications:{name}", args=[call.slug, STAGE, *([dossier.reference] if dossier else [])])


def said(client, *where):
    return words(client.get(at(*where))).replace("\u202f", " ")


# The team of the dossier --------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_team_opens_its_letter_and_the_first_time_is_kept(notified, client):
    call, _good, bad, _managers = notified
    make_letters()
    notice = bad.notices.get()
    reader = make_user()
    Member.objects.create(application=bad, user=reader, role=Member.Role.READER, since=OPENED)
    address = reverse("applications:notice_open", args=[bad.reference, notice.pk])
    # By its address alone nobody reads a letter unseen: the button of the dossier's page comes first.
    client.force_login(reader)
    early = client.get(reverse("applications:notice_letter", args=[bad.reference, notice.pk]))
    assert (early.status_code, early["Location"]) == (302, bad.get_absolute_url())
    assert "Ouvrir le courrier (PDF)" in words(client.get(early["Location"]))
    for user in (owner_of(bad), reader):
        client.force_login(user)
        answer = client.post(address)
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("applications:notice_letter", args=[bad.reference, notice.pk]),
        )
        assert b"".join(client.get(answer["Location"]).streaming_content).startswith(b"%PDF")
    opening = NoticeOpening.objects.get()
    assert (opening.notice, opening.by) == (notice, owner_of(bad))
    assert notice.opened_at == opening.at
    line = JournalEntry.objects.get(chain=call.chain_id, verb="letter_opened")
    assert (line.actor_id, line.data) == (owner_of(bad).pk, {"application": bad.reference, "notice": notice.pk})


def test_opening_is_never_changed(notified):
    _call, _good, bad, _managers = notified
    opening = open_letter(bad.notices.get(), by=owner_of(bad), at=OPENED)
    assert open_letter(bad.notices.get(), by=owner_of(bad), at=paris(2020, 6, 10)) == opening
    for act in (lambda rows: rows.update(at=LATER), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(NoticeOpening.objects.all())


# Who runs the call --------------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_page_of_a_release_lists_every_letter_with_what_became_of_it(notified, sign_in):
    call, good, bad, managers = notified
    client = sign_in(managers[0])
    text = said(client, "release_preview", call)
    assert "Les courriers envoyés" in text
    assert (text.count("Courriel en attente"), text.count("Courrier en préparation")) == (2, 2)
    make_letters()
    Message.objects.filter(dossier=good.pk).update(state=Outbox.State.DONE, done_at=clock.real())
    Message.objects.filter(dossier=bad.pk).update(state=Outbox.State.FAILED, error="SMTPRecipientsRefused")
    open_letter(good.notices.get(), by=owner_of(good), at=OPENED)
    text = said(client, "release_preview", call)
    assert re.search(r"Annoncé le 9 juin 08:0\d:\d\d Ouvert le 9 juin 08:05:00", text)
    assert "1 courriel en échec Pas encore ouvert" in text


@pytest.mark.embedded
def test_letter_stays_readable_to_managers_as_page_and_as_paper(notified, sign_in):
    call, _good, bad, managers = notified
    client = sign_in(managers[0])
    assert client.get(at("release_paper", call, bad)).status_code == 404
    make_letters()
    text = said(client, "release_letter", call, bad)
    for wanted in (
        "Pas encore ouvert",
        "Paris, le lundi 8 juin 2020",
        bad.outcome.reason,
        "Télécharger le courrier envoyé",
    ):
        assert wanted in text
    assert "mot pour mot" not in text
    paper = client.get(at("release_paper", call, bad))
    assert b"".join(paper.streaming_content) == bad.notices.get().document.file.path.read_bytes()


@pytest.mark.embedded
def test_page_says_when_the_words_of_the_call_changed_since(notified, sign_in):
    call, _good, bad, managers = notified
    make_letters()
    table = schema.table_of(call)
    table["authority"]["signatory"] = "Ana Essai"
    load_call(schema.read(tomli_w.dumps(table).encode()), by=None, at=OPENED)
    text = said(sign_in(managers[0]), "release_letter", call, bad)
    assert "n’est plus mot pour mot ce qui a été envoyé. Le PDF l’est." in text


def test_letter_is_closed_to_a_manager_who_has_an_interest_in_its_dossier(notified, sign_in):
    call, good, bad, managers = notified
    make_letters()
    declare_interest(bad, by=managers[0].user, at=OPENED)
    client = sign_in(managers[0])
    answers = []
    for dossier in (bad, good):
        for name in ("release_letter", "release_paper"):
            answer = client.get(at(name, call, dossier))
            answers.append(answer.status_code)
            assert answer.streaming is False or b"".join(answer.streaming_content)
    assert answers == [404, 404, 200, 200]
    page = client.get(at("release_letter", call, good)).content.decode()
    assert bad.reference not in page  # Neither before nor after it.
    rows = letter_rows(stage_of(Release.Stage.ADMISSIBILITY), managers[0], [good.outcome, bad.outcome])
    assert [row["is_open"] for row in rows] == [True, False]


def test_letter_of_a_dossier_that_was_withdrawn_since_stays_readable(notified, sign_in):
    call, good, _bad, managers = notified
    withdraw_application(good, by=owner_of(good), at=OPENED)
    assert sign_in(managers[0]).get(at("release_letter", call, good)).status_code == 200


@pytest.mark.parametrize("count", [1, 2])
def test_rows_cost_the_same(notified, django_assert_num_queries, count):
    _call, good, bad, managers = notified
    outcomes = [good.outcome, bad.outcome][:count]
    with django_assert_num_queries(4):
        letter_rows(stage_of(Release.Stage.ADMISSIBILITY), managers[0], outcomes)
    assert Notice.objects.count() == 2
