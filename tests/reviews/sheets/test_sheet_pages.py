"""The managers' pages of the sheets: progress, papers as they stand, reopening, and the archive of all of them."""

import io
import zipfile

import pytest

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import declare_interest
from hdh_portal.records import tasks
from hdh_portal.records.models import Document
from reviews.documents import CONSOLIDATED
from reviews.scoring.actions.sheet import reopen_sheet, send_sheet
from tests.applications.officers import make_ready, words
from tests.factories import owner_of
from tests.reviews.makers import admissible, make_managers, make_rapporteur
from tests.reviews.marking import freeze, give, seats, send
from tests.reviews.sheets.test_papers import LATER, at, only_sheets, prepare, scored, work  # noqa: F401 - one is a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


# The list -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(sign_in, now_is):
    """The managers' list, read by one of them."""
    now_is(LATER)

    def read(manager, name="sheet_list", *args, **headers):
        response = sign_in(manager).get(at(name, manager.call, *args), headers=headers)
        response.file = b"".join(response.streaming_content) if response.streaming else b""
        return response

    return read


def test_list_counts_what_is_sent_by_body_and_who_is_late(scored, page):  # noqa: F811 - a fixture
    call, (_first, second), _sheets, manager = scored
    waits = make_rapporteur(call, body=1, name="Camille Roux")
    give(second, waits)
    response = page(manager)
    said = words(response)
    assert (response.context["sent"], response.context["expected"], response.context["complete"]) == (3, 4, 0)
    assert [body["text"] for body in response.context["bodies"]] == ["2 sur 2", "1 sur 2"]
    assert [(row["rapporteur"].user.name, row["load"].left) for row in response.context["late"]] == [
        ("Camille Roux", 1)
    ]
    assert "2 sur 3" in said
    assert "1 sur 3" in said


def test_list_shows_each_paper_as_it_stands(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), sheets, manager = scored
    assert "Pas préparée" in words(page(manager))
    prepare(call, manager)
    assert "En préparation" in words(page(manager))
    work()
    assert at("consolidated_pdf", call, first.reference) in page(manager).content.decode()
    Document.objects.filter(renderer=CONSOLIDATED, subject=first.pk).update(state="failed", file=None)
    assert "Échec" in words(page(manager))
    reopen_sheet(sheets[0], "Deux notes sont inversées.", by=manager.user, at=LATER)
    assert "À préparer de nouveau" in words(page(manager))


def test_progress_is_polled_until_all_is_ready(scored, page):  # noqa: F811 - a fixture
    call, _dossiers, _sheets, manager = scored
    prepare(call, manager)
    tasks.render_document(only_sheets().first().pk)
    part = page(manager, **{"HX-Request": "true"})
    assert part.headers["Vary"].count("HX-Request") == 1
    assert "1 PDF prêt sur 5" in part.content.decode().replace("\u202f", " ")
    assert "<html" not in part.content.decode()
    assert f'hx-get="{at("sheet_list", call)}"' in page(manager).content.decode()
    work()
    done = page(manager).content.decode()
    assert "hx-get" not in done
    assert at("sheet_archive", call) in done


def test_button_prepares_and_says_how_many(scored, sign_in, now_is):  # noqa: F811 - a fixture
    call, _dossiers, _sheets, manager = scored
    now_is(LATER)
    response = sign_in(manager).post(at("sheet_prepare", call), follow=True)
    assert "2 fiches sont en préparation" in words(response)
    work()
    assert "Toutes les fiches sont déjà prêtes" in words(sign_in(manager).post(at("sheet_prepare", call), follow=True))


def test_list_costs_the_same_for_one_and_three_dossiers(page, django_assert_num_queries):
    dossiers = admissible(3)
    call = dossiers[0].call
    manager, _other = make_managers(call)
    person = make_rapporteur(call)
    send(dossiers[0], 3.0, rapporteur=person)
    prepare(call, manager)
    page(manager)
    with django_assert_num_queries(24):
        page(manager)
    for one in dossiers[1:]:
        send(one, 3.0, rapporteur=person)
    prepare(call, manager)
    with django_assert_num_queries(24):
        assert len(page(manager).context["rows"]) == 3


