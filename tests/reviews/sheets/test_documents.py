"""The papers of the evaluation: what they say, from counting sheets only, in few statements, and nothing they reach."""

import pytest

from applications.interests.actions import declare_interest
from applications.models import Release
from applications.release.reading import stage_of
from hdh_portal.records import rendering
from hdh_portal.records.models import Document
from reviews.documents import (
    SCORE_SHEET,
    _ticks,
    consolidated_sheet,
    consolidated_sheets,
    mark_text,
    score_sheet,
    score_sheets,
)
from reviews.models import Assignment, Criterion, Evaluation, ScoreSheet, ShortlistEntry
from reviews.scoring.actions.sheet import reopen_sheet, save_sheet, send_sheet
from reviews.shortlist.documents import letter
from tests import papers as read
from tests.applications.officers import make_ready
from tests.factories import deposit, make_deposited, make_draft, paris, siret, the_call
from tests.papers import canary  # noqa: F401 - a fixture
from tests.reviews.makers import admissible, make_admissible, make_managers, make_rapporteur
from tests.reviews.marking import WORDS, freeze, give, seats, send
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 6, 18, 9, 5, 3)
MARKS = ([4.0, 3.5, 4.0, 4.5, 3.5, 3.5], [3.5, 3.0, 4.0, 3.0, 4.0, 3.5], [4.0, 4.0, 3.5, 4.0, 3.5, 3.0])


def made(paper):
    return rendering.pdf(paper.template, paper.context)


def text_of(paper):
    return " ".join(read.words(made(paper)))


@pytest.fixture
@world
def scored():
    """A dossier with a partner and three sheets, of bodies in the call's order: `(application, [sheet, …])`."""
    call = the_call()
    partner = {"name": "Algovia", "siret": siret(7), "category": call.category_set.first().key}
    [application] = make_admissible(make_deposited(call, acronym="RÉTINALIS", partners=[partner]))
    people = [make_rapporteur(call, body=body, name=f"Rapporteur {body}") for body in (0, 2, 7)]
    sheets = [
        send(application, marks, rapporteur=one, transmissible="À préciser.")
        for one, marks in zip(people, MARKS, strict=True)
    ]
    return application, sheets


def reopened(sheet, reason="Deux notes sont inversées.", at=LATER):
    """The sheet given back and sent again as it was."""
    manager, _other = make_managers(sheet.assignment.application.call)
    reopen_sheet(sheet, reason, by=manager.user, at=at)
    return manager, send_sheet(sheet.assignment, by=sheet.assignment.rapporteur.user, at=at)


# One sheet ----------------------------------------------------------------------------------------------------------


def test_sheet_says_the_sealed_dossier_the_marks_and_who_gave_them(scored):
    application, (sheet, *_others) = scored
    submission, said = application.last_submission(), score_sheet(sheet.pk).context
    assert (said["reference"], said["version"], said["acronym"]) == (application.reference, 1, "RÉTINALIS")
    assert (said["lead"], said["partners"], said["axis"]) == (
        *(submission.lead_name, "Algovia"),
        f"{submission.axis.position}, {submission.axis.short_label}",
    )
    assert [row["mark"] for row in said["marks"]] == ["4,0", "3,5", "4,0", "4,5", "3,5", "3,5"]
    assert said["marks"][0]["comment"] == [[WORDS]]
    assert (said["mean"], said["opinion"], said["sheet_version"]) == ("3,83", "À retenir si possible", 1)
    assert (said["rapporteur"], said["body"]) == ("Rapporteur 0", sheet.assignment.body.name)
    assert said["sent"] == "mardi 16\u00a0juin 2020 à 14:00:00"
    assert (said["transmissible"], said["internal"], said["replaced"]) == ([["À préciser."]], [], "")


def test_sheet_shows_everything_that_was_written(scored):
    application, (sheet, *_others) = scored
    page = text_of(score_sheet(sheet.pk))
    wanted = [application.reference, "Rapporteur 0", "Algovia", WORDS, "À préciser.", "3,83", "4,5", "poids égaux"]
    assert [one for one in wanted if one not in page] == []
    assert page.count(WORDS) == Criterion.objects.filter(call=application.call).count()


