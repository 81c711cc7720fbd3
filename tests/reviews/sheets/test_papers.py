"""All papers of an evaluation: asked for in one act, made once, known by what they say, archived one at a time."""

import tracemalloc

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import declare_interest
from applications.models import Application
from hdh_portal.records import tasks
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document, JournalEntry
from hdh_portal.web import downloads
from reviews.documents import CONSOLIDATED, SCORE_SHEET
from reviews.papers import current, wanted
from reviews.scoring.actions.sheet import reopen_sheet
from reviews.sheets import dossier
from reviews.sheets.actions import prepare_sheets, queue_papers
from reviews.sheets.archive import archive, safe
from reviews.sheets.reading import dossier_counts, loads, progress
from tests.applications.officers import make_ready
from tests.factories import make_deposited, owner_of, paris, the_call
from tests.reviews.makers import SCORING, admissible, make_admissible, make_managers, make_rapporteur
from tests.reviews.marking import freeze, give, seats, send
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 6, 18, 9)


@pytest.fixture
@world
def scored():
    """Two dossiers, of two sheets and of one, and a manager: `(call, [application, …], [sheet, …], manager)`."""
    call = the_call()
    first, second = make_admissible(
        make_deposited(call, acronym="../../x"), make_deposited(call, acronym="RÉTINALIS d’été")
    )
    one, two = (make_rapporteur(call, body=body, name="Alex Martin") for body in (0, 1))
    sheets = [send(first, 4.0, rapporteur=one), send(first, 3.0, rapporteur=two), send(second, 2.0, rapporteur=one)]
    return call, [first, second], sheets, make_managers(call)[0]


def prepare(call, manager):
    return prepare_sheets(call, by=manager.user, at=LATER)


def work():
    """The worker makes all that waits."""
    for pk in Document.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        tasks.render_document(pk)


def at(name, call, *args):
    return reverse(f"reviews:{name}", args=[call.slug, *args])


def made(key):
    """The consolidated paper of a dossier, once it is made as it stands."""
    application = Application.objects.get(pk=key[1])
    return current(dossier.consolidated(application))


def how_far(manager):
    people, _bodies = loads(manager.call)
    begun = dossier_counts(manager.call)["begun"]
    return progress(manager.call, sheets=sum(one.sent for one in people), dossiers=begun)


def only_sheets():
    return Document.objects.filter(renderer__in=[SCORE_SHEET, CONSOLIDATED])


# Preparing ----------------------------------------------------------------------------------------------------------


def test_every_dossier_and_every_sheet_has_its_paper(scored):
    call, dossiers, sheets, manager = scored
    assert prepare(call, manager) == {"queued": 2, "retried": 0, "unchanged": 3}
    rows = set(only_sheets().values_list("renderer", "subject"))
    assert rows == {(CONSOLIDATED, one.pk) for one in dossiers} | {(SCORE_SHEET, one.pk) for one in sheets}
    entry = JournalEntry.objects.filter(chain=call.chain_id).latest("position")
    assert (entry.verb, entry.data["queued"]) == ("sheets_prepared", 2)


def test_what_says_the_same_is_neither_queued_nor_made_again(scored):
    call, _dossiers, _sheets, manager = scored
    prepare(call, manager)
    work()
    done = set(only_sheets().values_list("pk", "done_at"))
    assert prepare(call, manager) == {"queued": 0, "retried": 0, "unchanged": 5}
    work()
    assert set(only_sheets().values_list("pk", "done_at")) == done


def test_only_the_dossier_that_changed_is_prepared_anew(scored):
    call, (first, _second), sheets, manager = scored
    prepare(call, manager)
    work()
    reopen_sheet(sheets[0], "Deux notes sont inversées.", by=manager.user, at=LATER)
    assert prepare(call, manager) == {"queued": 1, "retried": 0, "unchanged": 3}
    newest = only_sheets().latest("pk")
    assert (newest.renderer, newest.subject) == (CONSOLIDATED, first.pk)


