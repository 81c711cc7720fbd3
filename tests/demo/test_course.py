"""The course from the assignment to the announcement: where each stage stands, and what is invented says so."""

import json
import re
from statistics import fmean, variance

import pytest
from django.urls import reverse

from applications.models import Submission
from hdh_portal.demo import marks, roles, stages, visit
from hdh_portal.demo.people import dossiers, rapporteurs
from hdh_portal.demo.script import script
from hdh_portal.records.models import Document
from hdh_portal.records.renderers import render
from jury.models import Announcement, Decision, Deliberation, Hearing, Opinion, Presence, Sitting
from reviews.models import Assignment, Mark, Placement, ScoreSheet, Shortlist, ShortlistEntry

pytestmark = pytest.mark.embedded

ROLE = "/demonstration/role/"
SLUG = script("call")["slug"]
RECUSED = "PRECISION-PREDICT"
PAPERS = ["score_sheet", "consolidated_sheet", "shortlist_letter", "minutes", "results_letter", "announcement"]
LAUREATES = [row["acronym"] for row in script("people")["laureates"]]


def references(acronyms):
    """`{acronym: reference}` in the live database."""
    rows = Submission.objects.counting().filter(acronym__in=acronyms).order_by("acronym")
    return dict(rows.values_list("acronym", "application__reference"))


def become(client, key):
    client.post(ROLE, {"role": key})


# Evaluation ---------------------------------------------------------------------------------------------------------


def test_scoring_stands_in_the_middle_of_the_sheets(demonstration):
    demonstration("scoring")
    sent, begun = ScoreSheet.objects.sent().count(), ScoreSheet.objects.filter(sent_at=None).count()
    undeclared = Assignment.objects.confirmed().filter(declared_at=None).count()
    assert 160 < sent < 240
    assert begun == len(script("course")["scoring"]["begun"])
    assert 20 < undeclared < 100


def test_rapporteur_has_a_sheet_begun_one_declined_and_the_others(demonstration):
    demonstration("scoring")
    email = roles.role_at(stages.current(), "rapporteur").email
    mine = Assignment.objects.filter(rapporteur__user__email=email).order_by("pk")
    sheet = ScoreSheet.objects.get(assignment__in=mine, sent_at=None)
    assert (sheet.marks.exclude(value=None).count(), sheet.opinion) == (4, "")
    assert [row.ended_reason for row in mine.exclude(ended_at=None)] == ["interest"]
    assert mine.current().count() in (16, 17)


def test_rapporteurs_who_stepped_aside_did_so_on_invented_dossiers(demonstration):
    demonstration("scoring")
    ended = Assignment.objects.filter(ended_reason="interest").order_by("pk")
    acronyms = Submission.objects.counting().filter(application__in=ended.values("application")).order_by("acronym")
    found = list(acronyms.values_list("acronym", flat=True))
    assert len(found) == 2
    assert set(found).isdisjoint(marks.listed())


def test_one_sheet_was_reopened_with_a_reason_and_sent_again(demonstration):
    demonstration("scoring")
    anew = ScoreSheet.objects.get(version__gt=1)
    first = ScoreSheet.objects.get(assignment=anew.assignment, version=1)
    assert (anew.is_sent, first.is_sent, bool(anew.reopened_reason)) == (True, True, True)
    before, after = (dict(sheet.marks.values_list("criterion__key", "value")) for sheet in (first, anew))
    assert {key for key in before if before[key] != after[key]} == {"innovation"}


def test_the_last_place_goes_by_the_published_order_between_equals(demonstration):
    demonstration("shortlisted")
    size = script("call")["evaluation"]["shortlist_size"]
    last, next_one = ShortlistEntry.objects.filter(rank__in=[size, size + 1]).order_by("rank")
    assert (last.is_shortlisted, next_one.is_shortlisted) == (True, False)
    assert last.mean == next_one.mean
    assert "bénéfices potentiels rapides" in last.reason
    assert last.reason.endswith("4,33 contre 3,50.") and next_one.reason.endswith("3,50 contre 4,33.")
    assert ShortlistEntry.objects.filter(mean=last.mean).count() == 4
    assert not Placement.objects.exists()