def test_sheet_that_was_reopened_says_what_it_replaces_and_why(scored):
    _application, (sheet, *_others) = scored
    manager, again = reopened(sheet)
    assert (again.version, score_sheet(again.pk).context["replaced"]) == (
        2,
        f"remplace la version 1, rouverte par {manager.user}\u00a0: Deux notes sont inversées.",
    )
    assert score_sheet(sheet.pk).context["replaced"] == ""


def test_sheet_weighs_the_marks_of_a_call_whose_weights_differ(scored):
    application, (sheet, *_others) = scored
    Criterion.objects.filter(call=application.call, position=1).update(weight=3.0)
    said = score_sheet(sheet.pk).context
    first = Criterion.objects.get(call=application.call, position=1)
    place = list(Criterion.objects.filter(call=application.call)).index(first)
    weights = ["1"] * 6
    weights[place] = "3"
    assert said["weights"] == "poids " + "\u202f; ".join(weights)
    mean = (sum(MARKS[0]) + 2 * MARKS[0][place]) / 8
    assert said["mean"] == f"{mean:.2f}".replace(".", ",")


@pytest.mark.parametrize(("step", "shown"), [(1.0, "4"), (0.5, "4,0"), (0.25, "4,00"), (0.1, "4,0")])
def test_mark_has_as_many_decimals_as_the_steps_of_the_call(step, shown):
    assert mark_text(4.0, Evaluation(mark_min=0.0, mark_max=5.0, mark_step=step)) == shown


# All sheets of a dossier ----------------------------------------------------------------------------------------------


def test_consolidated_sheet_tabulates_all_marks_and_the_place(scored):
    application, _sheets = scored
    said = consolidated_sheet(application.pk).context
    assert [sheet["rapporteur"] for sheet in said["sheets"]] == ["Rapporteur 0", "Rapporteur 2", "Rapporteur 7"]
    assert [sheet["mean"] for sheet in said["sheets"]] == ["3,83", "3,50", "3,67"]
    assert [row["marks"] for row in said["criteria"]][:2] == [["4,0", "3,5", "4,0"], ["3,5", "3,0", "4,0"]]
    assert [row["mean"] for row in said["criteria"]] == ["3,83", "3,50", "3,83", "3,83", "3,67", "3,33"]
    assert said["place"] == {
        "now": "3,67",
        "mean": "3,67",
        "median": "3,67",
        "spread": "0,33",
        "sheets": "3",
        "opinions": "3\u00a0à retenir si possible",
        "rank": "",
        "frozen": "",
    }
    assert said["caption"] == "3 fiches envoyées le 16\u00a0juin 2020, notes de 0 à 5, poids égaux"


def test_opinions_are_counted_in_their_order(scored):
    application, _sheets = scored
    person = make_rapporteur(application.call, body=4)
    assignment = give(application, person)
    save_sheet(assignment, opinion="first", by=person.user, at=LATER)
    _fill(assignment, person)
    said = consolidated_sheet(application.pk).context
    assert said["place"]["opinions"] == "1\u00a0à retenir en priorité, 3\u00a0à retenir si possible"
    assert said["caption"].startswith("4 fiches envoyées entre le 16\u00a0juin et le 18\u00a0juin 2020")


def _fill(assignment, person, comment=WORDS, **texts):
    keys = assignment.application.call.criterion_set.values_list("key", flat=True)
    words = dict.fromkeys(keys, comment)
    save_sheet(assignment, marks=dict.fromkeys(keys, 3.0), comments=words, by=person.user, at=LATER, **texts)
    return send_sheet(assignment, by=person.user, at=LATER)


LONG = [" ".join([WORDS] * 5)]


def test_page_one_holds_marks_and_place_and_the_rest_every_comment(scored):
    application, _sheets = scored
    call = application.call
    seats(call, 1)
    freeze(call, make_managers(call))
    paper = consolidated_sheet(application.pk)
    for row in paper.context["comments"]:
        for said in row["said"]:
            said["paragraphs"] = [LONG]
    first, *others = read.words(made(paper))
    for wanted in ("3,83", "Place du dossier", "Médiane", "Rang", "1 sur 1", "Rapporteur 7", "De 0 à 5"):
        assert wanted in first
    assert first.index("1 sur 1") < first.index("Critère")
    whole = " ".join([first, *others])
    assert (whole.count(WORDS), whole.count("À retenir si possible")) == (90, 3)


