"""The pages that the proxy shows by itself: what they say, that they stand alone, and that they keep up."""

import re

import pytest
from django.core.management import call_command

from applications.models import CallWindow
from hdh_portal.operations import proxy_pages
from hdh_portal.operations.tasks import write_proxy_pages
from tests.factories import CALLS, paris, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NAMES = ["413.html", "429.html", "502.html", "503.html", "504.html"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, now_is):
    """A folder of the proxy that is not there yet; the calls' clock stands on 29 May 2020."""
    settings.HDH_PROXY_DIR = tmp_path / "proxy"
    now_is(paris(2020, 5, 29, 9, 12))
    return settings.HDH_PROXY_DIR


def words(path):
    """The text of a page without its style, blanks made plain."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_each_page_says_what_is_safe_until_when_and_whom_to_telephone(folder):
    call_command("proxy_pages", verbosity=0)
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for name in NAMES:
        text = words(folder / name)
        assert "Ce qui est enregistré le reste. Un dépôt n’est fait que si vous avez le récépissé." in text
        assert "Clôture des dépôts le lundi 1 er juin 2020 à 12 h 00 (heure de Paris)" in text
        assert the_call().texts["contact"]["phone"] in text
        assert (folder / name).stat().st_mode & 0o777 == 0o644


def test_pages_differ_by_what_has_happened(folder):
    proxy_pages.write()
    titles = {re.search(r"<h1>(.*?)</h1>", (folder / name).read_text(encoding="utf-8"))[1] for name in NAMES}
    assert len(titles) == len(NAMES)


def test_pages_stand_alone(folder):
    proxy_pages.write()
    for name in NAMES:
        text = (folder / name).read_text(encoding="utf-8")
        fetched = re.findall(r"""(?:src=|@import|<link|<script|url\()\s*["']?([^"')\s>]*)""", text)
        assert [one for one in fetched if not one.startswith("data:font/woff2")] == []


def test_nothing_is_written_again_until_something_changes(folder):
    assert (proxy_pages.write(), proxy_pages.write()) == (NAMES, [])


def test_sweep_follows_a_closing_that_was_moved(folder):
    proxy_pages.write()
    moved = CallWindow.objects.filter(call=the_call(), kind=CallWindow.Kind.SUBMISSION)
    moved.update(closes_at=paris(2020, 6, 3, 17, 30))
    write_proxy_pages()
    assert "Clôture des dépôts le mercredi 3 juin 2020 à 17 h 30" in words(folder / "502.html")
    assert sorted(path.name for path in folder.iterdir()) == NAMES


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (paris(2020, 6, 1, 12), "Dépôts clos depuis le lundi 1 er juin 2020 à 12 h 00"),
        (paris(2020, 6, 2, 12), "Aucun appel n’est ouvert aux dépôts en ce moment."),
    ],
)
def test_closing_stands_for_a_day_after_it(folder, now_is, instant, said):
    now_is(instant)
    proxy_pages.write()
    assert said in words(folder / "504.html")


def test_loading_a_call_writes_the_pages(folder, now_is):
    now_is(paris(2031, 5, 30, 9))
    the_call("autre")
    call_command("load_call", CALLS["autre"], verbosity=0)
    assert "lundi 30 juin 2031 à 17 h 00" in words(folder / "502.html")


def test_call_is_loaded_though_the_pages_cannot_be_written(settings, tmp_path, capsys):
    settings.HDH_PROXY_DIR = tmp_path / "file" / "proxy"
    (tmp_path / "file").write_text("")
    call_command("load_call", CALLS["autre"], verbosity=0)
    said = capsys.readouterr()
    assert ("Les pages du relais n’ont pas pu être écrites" in said.err, "rien à changer" in said.out) == (True, True)
