"""The managers' pages of the sheets: sound in each state, counted while the worker is at it, one archive at the end."""

import zipfile

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from hdh_portal.records import tasks
from hdh_portal.records.models import Document
from tests.factories import make_deposited, the_call
from tests.reviews.makers import SCORING, make_admissible, make_managers, make_rapporteur
from tests.reviews.marking import give, send

pytestmark = pytest.mark.browser
LONG = "Électroencéphalographiquement " * 3


def work():
    for pk in Document.objects.filter(state="queued", renderer__in=["score_sheet", "consolidated_sheet"]).values_list(
        "pk", flat=True
    ):
        tasks.render_document(pk)


def test_sheets_are_prepared_counted_and_downloaded(visit, now_is, tmp_path):
    now_is(SCORING)
    call = the_call()
    first, second = make_admissible(make_deposited(call, acronym="DERMALIA"), make_deposited(call, title=LONG.strip()))
    sheet = send(first, 4.0, rapporteur=make_rapporteur(call, body=0, name="Alex Martin"))
    give(second, make_rapporteur(call, body=1, name=LONG.strip()))
    at = {name: reverse(f"reviews:{name}", args=[call.slug]) for name in ("sheet_list", "sheet_prepare")}
    one = visit(make_managers(call)[0].user)
    one.go(at["sheet_list"])
    assert one.flaws() == []
    one.press("Préparer toutes les fiches (PDF)")
    assert one.flaws() == []
    work()
    expect(one.page.get_by_role("heading", name="2 PDF prêts sur 2")).to_be_visible(timeout=20_000)
    with one.page.expect_download() as download:
        one.page.get_by_role("link", name="Télécharger toutes les fiches (ZIP)").click()
    download.value.save_as(tmp_path / "all.zip")
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == [
        f"{first.reference}-DERMALIA/fiche-Alex-Martin.pdf",
        f"{first.reference}-DERMALIA/fiche-consolidee.pdf",
    ]
    pages = [reverse("reviews:sheet_dossier", args=[call.slug, row.reference]) for row in (first, second)]
    assert one.flaws_of([at["sheet_list"], *pages]) == []
    one.go(pages[0])
    one.page.get_by_text("Rouvrir cette fiche").click()
    one.press("Rouvrir la fiche")
    one.expect_status(422)
    expect(one.page.get_by_role("alert")).to_be_focused()
    expect(one.page.locator(f"#reason-{sheet.pk}")).to_be_visible()
    assert one.flaws() == []