def test_rank_and_marks_stay_on_page_one_of_a_call_with_twice_as_many_criteria(scored):
    application, _sheets = scored
    seats(application.call, 1)
    freeze(application.call, make_managers(application.call))
    paper = consolidated_sheet(application.pk)
    paper.context["criteria"] *= 2
    assert "1 sur 1" in read.words(made(paper))[0]


def test_sheet_prints_each_mark_once_and_long_comments_take_one_more_page(scored):
    """The whole scale is used, so that each mark is a word of its own in the text of the page."""
    application, _sheets = scored
    person = make_rapporteur(application.call, body=4)
    sheet = send(application, [0.5, 1.0, 1.5, 2.5, 3.0, 4.5], rapporteur=person)
    paper = score_sheet(sheet.pk)
    pages = read.words(made(paper))
    assert [" ".join(pages).count(f" {mark} ") for mark in ("0,5", "1,0", "1,5", "2,5", "3,0", "4,5")] == [1] * 6
    assert all(mark in pages[0] for mark in ("0,5", "4,5", "À retenir en priorité"))
    for row in paper.context["marks"]:
        row["comment"] = [LONG]
    assert len(read.words(made(paper))) == 2


def test_ruler_places_marks_mean_and_spread_on_the_scale(scored):
    application, _sheets = scored
    said = consolidated_sheet(application.pk).context
    assert said["criteria"][0]["ruler"] == {
        "rings": ["p7 u0", "p8 u0"],
        "spread": "p7 u0 q2 v0",
        "mean": "p7 u7",
    }
    assert said["ticks"][:3] == ["p0 u0 whole", "p1 u0", "p2 u0 whole"]
    assert len(said["ticks"]) == 11


def test_scale_of_many_steps_is_drawn_with_ten_divisions():
    scale = Evaluation(mark_min=0.0, mark_max=100.0, mark_step=1.0)
    assert len(_ticks(scale)) == 11


def test_rank_is_shown_once_the_list_is_frozen(scored):
    application, _sheets = scored
    call = application.call
    seats(call, 1)
    freeze(call, make_managers(call))
    place = consolidated_sheet(application.pk).context["place"]
    assert (place["rank"], place["frozen"], place["mean"]) == ("1 sur 1", "29\u00a0juin 2020", "3,67")
    assert "Place du dossier dans la liste figée le 29 juin 2020" in text_of(consolidated_sheet(application.pk))


def test_sheet_whose_rapporteur_has_an_interest_counts_no_more(scored):
    application, (sheet, *others) = scored
    user = sheet.assignment.rapporteur.user
    officer = make_ready(application.call, user=user)
    declare_interest(application, by=officer.user, at=LATER)
    said = consolidated_sheet(application.pk).context
    assert [one["rapporteur"] for one in said["sheets"]] == ["Rapporteur 2", "Rapporteur 7"]
    assert ScoreSheet.objects.counting().count() == len(others)


def test_sheet_that_was_reopened_is_out_until_it_is_sent_again(scored):
    application, (sheet, *_others) = scored
    manager, _other = make_managers(application.call)
    reopen_sheet(sheet, "Deux notes sont inversées.", by=manager.user, at=LATER)
    assert len(consolidated_sheet(application.pk).context["sheets"]) == 2
    send_sheet(sheet.assignment, by=sheet.assignment.rapporteur.user, at=LATER)
    assert len(consolidated_sheet(application.pk).context["sheets"]) == 3


def test_dossier_without_a_sheet_has_a_paper_that_says_so():
    [application] = admissible()
    assert "Aucune fiche de ce dossier ne compte." in text_of(consolidated_sheet(application.pk))


# Letters ------------------------------------------------------------------------------------------------------------


def test_letter_tells_what_the_frozen_line_tells(scored):
    application, _sheets = scored
    [other] = make_admissible_again(application.call)
    seats(application.call, 1)
    freeze(application.call, make_managers(application.call))
    entry = ShortlistEntry.objects.get(application=other)
    page = text_of(letter(entry.pk))
    assert (entry.is_shortlisted, "Pas assez mûr." in page) == (False, True)
    names = list(ScoreSheet.objects.values_list("assignment__rapporteur__user__name", flat=True))
    assert [name for name in names if name in page] == []
    assert stage_of(Release.Stage.SHORTLIST).letter == "shortlist_letter"


