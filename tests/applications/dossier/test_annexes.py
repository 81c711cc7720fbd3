"""One set of annex pages for every role: each reads them at addresses of its own."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from applications.admissibility.views import checks
from applications.dossier.annexes import Annex
from jury.hearings.views import dossier
from reviews.scoring.views import sheet

READERS = [checks.ANNEXES, sheet.ANNEXES, dossier.ANNEXES]
DOSSIER = SimpleNamespace(call=SimpleNamespace(slug="appel"), reference="AAP-1")


@pytest.mark.parametrize("reader", READERS, ids=["officer", "rapporteur", "jury"])
def test_parts_of_an_annex_stand_at_the_addresses_of_its_role(reader):
    annex = Annex(None, None, [SimpleNamespace(number=3)], reader.address(DOSSIER, 7))
    area, given = reader.pages.partition(":")[0], ["appel", "AAP-1", 7]
    assert annex.address == reverse(f"{area}:annex_pages", args=given)
    assert annex.prepare == reverse(f"{area}:annex_prepare", args=given)
    assert annex.itself == reverse(f"{area}:annex_file", args=given)
    assert annex.pictures[0][0] == reverse(f"{area}:annex_page_image", args=[*given, 3])


def test_templates_name_every_route_in_full():
    """A route that a filter puts together is one that the test of directions does not see."""
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [page.name for page in pages if re.search(r"{%-?\s*url\s+[^\"'\s]*\|", page.read_text())] == []
