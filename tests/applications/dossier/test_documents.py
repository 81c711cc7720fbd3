"""The papers of the first stage: what they say, from sealed rows only, in few statements, and nothing they reach."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.dossier.actions.draft import save_answers
from applications.dossier.actions.uploading import attach_file
from applications.dossier.documents import annex_pages, dossier, receipt
from applications.models import Application, Call, Letter, Outcome, SealedFile
from applications.release.documents import letter
from applications.release.letters import letter_context, letters_for
from applications.release.reading import Admissibility
from applications.words import paragraphs
from hdh_portal.ground.wording import after_colon
from hdh_portal.records import rendering
from hdh_portal.records.models import Document
from tests import hostile
from tests import papers as read
from tests.applications.officers import conclude, make_ready, refused_point
from tests.factories import OPEN, deposit, make_deposited, make_draft, owner_of, paris, siret, the_call
from tests.papers import canary  # noqa: F401 - a fixture
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LAST_HOUR = paris(2020, 6, 1, 11, 42, 7)
RELEASED = paris(2020, 6, 8, 18, 30)


def made(paper):
    return rendering.pdf(paper.template, paper.context)


def text_of(paper):
    return " ".join(read.words(made(paper)))


@pytest.fixture
@world
def twice():
    """A dossier that was deposited, changed, given an annex and deposited again in the last hour."""
    application = make_draft(acronym="DERMALIA", title="Un titre")
    deposit(application)
    owner = owner_of(application)
    save_answers(application, {"acronym": "DERMALIA 2"}, by=owner, at=OPEN)
    question = application.call.questions.get(key="financial_annex")
    upload = SimpleUploadedFile("Annexe « été ».pdf", hostile.pdf(), content_type="application/pdf")
    attach_file(application, question, upload, by=owner, at=OPEN)
    again = Application.objects.get(pk=application.pk)
    return deposit(again, at=LAST_HOUR.replace(microsecond=318_000))


def judged(refuse=False, **answers):
    """A dossier that both bodies found admissible, or not, and its outcome."""
    application = make_deposited(**answers)
    points = [refused_point(application)] if refuse else []
    for body in (0, 1):
        conclude(application, make_ready(body=body), refuse=points, reason="La feuille « Budget » est vide.")
    return application, Outcome.objects.select_related("application__call", "ground").get(application=application)


# Receipt ------------------------------------------------------------------------------------------------------------


def test_receipt_is_a_picture_of_the_signed_file(twice):
    signed = json.loads(bytes(twice.receipt))
    said = receipt(twice.pk).context
    assert (said["reference"], said["version"], said["key"]) == (signed["receipt"]["reference"], 2, signed["key_id"])
    assert said["journal"].replace(" ", "") == signed["receipt"]["journal"] == twice.entry.hash
    assert said["dossier"].replace(" ", "") == signed["receipt"]["dossier"] == twice.digest
    assert said["arrived_ms"] == "lundi 1er\u00a0juin 2020 à 11:42:07,318"
    assert said["ahead"] == "17\u00a0min\u00a052\u00a0s"
    assert said["replaced"] == "remplace la version 1, arrivée le vendredi 29\u00a0mai 2020 à 09:12:00"
    assert [element["whole"].replace(" ", "") for element in said["elements"]] == [
        twice.digest,
        *(file["sha256"] for file in signed["receipt"]["files"]),
    ]


def test_receipt_bears_every_mention_of_the_law(twice):
    page, call = text_of(receipt(twice.pk)), twice.application.call
    law = call.texts["receipt"]
    for mention in (*call.texts["contact"].values(), law["silence"], law["remedies"], "samedi 1er août 2020"):
        assert mention in page
    assert "lundi 1er juin 2020 à 11:42:07 (heure de Paris)" in page
    assert f"recepisse-{twice.application.reference}-v2.json" in page


def test_receipt_says_which_of_its_mentions_are_invented(twice):
    assert "coordonnées fictives" in text_of(receipt(twice.pk))
    call = twice.application.call
    call.texts = call.texts | {"sources": {}}
    call.save(update_fields=["texts"])
    page = text_of(receipt(twice.pk))
    assert ("coordonnées fictives" in page, "date fictive" in page) == (False, False)


def test_first_receipt_replaces_nothing():
    submission = make_deposited().last_submission()
    assert receipt(submission.pk).context["replaced"] == ""


# Dossier ------------------------------------------------------------------------------------------------------------


def test_dossier_shows_every_answer_that_was_sealed(twice):
    page = text_of(dossier(twice.pk))
    for question in twice.application.call.questions.all():
        assert question.label.replace("\u202f", " ").replace("\u00a0", " ") in page
    assert "Annexe « été ».pdf" in page
    assert twice.digest[:8] in page.replace(" ", "")


def test_dossier_is_the_sealed_version_whatever_is_typed_later(twice):
    before = dossier(twice.pk)
    save_answers(twice.application, {"title": "Un autre titre"}, by=owner_of(twice.application), at=LAST_HOUR)
    assert dossier(twice.pk) == before


def test_paragraphs_keep_lines_and_blank_lines():
    assert paragraphs("un\ndeux\n\n\n\n trois \n") == [["un", "deux"], [" trois"]]
    assert paragraphs("") == []


# Letters ------------------------------------------------------------------------------------------------------------


def test_letter_of_a_refusal_gives_ground_reason_and_remedies():
    application, outcome = judged(refuse=True)
    [paper] = letters_for(Admissibility(), [outcome], at=RELEASED)
    parts = [*paper.context["blocks"], *paper.context["annex"]]
    blocks = {block["heading"]: block["paragraphs"] for block in parts}
    ground = outcome.ground
    assert list(blocks) == ["Décision", "Motif", "Recours", "Service chargé du dossier"]
    assert blocks["Motif"][:2] == [
        [f"{ground.label}\u00a0: {after_colon(ground.text)}"],
        ["La feuille « Budget » est vide."],
    ]
    assert blocks["Recours"] == [[application.call.texts["authority"]["remedies"]]]
    assert paper.context["day"] == "8\u00a0juin 2020"
    assert paper.context["authority"]["name"] == "Health Data Hub"


def test_letter_of_an_admissible_dossier_has_no_remedy():
    _application, outcome = judged()
    [paper] = letters_for(Admissibility(), [outcome], at=RELEASED)
    assert [block["heading"] for block in paper.context["blocks"]] == ["Décision"]
    assert paper.context["annex"] == []


def test_letter_names_no_person():
    application, outcome = judged(refuse=True)
    page = text_of(letters_for(Admissibility(), [outcome], at=RELEASED)[0])
    names = [*application.members.values_list("user__name", flat=True), *_officers_of(application)]
    assert [name for name in names if name in page] == []


def _officers_of(application):
    return application.checks.values_list("officer__user__name", flat=True)


def test_preview_of_a_letter_says_what_the_letter_will_say():
    _application, outcome = judged(refuse=True)
    preview = letter_context(Admissibility(), outcome)
    dated = preview | {"day": "8\u00a0juin 2020", "long_day": "lundi 8\u00a0juin 2020"}
    assert dated == letters_for(Admissibility(), [outcome], at=RELEASED)[0].context


def test_what_people_type_is_never_read_as_a_placeholder():
    _application, outcome = judged(refuse=True, acronym="{reasons} {0.__class__}")
    said = str(letters_for(Admissibility(), [outcome], at=RELEASED)[0].context)
    assert "{reasons} {0.__class__}" in said


def test_letter_keeps_every_paragraph_of_its_text():
    application, outcome = judged()
    Letter.objects.filter(call=application.call, kind="admissible").update(body="Un.\n\nDeux {reference}.\n\n{service}")
    [block] = letters_for(Admissibility(), [outcome], at=RELEASED)[0].context["blocks"]
    assert block["paragraphs"] == [["Un."], [f"Deux {application.reference}."]]


# Statements and form ------------------------------------------------------------------------------------------------


def test_each_renderer_reads_in_few_statements(twice, django_assert_max_num_queries):
    _application, outcome = judged()
    annex = SealedFile.objects.get(submission=twice)
    for renderer, subject in ((receipt, twice), (dossier, twice), (letter, outcome), (annex_pages, annex)):
        with django_assert_max_num_queries(5):
            renderer(subject.pk)


def test_letters_cost_the_same_for_one_and_three(django_assert_num_queries):
    for _ in range(3):
        judged()
    outcomes = list(Outcome.objects.select_related("application__call", "ground"))
    for few in (outcomes[:1], outcomes):
        with django_assert_num_queries(3):
            assert len(letters_for(Admissibility(), few, at=RELEASED)) == len(few)


def test_papers_are_tagged_in_one_font_and_bear_their_reference(twice, tmp_path):
    _application, outcome = judged(refuse=True)
    for paper in (receipt(twice.pk), dossier(twice.pk), letters_for(Admissibility(), [outcome], at=RELEASED)[0]):
        content = made(paper)
        assert read.faults(content, tmp_path) == []
        assert read.families(content) == {"Radio-Canada"}
        pages = read.words(content)
        for number, page in enumerate(pages, 1):
            assert paper.context["reference"] in page
            assert f"page {number} sur {len(pages)}" in page


def test_deposit_leaves_the_papers_with_the_digest_of_the_act(twice):
    rows = Document.objects.filter(subject=twice.pk, renderer__in=["receipt", "dossier"])
    assert {row.digest for row in rows} == {receipt(twice.pk).digest(), dossier(twice.pk).digest()}


# Hostile text -------------------------------------------------------------------------------------------------------


def test_hostile_text_in_every_field_reaches_nothing(canary, tmp_path):  # noqa: F811 - a fixture
    port = canary.getsockname()[1]
    text = read.hostile_text(port)
    short = f'<img src="http://127.0.0.1:{port}/">'
    call = the_call()
    answers = {}
    for question in call.questions.filter(type__in=("text", "long_text")):
        answers[question.key] = (short if question.type == "text" else text)[: question.rules["limit"]].strip()
    answers["acronym"] = "<img src=file:///x>"
    name = f"{short}<link rel=attachment href=file:///etc/passwd>"
    partner = {"name": name, "siret": siret(7), "category": call.category_set.first().key}
    application = make_draft(call, **answers, partners=[partner])
    upload = SimpleUploadedFile("<img src=x> url(x).pdf", hostile.pdf(), content_type="application/pdf")
    attach_file(application, call.questions.get(key="financial_annex"), upload, by=owner_of(application), at=OPEN)
    submission = deposit(application)
    for body in (0, 1):
        conclude(application, make_ready(body=body), refuse=[refused_point(application)], reason=text[:900])
    outcome = Outcome.objects.select_related("application__call", "ground").get(application=application)
    for paper in (
        receipt(submission.pk),
        dossier(submission.pk),
        letters_for(Admissibility(), [outcome], at=RELEASED)[0],
    ):
        content = made(paper)
        assert "<img src=" in " ".join(read.words(content))
        assert set(read.attachments(content)) <= {"/Names", "/Link"}
        # The portal's own addresses, and the one that the call's remedies name: none that anybody typed.
        ours = ("http://localhost:8000/", "https://www.telerecours.fr")
        assert [address for address in read.links(content) if not address.startswith(ours)] == []
        assert b"root:x:0:0" not in content
        assert read.faults(content, tmp_path) == []
        assert read.families(content) == {"Radio-Canada"}
    assert read.heard(canary) is False


# Another call -------------------------------------------------------------------------------------------------------


def test_papers_of_another_call_say_nothing_of_the_first():
    call = the_call("autre")
    at = call.submission.opens_at
    submission = make_deposited(call, at=at).last_submission()
    first = the_call()
    page = text_of(receipt(submission.pk)) + text_of(dossier(submission.pk))
    assert call.title in page
    assert first.title not in page
    assert (
        first.texts["contact"]["email"] not in page or first.texts["contact"]["email"] == call.texts["contact"]["email"]
    )
    assert Call.objects.count() == 2