def test_interest_closes_the_sheets_of_its_dossier_and_no_others(scored, page, sign_in):  # noqa: F811 - a fixture
    call, (first, second), sheets, manager = scored
    prepare(call, manager)
    work()
    with_interest = make_ready(call, power="manager")
    declare_interest(first, by=with_interest.user, at=LATER)
    response = page(with_interest)
    assert [row["application"] for row in response.context["rows"]] == [second]
    assert (response.context["sent"], response.context["consolidated"], response.context["papers"].total) == (1, 1, 2)
    assert (words(response).count("Votre déport"), first.reference in response.content.decode()) == (1, False)

    def of(dossier, sheet):
        return [("sheet_dossier", dossier.reference), ("consolidated_pdf", dossier.reference), ("sheet_pdf", sheet.pk)]

    assert [page(with_interest, *one).status_code for one in of(first, sheets[0])] == [404] * 3
    assert [page(with_interest, *one).status_code for one in of(second, sheets[2])] == [200] * 3
    assert sign_in(with_interest).post(at("sheet_reopen", call, sheets[0].pk)).status_code == 404
    assert (
        sign_in(with_interest).post(at("sheet_reopen", call, sheets[2].pk), {"reason": "À revoir."}).status_code == 302
    )
    assert [page(manager, *one).status_code for one in of(first, sheets[0])] == [200] * 3


def test_archive_of_who_has_an_interest_is_without_its_dossier(scored, page):  # noqa: F811 - a fixture
    call, (first, second), _sheets, manager = scored
    prepare(call, manager)
    work()
    with_interest = make_ready(call, power="manager")
    declare_interest(first, by=with_interest.user, at=LATER)
    names = zipfile.ZipFile(io.BytesIO(page(with_interest, "sheet_archive").file)).namelist()
    assert (len(names), [name for name in names if second.reference not in name]) == (2, [])


def test_nobody_else_has_a_page_of_it(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), sheets, _manager = scored
    rapporteur = sheets[0].assignment.rapporteur
    for person in (make_ready(call), rapporteur):
        for one in (("sheet_list",), ("sheet_dossier", first.reference), ("sheet_pdf", sheets[0].pk)):
            assert page(person, *one).status_code == 404


# One dossier ----------------------------------------------------------------------------------------------------------


def test_dossier_shows_each_sheet_and_its_paper(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), sheets, manager = scored
    prepare(call, manager)
    work()
    give(first, make_rapporteur(call, body=4, name="Camille Roux"))
    response = page(manager, "sheet_dossier", first.reference)
    tags = [str(row.tag["text"]) for row in response.context["rows"]]
    assert tags == ["Envoyée", "Envoyée", "À faire"]
    assert response.content.decode().count(".pdf") == 3
    pdf = page(manager, "sheet_pdf", sheets[0].pk)
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert pdf.file.startswith(b"%PDF")


def test_dossier_that_was_given_to_nobody_leads_to_its_assignment(page):
    (dossier,) = admissible()
    manager = make_managers()[0]
    url = at("sheet_dossier", dossier.call, dossier.reference)
    assert url in page(manager, "ranking").content.decode()
    assert url in page(manager, "shortlist_place", dossier.reference).content.decode()
    shown = page(manager, "sheet_dossier", dossier.reference)
    assert "Ce dossier n’est encore confié à aucun rapporteur." in words(shown)
    assert at("assignment_edit", dossier.call, dossier.reference) in shown.content.decode()


def test_void_sheet_is_shown_as_void_and_out_of_every_count(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), sheets, manager = scored
    officer = make_ready(call, user=sheets[0].assignment.rapporteur.user)
    declare_interest(first, by=officer.user, at=LATER)
    response = page(manager, "sheet_dossier", first.reference)
    assert [str(row.tag["text"]) for row in response.context["rows"]] == ["Envoyée", "Annulée"]
    assert "cette fiche ne compte pas" in words(response)
    assert response.content.decode().count("Rouvrir cette fiche") == 1
    assert page(manager).context["sent"] == 2


def test_reopening_needs_a_reason_and_keeps_what_was_typed(scored, page, sign_in):  # noqa: F811 - a fixture
    call, (first, _second), sheets, manager = scored
    page(manager)
    url = at("sheet_reopen", call, sheets[0].pk)
    refused = sign_in(manager).post(url, {"reason": "   "})
    assert (refused.status_code, "Erreur" in refused.content.decode()) == (422, True)
    long = "x" * 5001
    assert long in sign_in(manager).post(url, {"reason": long}).content.decode()
    done = sign_in(manager).post(url, {"reason": "Deux notes sont inversées."}, follow=True)
    assert "La fiche est rouverte" in words(done)
    assert "Deux notes sont inversées." in words(done)
    assert [str(row.tag["text"]) for row in done.context["rows"]] == ["Envoyée", "Rouverte"]
    send_sheet(sheets[0].assignment, by=sheets[0].assignment.rapporteur.user, at=LATER)
    versions = page(manager, "sheet_dossier", first.reference).context["rows"][0].versions
    assert [one.sheet.version for one in versions] == [2, 1]