def test_the_list_does_not_hang_on_who_scores_what():
    """Whatever three rapporteurs a dossier gets, the same 21 come out: the matching may change."""
    equal, found = script("course")["shortlist"]["equal"], {}
    for acronym in dossiers():
        sheets = {tuple(tuple(marks.marks(acronym, seat.key, n).values()) for n in range(3)) for seat in rapporteurs()}
        assert len(sheets) == 1
        found[acronym] = sum(map(sum, sheets.pop())) / (3 * len(marks.criteria()))
    cut = {found[acronym] for acronym in equal}
    assert len(cut) == 1
    cut = cut.pop()
    assert {acronym for acronym in found if found[acronym] > cut} | (marks.listed() & equal.keys()) == marks.listed()


def test_one_sheet_says_as_much_of_a_dossier_as_in_real_panels(demonstration):
    """The reliability of one sheet: the share of its variance that lies between dossiers (intraclass correlation)."""
    demonstration("shortlisted")
    means = {}
    for sheet in ScoreSheet.objects.counting().prefetch_related("marks").select_related("assignment").order_by("pk"):
        found = fmean(mark.value for mark in sheet.marks.all())
        means.setdefault(sheet.assignment.application_id, []).append(found)
    between = 3 * variance(fmean(rows) for rows in means.values())
    within = fmean(variance(rows) for rows in means.values())
    assert (len(means), {len(rows) for rows in means.values()}) == (134, {3})
    assert 0.35 < (between - within) / (between + 2 * within) < 0.45


def test_before_the_freeze_two_managers_freeze_the_list(client, demonstration):
    demonstration("ranked")
    for key, name in (("manager", "shortlist_propose"), ("second-manager", "shortlist_freeze")):
        become(client, key)
        page = client.get(reverse("reviews:shortlist", args=[SLUG]))
        assert page.status_code == 200
        client.post(reverse(f"reviews:{name}", args=[SLUG]), {"digest": page.context["plan"].digest})
    assert Shortlist.objects.get().is_frozen
    assert ShortlistEntry.objects.filter(is_shortlisted=True).count() == 21


def test_on_the_last_evening_all_are_heard_and_decisions_are_to_be_taken(client, demonstration):
    demonstration("deliberating")
    assert Hearing.objects.filter(ended_at=None).count() == 0
    assert not Decision.objects.exists()
    become(client, "secretary")
    reference = references(["ONCOLINK"])["ONCOLINK"]
    assert client.get(reverse("jury:decision_edit", args=[SLUG, reference])).status_code == 200


def test_decisions_are_taken_inside_the_hours_of_a_sitting(demonstration):
    demonstration("announced")
    sittings = list(Sitting.objects.order_by("position"))
    for decision in Decision.objects.order_by("pk"):
        for at in (decision.decided_at, decision.confirmed_at):
            assert any(one.opens_at <= at <= one.closes_at for one in sittings)


def test_comments_are_as_long_as_the_call_wants():
    least = script("call")["evaluation"]["minimum_comment"]
    blocks = [text for levels in script("texts")["comments"].values() for texts in levels.values() for text in texts]
    assert [text for text in blocks if len(text) < least] == []
    assert script("texts")["comments"].keys() == set(marks.criteria())


def test_opinion_follows_the_mean(demonstration):
    demonstration("shortlisted")
    means = {"first": [], "possible": [], "no": []}
    for sheet in ScoreSheet.objects.sent().prefetch_related("marks").order_by("pk"):
        values = [mark.value for mark in sheet.marks.all()]
        means[sheet.opinion].append(sum(values) / len(values))
    assert max(means["no"]) < min(means["possible"])
    assert max(means["possible"]) < min(means["first"])


# Jury ---------------------------------------------------------------------------------------------------------------


def test_jury_stands_in_a_hearing_that_has_just_begun(demonstration):
    demonstration("jury")
    hearing = Hearing.objects.get(started_at__isnull=False, ended_at=None)
    minutes = (stages.current().at - hearing.started_at).total_seconds() / 60
    assert 3 < minutes < 6
    assert Hearing.objects.filter(ended_at__isnull=False).count() == 3
    assert visit.examples()["under_way"] == references(["SEPSALERT"])["SEPSALERT"]