def test_paper_that_failed_is_asked_for_again(scored):
    call, _dossiers, _sheets, manager = scored
    prepare(call, manager)
    row = only_sheets().first()
    Document.objects.filter(pk=row.pk).update(state="failed", tries=5, error="x")
    assert prepare(call, manager) == {"queued": 0, "retried": 1, "unchanged": 4}
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("queued", 0, "")


def test_content_that_comes_back_is_the_paper_that_was_made_of_it(scored):
    call, (first, _second), sheets, manager = scored
    prepare(call, manager)
    work()
    key = (CONSOLIDATED, first.pk)
    before = made(key)
    person = make_rapporteur(call, body=4)
    queue_papers(
        sheets[2].assignment.application.call,
        {key: wanted([(CONSOLIDATED, sheets[2].assignment.application_id)]).popitem()[1]},
    )
    assert how_far(manager).waiting == 1
    assert made(key) == before
    assert prepare(call, manager)["queued"] == 0
    assert how_far(manager).is_complete
    assert made(key) == before
    send(first, 1.0, rapporteur=person)
    assert made(key) is None


def test_nothing_is_prepared_before_a_sheet_is_sent():
    [application] = admissible()
    give(application, make_rapporteur())
    manager, _other = make_managers()
    with pytest.raises(Refused) as caught:
        prepare(application.call, manager)
    assert caught.value.code == "nothing_to_prepare"


def test_only_who_manages_prepares(scored):
    call, _dossiers, _sheets, _manager = scored
    with pytest.raises(Refused) as caught:
        prepare(call, make_ready(call))
    assert caught.value.code == "not_allowed"
    assert not Document.objects.filter(renderer=CONSOLIDATED).exists()


def test_who_has_an_interest_in_a_dossier_prepares_the_papers_of_the_others(scored):
    call, (first, second), _sheets, _manager = scored
    with_interest = make_ready(call, power="manager")
    declare_interest(first, by=with_interest.user, at=LATER)
    prepare(call, with_interest)
    assert list(Document.objects.filter(renderer=CONSOLIDATED).values_list("subject", flat=True)) == [second.pk]


def test_withdrawn_dossier_has_no_paper_any_more(scored):
    call, (first, second), _sheets, manager = scored
    withdraw_application(first, by=owner_of(first), at=LATER)
    prepare(call, manager)
    assert list(Document.objects.filter(renderer=CONSOLIDATED).values_list("subject", flat=True)) == [second.pk]
    assert [name for name, _path in archive(manager).entries] == []


def test_preparing_costs_the_same_for_one_and_three_dossiers(django_assert_num_queries):
    dossiers = admissible(3)
    call = dossiers[0].call
    manager, _other = make_managers(call)
    person = make_rapporteur(call)
    for few in (1, 2):
        for one in dossiers[:1] if few == 1 else dossiers[1:]:
            send(one, 3.0, rapporteur=person)
        with django_assert_num_queries(19):
            prepare(call, manager)


def test_frozen_list_asks_for_consolidated_sheets_with_their_rank(scored):
    call, dossiers, _sheets, manager = scored
    prepare(call, manager)
    seats(call, 1)
    freeze(call, make_managers(call))
    assert prepare(call, manager) == {"queued": 0, "retried": 0, "unchanged": 5}
    assert Document.objects.filter(renderer=CONSOLIDATED).count() == 2 * len(dossiers)


# The archive --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["../../etc", "/etc/passwd", "..\\..\\x", "C:\\x", "\x00", "…", "<b>&\r\n", "é" * 500])
def test_no_name_climbs_out_of_the_archive(text):
    name = safe(text)
    assert name
    assert name.isascii()
    assert set(name) & set("./\\:\r\n\x00<>&") == set()
    assert len(name) <= 40


def test_archive_is_written_one_file_at_a_time(tmp_path):
    file = tmp_path / "one.pdf"
    file.write_bytes(b"x" * 1_000_000)
    response = downloads.archive_download([(f"{n}.pdf", file) for n in range(40)], "toutes.zip", SCORING)
    tracemalloc.start()
    size = sum(len(part) for part in response.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 40_000_000
    assert peak < 8_000_000
