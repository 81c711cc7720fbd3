"""What a letter that tells a decision names: who writes to whom, where and when, who decides, what may be done."""

import datetime
from importlib import import_module

import pytest
import tomli_w
from django.apps import apps
from django.urls import reverse

from applications.callfile.reading import compulsory
from applications.models import Outcome, SubmissionBody
from applications.release.actions import propose_release
from applications.release.documents import letter
from applications.release.letters import letter_context
from applications.release.reading import release_plan, stage_of
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.records import rendering
from tests import papers as read
from tests.applications.officers import words
from tests.applications.release.test_release import LATER, decided, digest_of, release
from tests.refusals import refused

pytestmark = pytest.mark.django_db
__all__ = ["decided"]


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(outcome):
    """All words of a letter's paper."""
    paper = letter(outcome.pk)
    return plain(" ".join(read.words(rendering.pdf(paper.template, paper.context))))


@pytest.mark.embedded
def test_letter_names_addressee_place_day_reference_authority_signatory_and_remedies(decided, tmp_path):
    call, _good, bad, managers = decided
    release(call, managers)
    text = said(bad.outcome)
    authority, contact = call.texts["authority"], call.texts["contact"]
    wanted = [
        *(
            f"Réponse à « Représentant légal du porteur » {bad.submissions.get().lead_name}",
            "Paris, le lundi 8 juin 2020",
        ),
        *(f"{bad.reference}, recevabilité", "Objet : Décision sur la recevabilité", "Le Health Data Hub a décidé"),
        *(f"{authority['signatory']} personne fictive", authority["quality"], authority["formula"]),
        *("deux mois suivant la notification de la présente décision", "Télérecours citoyens"),
        *(contact["service"], contact["address"], contact["phone"], contact["email"]),
    ]
    assert [one for one in wanted if plain(one) not in text] == []
    paper = letter(bad.outcome.pk)
    assert read.faults(rendering.pdf(paper.template, paper.context), tmp_path) == []


@pytest.mark.embedded
def test_preview_shows_the_same_head_and_signature(decided, sign_in, now_is):
    call, _good, bad, managers = decided
    now_is(LATER)
    address = reverse("applications:release_letter", args=[call.slug, "recevabilite", bad.reference])
    text = words(sign_in(managers[0]).get(address)).replace("\u202f", " ")
    assert "Réponse à « Représentant légal du porteur »" in text
    assert f"{call.texts['authority']['signatory']} personne fictive" in text


@pytest.mark.embedded
def test_letter_of_an_erased_or_unnamed_person_is_addressed_to_the_body_alone(decided):
    _call, _good, bad, _managers = decided
    stage, outcome = stage_of("admissibility"), Outcome.objects.get(pk=bad.outcome.pk)
    assert letter_context(stage, outcome)["addressee"]
    SubmissionBody.objects.filter(submission__application=bad).delete()
    found = letter_context(stage, Outcome.objects.get(pk=bad.outcome.pk))
    assert (found["addressee"], found["lead"]) == ("", bad.submissions.get().lead_name)


@pytest.mark.embedded
def test_signatory_that_is_no_invention_bears_no_mark(decided):
    call, _good, bad, _managers = decided
    del call.texts["sources"]["authority.signatory"]
    call.save(update_fields=["texts"])
    found = letter_context(stage_of("admissibility"), Outcome.objects.get(pk=bad.outcome.pk))
    assert found["authority"]["is_invented"] is False


# What a file must say -----------------------------------------------------------------------------------------------


def test_release_without_a_signatory_is_refused_with_what_to_do(decided):
    call, _good, _bad, managers = decided
    call.texts["authority"]["signatory"] = ""
    call.save(update_fields=["texts"])
    refusal = refused("no_signatory", propose_release, call, digest_of(call), by=managers[0].user, at=LATER)
    assert "complétez la table «\u202fauthority\u202f»" in refusal.sentence


def test_another_signatory_after_the_first_signature_is_signed_anew(decided):
    call, _good, _bad, _managers = decided
    before = release_plan(call).digest
    table = schema.table_of(call)
    table["authority"]["signatory"] = "Ana Essai"
    during = LATER - datetime.timedelta(hours=1)
    loading = load_call(schema.read(tomli_w.dumps(table).encode()), by=None, at=during)
    assert (loading.verb, loading.keys) == ("call_texts_changed", ["authority.signatory"])
    assert release_plan(loading.call).digest != before


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("admissible", {"authority"}),
        ("inadmissible", {"authority", "reasons", "remedies"}),
        ("shortlisted", {"authority"}),
        ("not_shortlisted", {"authority", "reasons", "remedies"}),
        ("laureate", {"authority", "amount", "conditions", "next_steps", "remedies"}),
        ("reserve", {"authority", "rank", "remedies"}),
        ("not_selected", {"authority", "reasons", "remedies"}),
    ],
)
def test_letter_without_a_compulsory_placeholder_is_refused_by_name(decided, kind, names):
    assert set(compulsory()[kind]) == names
    table = schema.table_of(decided[0])
    place = next(n for n, row in enumerate(table["letters"]) if row["kind"] == kind)
    for name in names:
        spoilt = {**table["letters"][place], "body": table["letters"][place]["body"].replace("{" + name + "}", "…")}
        letters = [*table["letters"][:place], spoilt, *table["letters"][place + 1 :]]
        with pytest.raises(schema.BadFile) as bad:
            schema.read_table({**table, "letters": letters}, "")
        assert [(one.key, one.expected) for one in bad.value.problems] == [
            (f"letters[{place + 1}].body", f"un texte où figure {{{name}}}")
        ]


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["signatory", "quality", "place", "formula", "remedies"])
def test_authority_is_compulsory(decided, name):
    table = schema.table_of(decided[0])
    table["authority"][name] = ""
    with pytest.raises(schema.BadFile) as bad:
        schema.read_table(table, "")
    assert [one.key for one in bad.value.problems] == [f"authority.{name}"]


def test_call_that_was_loaded_before_waits_for_its_signatory(decided):
    """What the migration gives such a call is exported, and tells by its release what is missing."""
    call, _good, _bad, managers = decided
    remedies = call.texts["receipt"]["remedies"]
    for key in ("authority", "award"):
        del call.texts[key]
    call.save(update_fields=["texts"])
    import_module("applications.migrations.0010_call_authority").give_an_authority(apps, None)
    call.refresh_from_db()
    authority = call.texts["authority"]
    assert (authority["organisation"], authority["signatory"], authority["remedies"]) == ("HDH", "", remedies)
    assert schema.table_of(call)["award"] == {"conditions": [], "next_steps": []}
    refused("no_signatory", propose_release, call, digest_of(call), by=managers[0].user, at=LATER)