def test_presidency_is_recused_by_the_rule_and_replaced(demonstration):
    demonstration("announced")
    reference = references([RECUSED])[RECUSED]
    recused = Presence.objects.filter(status=Presence.Status.RECUSED).select_related("juror", "hearing__application")
    assert [(row.juror.seat, row.hearing.application.reference) for row in recused] == [(1, reference)]
    presiding = Decision.objects.exclude(application__reference=reference).order_by().values_list("presiding__seat")
    assert {seat for (seat,) in presiding} == {1}
    assert Decision.objects.get(application__reference=reference).presiding.seat == 7
    assert Deliberation.objects.get().presiding.seat == 7


def test_jurors_note_invented_dossiers_only(demonstration):
    demonstration("announced")
    noted = {row.hearing.application.reference for row in Opinion.objects.select_related("hearing__application")}
    assert noted
    assert noted.isdisjoint(references(LAUREATES).values())


@pytest.mark.parametrize("renderer", PAPERS)
def test_worker_will_make_the_papers_as_they_were_queued(demonstration, renderer):
    """What happened after the act, up to the announcement, changes nothing of what the act asked for."""
    demonstration("announced")
    queued = list(Document.objects.filter(renderer=renderer).order_by("id"))
    for document in {queued[0], queued[len(queued) // 2], queued[-1]}:
        assert render(renderer, document.subject).digest() == document.digest


# What is invented about a real project says so ----------------------------------------------------------------------


def test_every_word_on_a_laureate_s_sheets_is_marked_as_invented(demonstration):
    demonstration("announced")
    sheets = ScoreSheet.objects.filter(submission__acronym__in=LAUREATES).order_by("pk")
    texts = [text for sheet in sheets for text in (sheet.transmissible, sheet.internal) if text]
    texts += Mark.objects.filter(sheet__in=sheets.values("pk")).order_by("pk").values_list("comment", flat=True)
    assert len(texts) >= len(LAUREATES) * 3 * 7
    assert [text for text in texts if "fictif" not in text] == []


@pytest.mark.parametrize(
    ("stage", "key", "address", "of_one"),
    [
        ("scoring", "manager", "reviews:sheet_dossier", True),
        ("shortlisted", "manager", "reviews:ranking", False),
        ("shortlisted", "manager", "reviews:sheet_dossier", True),
        ("jury", "juror", "jury:hearing_detail", True),
        ("jury", "juror", "jury:hearing_dossier", True),
        ("announced", "secretary", "jury:deliberation", False),
        ("announced", "secretary", "jury:decision_edit", True),
        ("announced", "secretary", "jury:minutes", False),
    ],
)
def test_page_with_invented_facts_of_a_real_project_says_so(client, demonstration, stage, key, address, of_one):
    demonstration(stage)
    become(client, key)
    one = [references(["TARPON"])["TARPON"]] if of_one else []
    page = client.get(reverse(address, args=[SLUG, *one]))
    assert page.status_code == 200
    # The bar says « fictif » of its own accord: it is left out.
    text = re.sub(r'<aside class="demo".*?</aside>', "", page.content.decode(), flags=re.S)
    assert "TARPON" in text
    assert 'class="fiction"' in text


def test_the_announcement_holds_published_facts_of_laureates_alone(client, demonstration):
    demonstration("announced")
    content = Announcement.objects.get().content
    assert {frozenset(row) for row in content["laureates"]} == {
        frozenset({"acronym", "title", "lead", "partners", "text"})
    }
    told = [json.dumps(content, ensure_ascii=False)]
    addresses = [reverse(f"jury:{name}", args=[SLUG]) for name in ("announcement", "announcement_json")]
    addresses.append(reverse("desk:results", args=[SLUG]))
    told += [page_text(client, address) for address in addresses]
    plain = [re.sub(r"\s", "", text) for text in told]
    for amount in amounts():
        assert [text[:80] for text in plain if re.search(rf"(?<!\d){amount}(?!\d)", text)] == []
    assert "fictif" not in json.dumps(content["laureates"], ensure_ascii=False).lower()


def amounts():
    """What laureates ask for and get, in whole euros, but for the cap of the call, which is published."""
    rows = Submission.objects.counting().filter(acronym__in=LAUREATES).order_by("pk")
    found = set(rows.values_list("amount_cents", flat=True))
    found |= set(Decision.objects.filter(conclusion="laureate").order_by().values_list("amount_cents", flat=True))
    return sorted(cents // 100 for cents in found - {script("call")["limits"]["max_grant_cents"]})


def page_text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    return re.sub(r'<aside class="demo".*?</aside>', "", text, flags=re.S)