def test_no_sheet_is_reopened_once_the_list_is_frozen(scored, page, sign_in):  # noqa: F811 - a fixture
    call, (first, _second), sheets, manager = scored
    seats(call, 1)
    freeze(call, make_managers(call))
    assert "Rouvrir cette fiche" not in words(page(manager, "sheet_dossier", first.reference))
    refused = sign_in(manager).post(at("sheet_reopen", call, sheets[0].pk), {"reason": "Trop tard."})
    assert (refused.status_code, "La fiche n’est pas rouverte" in words(refused)) == (409, True)
    assert "Votre texte : Trop tard." in words(refused)


def test_reason_stays_on_the_page_where_another_person_reopened_first(scored, page, sign_in):  # noqa: F811 - a fixture
    call, _dossiers, sheets, manager = scored
    page(manager)
    reopen_sheet(sheets[0], "À revoir.", by=make_managers(call)[0].user, at=LATER)
    refused = sign_in(manager).post(at("sheet_reopen", call, sheets[0].pk), {"reason": "Deux notes inversées."})
    assert (refused.status_code, "Votre texte : Deux notes inversées." in words(refused)) == (409, True)
    assert f"#reason-{sheets[0].pk}" not in refused.content.decode()


def test_pdf_that_is_not_made_as_it_stands_is_no_page(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), _sheets, manager = scored
    assert page(manager, "consolidated_pdf", first.reference).status_code == 404
    prepare(call, manager)
    work()
    assert page(manager, "consolidated_pdf", first.reference).status_code == 200
    send(first, 1.0, rapporteur=make_rapporteur(call, body=4))
    assert page(manager, "consolidated_pdf", first.reference).status_code == 404


def test_withdrawn_dossier_is_on_no_page(scored, page):  # noqa: F811 - a fixture
    _call, (first, _second), sheets, manager = scored
    withdraw_application(first, by=owner_of(first), at=LATER)
    assert page(manager, "sheet_dossier", first.reference).status_code == 404
    assert page(manager, "sheet_pdf", sheets[0].pk).status_code == 404
    assert first.reference not in page(manager).content.decode()


def test_rapporteur_reads_their_own_sheet_and_no_other(scored, page):  # noqa: F811 - a fixture
    call, (first, second), sheets, _manager = scored
    work()
    one, two = sheets[0].assignment.rapporteur, sheets[1].assignment.rapporteur
    assert page(one, "own_sheet_pdf", first.reference).status_code == 200
    assert page(two, "own_sheet_pdf", second.reference).status_code == 404
    waits = make_rapporteur(call, body=4)
    give(first, waits)
    assert page(waits, "own_sheet_pdf", first.reference).status_code == 404
    officer = make_ready(call, user=one.user)
    declare_interest(first, by=officer.user, at=LATER)
    assert page(one, "own_sheet_pdf", first.reference).status_code == 404


def test_sent_sheet_leads_to_its_paper_once_it_is_made(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), sheets, _manager = scored
    one, address = sheets[0].assignment.rapporteur, at("own_sheet_pdf", call, first.reference)
    before = page(one, "sheet_edit", first.reference)
    assert "Ma fiche (PDF) : En préparation" in words(before) and address not in before.content.decode()
    work()
    assert f'href="{address}"' in page(one, "sheet_edit", first.reference).content.decode()


# The archive --------------------------------------------------------------------------------------------------------


def test_archive_holds_every_paper_under_a_safe_name(scored, page):  # noqa: F811 - a fixture
    call, (first, second), _sheets, manager = scored
    prepare(call, manager)
    work()
    response = page(manager, "sheet_archive")
    assert response["Content-Disposition"] == f'attachment; filename="fiches-{call.slug}.zip"'
    assert response["Cache-Control"] == "no-store, private"
    archive = zipfile.ZipFile(io.BytesIO(response.file))
    assert archive.testzip() is None
    assert archive.namelist() == sorted(
        [
            f"{first.reference}-x/fiche-Alex-Martin-2.pdf",
            f"{first.reference}-x/fiche-Alex-Martin.pdf",
            f"{first.reference}-x/fiche-consolidee.pdf",
            f"{second.reference}-RETINALIS-d-ete/fiche-Alex-Martin.pdf",
            f"{second.reference}-RETINALIS-d-ete/fiche-consolidee.pdf",
        ]
    )
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_archive_waits_for_what_changed(scored, page):  # noqa: F811 - a fixture
    call, (first, _second), _sheets, manager = scored
    assert page(manager, "sheet_archive").status_code == 409
    prepare(call, manager)
    work()
    send(first, 1.0, rapporteur=make_rapporteur(call, body=4))
    response = page(manager, "sheet_archive")
    assert (response.status_code, response.context["changed"]) == (409, 2)
    assert "2 fiches ont changé depuis leur préparation" in words(response)