def make_admissible_again(call):
    """One more admissible dossier of low marks; the release is over, so its state is set as the release would."""
    application = make_deposited(call)
    type(application).objects.filter(pk=application.pk).update(state="admissible")
    application.refresh_from_db()
    send(application, 1.0, rapporteur=make_rapporteur(call, body=1), transmissible="Pas assez mûr.")
    return [application]


# Statements and form --------------------------------------------------------------------------------------------------


def test_papers_cost_the_same_for_one_and_three(django_assert_num_queries):
    dossiers = admissible(3)
    sheets = [send(one, 3.0) for one in dossiers]
    for few in (1, 3):
        with django_assert_num_queries(3):
            assert len(score_sheets([sheet.pk for sheet in sheets[:few]])) == few
        with django_assert_num_queries(5):
            assert len(consolidated_sheets([one.pk for one in dossiers[:few]])) == few


def test_sent_sheet_leaves_its_paper_with_the_digest_of_the_act(scored):
    _application, sheets = scored
    rows = Document.objects.filter(renderer=SCORE_SHEET)
    assert {row.subject: row.digest for row in rows} == {one.pk: score_sheet(one.pk).digest() for one in sheets}


def test_papers_are_tagged_in_one_font_and_bear_their_reference(scored, tmp_path):
    application, (sheet, *_others) = scored
    for paper in (score_sheet(sheet.pk), consolidated_sheet(application.pk)):
        content = made(paper)
        assert read.faults(content, tmp_path) == []
        assert read.families(content) == {"Radio-Canada"}
        pages = read.words(content)
        for number, page in enumerate(pages, 1):
            assert application.reference in page
            assert f"page {number} sur {len(pages)}" in page


def test_hostile_text_in_every_field_reaches_nothing(canary, tmp_path):  # noqa: F811 - a fixture
    port = canary.getsockname()[1]
    text = read.hostile_text(port)[:4900]
    call = the_call()
    partner = {
        "name": f'<img src="http://127.0.0.1:{port}/">',
        "siret": siret(7),
        "category": call.category_set.first().key,
    }
    draft = make_draft(call, acronym="<img src=file:///x>", title="<link href=x>", partners=[partner])
    deposit(draft)
    draft.refresh_from_db()
    [application] = make_admissible(draft)
    person = make_rapporteur(call, name="<img src=x> url(x)")
    assignment = give(application, person)
    save_sheet(assignment, opinion="no", by=person.user, at=LATER)
    sheet = _fill(assignment, person, comment=text[:800], transmissible=text, internal=text)
    _manager, sheet = reopened(sheet, reason=text[:800])
    for paper in (score_sheet(sheet.pk), consolidated_sheet(application.pk)):
        content = made(paper)
        assert "<img src=" in " ".join(read.words(content))
        assert set(read.attachments(content)) <= {"/Names"}
        assert b"root:x:0:0" not in content
        assert read.faults(content, tmp_path) == []
        assert read.families(content) == {"Radio-Canada"}
    assert read.heard(canary) is False


def test_papers_of_another_call_follow_its_own_scale():
    call = the_call("autre")
    application = make_deposited(call, at=call.submission.opens_at)
    type(application).objects.filter(pk=application.pk).update(state="admissible")
    application.refresh_from_db()
    person = make_rapporteur(call, body=0, at=call.evaluation.opens_at)
    at = call.evaluation.opens_at
    states = {"proposed_at": at, "confirmed_at": at, "declared_at": at, "source": "manual"}
    assignment = Assignment.objects.create(application=application, rapporteur=person, body=person.body, **states)
    keys = call.criterion_set.values_list("key", flat=True)
    best = call.evaluation.mark_max
    words = {key: "x" * max(call.evaluation.minimum_comment, 1) for key in keys}
    save_sheet(assignment, marks=dict.fromkeys(keys, best), comments=words, opinion="first", by=person.user, at=at)
    sheet = send_sheet(assignment, by=person.user, at=at)
    said = score_sheet(sheet.pk).context
    assert {row["ruler"]["rings"][0] for row in said["marks"]} == {"p10 u0"}
    assert said["mean"] == f"{best:.2f}".replace(".", ",")
