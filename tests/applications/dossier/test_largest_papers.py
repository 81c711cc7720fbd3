"""The largest papers that a call allows: their time grows with their pages, and is far from the limit of a task.

Seconds are those of the processor: what other processes of the machine do meanwhile is not what is measured.
"""

import time

import pytest

from applications.dossier.confined import contents
from applications.dossier.documents import dossier, receipt
from applications.dossier.pages import DRAWERS
from applications.dossier.uploads import FORMATS
from applications.words import paragraphs
from hdh_portal import celeryconfig
from hdh_portal.records import rendering
from tests import pace
from tests import papers as read
from tests.factories import OPEN, make_deposited, siret, the_call
from tests.hostile.office import ods

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LINES, PARAGRAPHS, WORDS = "a\n", "a\n\n", "données de santé "
AT = {"2020": lambda call: OPEN, "autre": lambda call: call.submission.opens_at}


def seconds(template, context):
    """`(pdf, seconds of the processor)` of one paper."""
    rendering.pdf("paper/annex.html", {"parts": [], "is_text": True})  # fonts and style sheet are read once a process
    start = time.process_time()
    made = rendering.pdf(template, context)
    return made, time.process_time() - start


def filled(text, limit):
    return (text * limit)[:limit].strip()


def largest(name, text):
    """A deposit of the named call in which every answer is as long as may be, made of `text`."""
    call = the_call(name)
    answers = {
        question.key: filled(text, question.rules["limit"]) for question in call.questions.filter(type="long_text")
    }
    category = call.category_set.first().key
    partners = [
        {"name": f"{WORDS * 10}{n}", "siret": siret(n), "category": category} for n in range(call.max_partners or 0)
    ]
    if call.questions.filter(column="partners").exists():
        answers["partners"] = partners
    return make_deposited(call, at=AT[name](call), **answers).last_submission()


@pytest.mark.parametrize("text", [LINES, PARAGRAPHS, WORDS])
@pytest.mark.parametrize("name", ["2020", "autre"])
def test_largest_dossier_of_a_call_is_printed_far_below_the_limit_of_a_task(name, text):
    submission = largest(name, text)
    paper = dossier(submission.pk)
    made, took = seconds(paper.template, paper.context)
    assert took < pace.slowness() * celeryconfig.task_soft_time_limit / 2
    asked = sum(question.rules["limit"] for question in submission.application.call.questions.filter(type="long_text"))
    first = text.split()[0]
    printed = sum(page.split().count(first) for page in read.words(made))
    assert printed >= asked // len(text) - 20  # What a limit cuts in the middle of a word aside.
    paper = receipt(submission.pk)
    assert seconds(paper.template, paper.context)[1] < 5


# Twice as much takes twice as long ------------------------------------------------------------------------------------


def of_dossier(count):
    answer = {"label": "Question", "column": None, "paragraphs": paragraphs(LINES * count), "files": []}
    return "paper/dossier.html", {"sections": [{"title": "Section", "answers": [answer]}]}


def of_letter(count):
    block = {"heading": "Motif", "paragraphs": paragraphs(LINES * count)}
    return "paper/letter.html", {"blocks": [block], "day": "8 juin"}


def of_minutes(count):
    return "paper/minutes.html", {"dossiers": [{"reason": paragraphs(LINES * count)}], "day": "8 juin"}


def of_sheet(count):
    said = [{"rapporteur": "R", "paragraphs": paragraphs(LINES * (count // 2))} for _n in range(2)]
    return "paper/consolidated_sheet.html", {"sheets": [{}], "comments": [{"label": "Critère", "said": said}]}


def of_score_sheet(count):
    return "paper/score_sheet.html", {"transmissible": paragraphs(LINES * count)}


def of_workbook(count):
    rows = [[WORDS * 30] * 14 for _n in range(count // 200)]
    return "paper/annex.html", {
        "parts": [{"title": "Budget", "bands": [{"columns": "", "rows": rows}]}],
        "is_text": False,
    }


def of_text(count):
    return "paper/annex.html", {"parts": [{"rows": [[WORDS * 20]] * (count // 8)}], "is_text": True}


@pytest.mark.ignore_template_errors  # Contexts say what is long, and nothing else.
@pytest.mark.parametrize("paper", [of_dossier, of_letter, of_minutes, of_sheet, of_score_sheet, of_workbook, of_text])
def test_paper_of_twice_the_text_takes_about_twice_as_long(paper):
    once, twice = (min(seconds(*paper(count))[1] for _n in range(2)) for count in (800, 1600))
    assert twice < 2.6 * once


def test_annex_that_says_more_than_its_pages_hold_is_cut_and_says_so(tmp_path):
    cells = f"<table:table-cell><text:p>{WORDS * 30}</text:p></table:table-cell>" * 14
    rows = f'<table:table-row table:number-rows-repeated="300">{cells}</table:table-row>'
    path = tmp_path / "annexe"
    path.write_bytes(ods(body=f'<table:table table:name="Budget">{rows}</table:table>' * 3))
    parts = contents.read(path, "ods")
    assert [part["is_cut"] for part in parts] == [True, True, True]
    assert sum(len(cell) for part in parts for row in part["rows"] for cell in row) <= contents.MOST_CHARACTERS
    start = time.process_time()
    pictures = DRAWERS[FORMATS["ods"].media_type](path, rendering.pdf)
    assert time.process_time() - start < pace.slowness() * celeryconfig.task_soft_time_limit / 2
    assert len(pictures) > 5
