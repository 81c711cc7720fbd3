"""The shortlist once it is frozen: neither an action nor the database yields; every rule of its rows has its words."""

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from hdh_portal.records import append_only
from reviews.criteria import rule_label
from reviews.models import Placement, Shortlist, ShortlistEntry
from reviews.scoring.actions.sheet import reopen_sheet, send_sheet
from reviews.shortlist.actions import freeze_shortlist, place_dossier, propose_shortlist, unplace_dossier
from tests.applications.release.test_release import refused
from tests.factories import make_deposited, paris
from tests.reviews.makers import RANKED, SCORING, make_rapporteur
from tests.reviews.marking import digest_of, freeze, give, marked_three, write

pytestmark = pytest.mark.django_db
LATER = paris(2020, 6, 29, 11)
KEPT = (IntegrityError, OperationalError)


@pytest.fixture
def marked():
    return marked_three()


def test_nothing_changes_once_it_is_frozen(marked):
    call, (one, two, _three), managers = marked
    place_dossier(two, True, "Confirmé.", by=managers[0].user, at=RANKED)
    written = write(give(one, make_rapporteur(call)), 1.0)
    freeze(call, managers)
    by, sent = managers[0].user, one.assignments.exclude(pk=written.pk).get().sheets.get()
    refused("already_frozen", place_dossier, one, False, "Trop tard.", by=by, at=LATER)
    refused("already_frozen", unplace_dossier, two, by=by, at=LATER)
    for act in (propose_shortlist, freeze_shortlist):
        refused("already_frozen", act, call, digest_of(call), by=managers[1].user, at=LATER)
    refused("frozen", reopen_sheet, sent, "Trop tard.", by=by, at=SCORING)
    refused("window_over", reopen_sheet, sent, "Trop tard.", by=by, at=LATER)
    refused("frozen", send_sheet, written, by=written.rapporteur.user, at=SCORING)
    refused("window_over", send_sheet, written, by=written.rapporteur.user, at=LATER)
    assert [row.is_sent for row in (sent.assignment.sheets.get(), written.sheets.get())] == [True, False]


def test_database_keeps_the_frozen_list(marked):
    call, (one, *_others), managers = marked
    place_dossier(one, True, "Vu.", by=managers[0].user, at=RANKED)
    propose_shortlist(call, digest_of(call), by=managers[0].user, at=RANKED)
    Shortlist.objects.update(decided_at=LATER)
    Placement.objects.update(reason="Relu.")
    Shortlist.objects.update(decided_at=RANKED)
    Placement.objects.update(reason="Vu.")
    freeze_shortlist(call, digest_of(call), by=managers[1].user, at=RANKED)
    for model, change in (
        (Shortlist, {"digest": "0" * 64}),
        (Placement, {"reason": "Autre."}),
        (ShortlistEntry, {"rank": 9}),
    ):
        with pytest.raises(KEPT, match="refuses UPDATE"), transaction.atomic():
            model.objects.filter(pk=model.objects.first().pk).update(**change)
        with pytest.raises(KEPT, match="refuses DELETE"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_database_takes_no_row_once_the_list_is_frozen(marked):
    call, (one, two, three), managers = marked
    place_dossier(one, True, "Vu.", by=managers[0].user, at=RANKED)
    other = make_deposited(call)
    freeze(call, managers)
    late = [
        Placement(application=two, is_shortlisted=False, reason="Après coup.", by=managers[0].user, at=LATER),
        ShortlistEntry.objects.get(application=three),
    ]
    late[1].pk, late[1].application, late[1].rank = None, other, 9
    for row in late:
        with pytest.raises(KEPT, match="refuses INSERT"), transaction.atomic():
            row.save(force_insert=True)
    assert (Placement.objects.count(), ShortlistEntry.objects.count()) == (1, 3)


@pytest.mark.parametrize("table", ["reviews_placement", "reviews_shortlistentry"])
def test_trigger_that_refuses_new_rows_is_missed(table):
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_insert{on}")
    assert append_only.missing() == [f"{table}_no_insert"]


def test_database_holds_each_rule_of_the_list(marked):
    call, (one, two, _three), (manager, other) = marked
    propose_shortlist(call, digest_of(call), by=manager.user, at=RANKED)
    shortlist = Shortlist.objects.get()
    figures = {"mean": 1, "median": 1, "spread": 0, "lowest": 1, "sheets": 1, "is_shortlisted": True, "is_equal": False}
    held = {
        "shortlist_is_confirmed_by_another_person": lambda: Shortlist.objects.update(
            confirmed_by=manager.user, confirmed_at=RANKED
        ),
        "placement_has_a_reason": lambda: Placement.objects.create(
            application=one, is_shortlisted=True, reason="", by=other.user, at=RANKED
        ),
        "shortlistentry_rank_counts_from_one": lambda: ShortlistEntry.objects.create(
            shortlist=shortlist, application=one, rank=0, **figures
        ),
    }
    for name, act in held.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        for dossier in (one, two):
            ShortlistEntry.objects.create(shortlist=shortlist, application=dossier, rank=1, **figures)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shortlist.objects.filter(pk=shortlist.pk).update(confirmed_at=RANKED)
    assert (str(shortlist), str(ShortlistEntry(rank=1, application=one))) == (
        f"{call.pk} {shortlist.digest[:8]}",
        f"1 {one.pk}",
    )


def test_every_rule_has_its_words(marked):
    call = marked[0]
    criteria = list(call.criterion_set.all())
    words = [rule_label(rule, criteria) for rule in call.evaluation.tie_break]
    assert words == [
        "critère «\u202fleurs bénéfices potentiels rapides\u202f»",
        "critère «\u202fleur contribution au partage des données mobilisées\u202f»",
        "médiane des fiches",
        "note la plus basse",
        "équilibre entre les axes",
        "décision collégiale motivée",
    ]
