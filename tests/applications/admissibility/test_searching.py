"""The list of dossiers, searched, put in order, and taken along."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Interest, Submission
from tests.applications.officers import at, conclude, make_ready
from tests.factories import CLOSED, OPEN, make_deposited, paris

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(paris(2020, 6, 4, 10, 7))


@pytest.fixture
def office():
    """An officer, and three dossiers that arrived one after the other."""
    make_deposited(acronym="ÉCLAIR", title="Lire une image", amount=10_000_000, at=OPEN)
    make_deposited(acronym="BRUME", title="Prévoir les fièvres", amount=30_000_000, at=OPEN)
    make_deposited(acronym="ZÉNITH", title="=HYPERLINK(1)", amount=20_000_000, at=OPEN)
    return make_ready()


def acronyms(client, officer, query):
    page = client.get(f"{at('check_list', officer.call)}?vue=tous&{query}")
    assert page.status_code == 200
    return [row.submission.acronym for row in page.context.get("rows", ())]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("eclair", {"ÉCLAIR"}),
        ("ÉCLA", {"ÉCLAIR"}),
        ("fievres prevoir", {"BRUME"}),
        ("hyperlink", {"ZÉNITH"}),
        ("ovelia", {"ÉCLAIR", "BRUME", "ZÉNITH"}),
        ("ovelia brume", {"BRUME"}),
        ("corse", set()),
        ("%", set()),
        ("\x00brume", {"BRUME"}),
    ],
)
def test_words_are_looked_for_whatever_their_accents(sign_in, office, words, found):
    assert set(acronyms(sign_in(office), office, f"q={words.replace('%', '%25')}")) == found


def test_numbers_of_dossiers_and_of_bodies_are_found(sign_in, office):
    client, sealed = sign_in(office), Submission.objects.get(acronym="BRUME")
    reference = sealed.application.reference
    assert acronyms(client, office, f"q={reference}") == ["BRUME"]
    assert "BRUME" in acronyms(client, office, f"q={reference[-4:]}")
    assert "BRUME" in acronyms(client, office, f"q={sealed.lead_siret[:9]}")


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("projet", ["BRUME", "ÉCLAIR", "ZÉNITH"]),
        ("-projet", ["ZÉNITH", "ÉCLAIR", "BRUME"]),
        ("aide", ["ÉCLAIR", "ZÉNITH", "BRUME"]),
        ("-aide", ["BRUME", "ZÉNITH", "ÉCLAIR"]),
        ("-depose", ["ZÉNITH", "BRUME", "ÉCLAIR"]),
        ("depose", ["ZÉNITH", "BRUME", "ÉCLAIR"]),  # they arrived in the same instant
        ("rien", ["ZÉNITH", "BRUME", "ÉCLAIR"]),
    ],
)
def test_list_stands_in_the_order_that_is_asked_for(sign_in, office, order, found):
    assert acronyms(sign_in(office), office, f"tri={order}") == found


def test_heads_say_the_order_and_turn_it(sign_in, office):
    page = sign_in(office).get(f"{at('check_list', office.call)}?vue=tous&tri=-aide&q=ovelia&page=1").text
    assert page.count("aria-sort") == 1 and 'aria-sort="descending"' in page
    assert "?vue=tous&amp;tri=aide&amp;q=ovelia" in page and "?vue=tous&amp;tri=projet&amp;q=ovelia" in page
    assert "De la plus grande aide demandée à la plus petite." in page


def table(client, officer, query=""):
    answer = client.get(f"{at('check_list_export', officer.call, 'csv')}{query}")
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_table_holds_what_the_list_shows(sign_in, office):
    client, brume = sign_in(office), Submission.objects.get(acronym="BRUME").application
    conclude(brume, office)
    lines = table(client, office, "?vue=tous&tri=projet")
    assert [line["Acronyme"] for line in lines] == ["BRUME", "ÉCLAIR", "ZÉNITH"]
    first = lines[0]
    assert (first["Numéro"], first["Aide demandée"]) == (brume.reference, "300000,00")
    bodies = [body.organisation.short_name for body in office.call.checking_bodies]
    assert [first[f"Contrôle, {name}"] for name in bodies] == ["Fait", "À faire"]
    assert first["Décision"] == "En attente"
    assert lines[2]["Titre"] == "'=HYPERLINK(1)"
    assert [line["Acronyme"] for line in table(client, office, "?vue=tous&q=brume")] == ["BRUME"]


def test_workbook_of_the_list_opens(sign_in, office):
    answer = sign_in(office).get(at("check_list_export", office.call, "xlsx") + "?vue=tous")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert len(list(sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"))) == 4


def test_dossier_of_an_interest_is_in_no_search_and_no_table(sign_in, office):
    brume = Submission.objects.get(acronym="BRUME").application
    other = make_ready(body=1)
    conclude(brume, other)
    tied = make_ready(name="Liée")
    Interest.objects.create(user=tied.user, application=brume, kind=Interest.Kind.DECLARED, declared_at=CLOSED)
    client = sign_in(tied)
    assert acronyms(client, tied, "q=brume") == []
    assert "BRUME" not in {line["Acronyme"] for line in table(client, tied)}


def test_table_is_nobodys_before_the_list_is_and_of_no_other_kind(sign_in, office, now_is):
    assert sign_in(office).get(at("check_list_export", office.call, "docx")).status_code == 404
    now_is(OPEN)
    assert sign_in(office).get(at("check_list_export", office.call, "csv")).status_code == 404


def test_order_and_search_cost_no_statement_more(sign_in, office):
    client, url = sign_in(office), at("check_list", office.call)

    def cost(query):
        client.get(url + query)
        with CaptureQueriesContext(connection) as asked:
            client.get(url + query)
        return len(asked)

    plain = cost("?vue=tous")
    assert cost("?vue=tous&tri=porteur") == plain
    assert cost("?vue=tous&tri=porteur&q=ovelia+brume") == plain + 1  # the count that no tab has
