"""Nothing of the 2020 call stands in code or templates: its names and amounts are data, in `hdh_portal/demo` alone."""

import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
CODE = ("hdh_portal", "applications", "reviews", "jury", "templates", "static", "manage.py")
KINDS = {".py", ".html", ".txt", ".js", ".css", ".svg", ".toml", ".json"}
# Leads, partners and projects of the ten laureates: published in the announcement, not in the file of the call.
LAUREATES = (
    *("AI-DA Ultrasound", "APRIORICS", "APSoReN", "DAICAP", "DEEPMAP", "INNERVE", "PRECISION-PREDICT", "SEDAAR"),
    *("TARPON", "TAMIS"),
)
LEADS_AND_PARTNERS = (
    *("E-SCOPICS", "CHU Toulouse", "CHU de Toulouse", "AP-HP", "DAMAE Medical", "Quantmetry", "Institut Curie"),
    *("Fondation Rothschild", "Institut Mines Telecom", "Université de Bordeaux", "CHU Bordeaux", "CHU de Bordeaux"),
    *("Institut Claudius Regaud", "Collective Thinking", "Inria", "Edouard Herriot", "CHU Lille", "CHU Strasbourg"),
    *("Pellegrin", "INCEPTO", "Bicêtre", "Léon Bérard", "Oscar Lambret", "Paoli-Calmettes", "Jean Perrin"),
    *("François Baclesse", "Georges-François Leclerc", "Institut du Cancer de Montpellier", "Institut Bergonié"),
    *("ADCIS", "Avicenne", "TRIBVN"),
)
AMOUNTS = ("300 000", "300K", "30000000", "30_000_000", "300_000_00", "500 000", "3 000 000", "300000000")


def read_call():
    """The 2020 call, parsed."""
    return tomllib.loads((ROOT / "hdh_portal/demo/call-2020.toml").read_text())


def proper_names(call):
    """Jurors, speakers, openers, bodies, organisers and the names the context tells, from the file of the call."""
    jurors, speakers = call["jury"]["jurors"], call["speakers"]
    people = [row["name"] for row in (*jurors, *speakers, *call["ceremony"]["openers"])]
    bodies = [row[key] for row in call["organisations"] for key in ("name", "full_name")]
    words = [row["organisation"] for row in speakers]
    story = call["previous_call"]["success_story"]
    told = [story["project"], story["lead"], call["programme"]["origin"], call["programme"]["fund"], call["title"]]
    return {*people, *bodies, *words, *told, call["slug"], call["reference_prefix"], "Villani", "Agnès Buzyn", "SNDS"}


def labels(call):
    """Labels that only the file may hold."""
    return {row["label"] for row in (*call["axes"], *call["evaluation"]["criteria"])}


def normal(text):
    """One spelling of apostrophes and spaces; JSON and code escapes resolved as far as names need."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("\u2019", "'").replace("\\u2019", "'").replace("&nbsp;", " "))


def found_in(text, wanted):
    """Which of the wanted words stand in a text, as whole words, with their case."""
    text = normal(text)
    return sorted(word for word in wanted if re.search(rf"(?<![\w-]){re.escape(normal(word))}(?![\w-])", text))


def code_files():
    """Every file of code and templates but the demonstration's."""
    for top in CODE:
        path = ROOT / top
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            inside = file.relative_to(ROOT)
            if file.suffix in KINDS and inside.parts[:2] != ("hdh_portal", "demo") and "vendor" not in inside.parts:
                yield file


@pytest.fixture(scope="module")
def wanted():
    """Everything that may stand in the demonstration alone."""
    call = read_call()
    return {*proper_names(call), *labels(call), *LAUREATES, *LEADS_AND_PARTNERS, *AMOUNTS}


def test_code_and_templates_name_nothing_of_the_call(wanted):
    found = {}
    for file in code_files():
        words = found_in(file.read_text(), wanted)
        if words:
            found[str(file.relative_to(ROOT))] = words
    assert found == {}


def test_search_sees_code_and_templates():
    suffixes = {(file.relative_to(ROOT).parts[0], file.suffix) for file in code_files()}
    assert {("applications", ".py"), ("jury", ".py"), ("hdh_portal", ".py"), ("templates", ".html")} <= suffixes


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{% if juror == "Laetitia N’Doye" %}', "Laetitia N’Doye"),
        ("<p>300&nbsp;000\u00a0€</p>", "300 000"),
        ("GRANT = 30_000_000", "30_000_000"),
        ("# the DREES scores too", "DREES"),
        ("Institut\u202fCurie", "Institut Curie"),
        ("projet TARPON", "TARPON"),
    ],
)
def test_search_finds_a_name_that_is_planted(wanted, text, word):
    assert word in found_in(text, wanted)


def test_search_finds_the_call_in_its_own_file(wanted):
    text = (ROOT / "hdh_portal/demo/call-2020.toml").read_text()
    assert len(found_in(text, proper_names(read_call()))) == len(proper_names(read_call()))


@pytest.mark.parametrize("text", ["the hdh_portal package", "HDH_DEMO", "innerves", "UTC-8300000x"])
def test_search_leaves_other_words_alone(wanted, text):
    assert found_in(text, wanted) == []
