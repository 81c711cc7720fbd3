"""A type of question is one class: a new one is typed, judged, sealed, printed and exported by what it says."""

import json
import re
import tomllib

import pytest
import tomli_w
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import reverse

from applications.dossier.documents import dossier
from applications.dossier.reading import WorkingCopy
from applications.models import Call, Question
from applications.questions.fields import NumberAnswer
from applications.questions.types import TYPES, QuestionType, type_of
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.records import rendering
from tests import papers
from tests.factories import CALLS, OPEN, deposit, make_draft, owner_of, paris

pytestmark = pytest.mark.django_db
BEFORE = paris(2019, 12, 2, 9)
LABEL = "Année de la première collecte"


class Year(QuestionType):
    key, label = "year", "année"

    def read(self, reader, row, call):
        return {"first": reader.integer("first", least=1900, most=2100)}

    def make(self, question, **common):
        return NumberAnswer(minimum=question.rules["first"], maximum=2100, unit="", **common)

    def text(self, question, value, form):
        return f"en {value}"


def table_with(**rules):
    """The call of 2020, parsed, with one question more, of the type `year`."""
    table = tomllib.loads(CALLS["2020"].read_text(encoding="utf-8"))
    question = {"key": "since", "label": LABEL, "hint": "", "type": "year", "required": "deposit", "column": ""}
    table["form"]["sections"][0]["questions"].append(question | {"criterion": ""} | rules)
    return table


def faults(table):
    with pytest.raises(schema.BadFile) as bad:
        schema.read_table(table, "")
    return {problem.key: problem for problem in bad.value.problems}


@pytest.fixture
def call(monkeypatch, now_is):
    """A call that asks a question of a type that the portal did not know."""
    monkeypatch.setitem(TYPES, Year.key, Year())
    now_is(BEFORE)
    call = load_call(schema.read(tomli_w.dumps(table_with(first=2000)).encode()), by=None, at=BEFORE).call
    now_is(OPEN)
    return Call.objects.get(pk=call.pk)


def told(application):
    """What is to be mended in the answer."""
    return [problem.message for problem in WorkingCopy(application).blocking if problem.question.key == "since"]


def test_question_of_a_new_type_is_exported_as_it_was_loaded(call, capsys):
    call_command("export_call", call.slug)
    assert tomllib.loads(capsys.readouterr().out) == table_with(first=2000)


def test_question_of_a_new_type_is_typed_and_judged(call, client):
    application = make_draft(call)
    client.force_login(owner_of(application))
    assert told(application) == ["Réponse attendue."]
    for typed, faults in (("1999", ["Indiquez un nombre entier, de 2\u202f000 à 2\u202f100."]), ("2014", [])):
        address = reverse("applications:section_save", args=[application.reference, "identity"])
        assert client.post(address, {"since": typed}, headers={"HX-Request": "true"}).status_code == 200
        page = client.get(reverse("applications:section_edit", args=[application.reference, "identity"]))
        assert re.search(f'<input[^>]* name="since"[^>]* value="{typed}"', page.content.decode())
        assert told(application) == faults


def test_question_of_a_new_type_is_sealed_and_printed(call):
    submission = deposit(make_draft(call, since=2014))
    assert json.loads(submission.body.canonical)["answers"]["since"] == 2014
    paper = dossier(submission.pk)
    answers = {answer["label"]: answer for answer in paper.context["sections"][0]["answers"]}
    assert answers[LABEL]["paragraphs"] == [["en 2014"]]
    assert "en 2014" in " ".join(papers.words(rendering.pdf(paper.template, paper.context)))


def test_rules_of_a_new_type_are_read_with_their_faults(call):
    where = f"form.sections[1].questions[{len(table_with()['form']['sections'][0]['questions'])}]"
    assert set(faults(table_with())) == {f"{where}.first"}
    assert set(faults(table_with(first=2000, last=2020))) == {f"{where}.last"}


def test_unknown_type_fails_at_load_with_its_place_and_the_types_that_are_known():
    table = table_with(first=2000)
    count = len(table["form"]["sections"][0]["questions"])
    [(place, problem)] = faults(table).items()
    assert (place, problem.found) == (f"form.sections[1].questions[{count}].type", "«\u202fyear\u202f»")
    assert [key for key in TYPES if f"«\u202f{key}\u202f»" not in problem.expected] == []


def test_type_that_no_code_knows_is_never_taken_for_a_choice():
    with pytest.raises(LookupError, match="'year', the type of the question 'since'"):
        type_of(Question(key="since", type="year", rules={"choices": [], "multiple": False}))


@pytest.mark.parametrize("key", TYPES)
def test_each_type_has_a_name_for_people_a_key_that_fits_and_a_template(key):
    one = TYPES[key]
    assert (one.key, bool(one.label)) == (key, True)
    assert len(key) <= Question._meta.get_field("type").max_length
    assert get_template(one.template)
