"""Papers: tagged, in one font, reaching nothing, whatever people typed."""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils.safestring import mark_safe
from weasyprint.urls import FatalURLFetchingError

from hdh_portal.records import rendering
from hdh_portal.records.rendering import PACKAGED, PackagedOnly
from hdh_portal.records.signs import Pen
from tests import papers as read
from tests.papers import canary  # noqa: F401 - a fixture
from tests.records import papers

pytestmark = pytest.mark.embedded

FOREIGN = "p ≥ 0,05 ; TNF-α ; CO₂ ; 10⁻⁴ ; ﬁn ; 中文 ; 😀 ; עברית ; ✓ ; Łódź, Șt, œuvre"
ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "p [>=] 0,05 ; TNF-[alpha] ; CO_2 ; 10^−4 ; fin ; [U+4E2D U+6587] ; [U+1F600] ;"


@pytest.fixture(autouse=True)
def note_template(settings):
    """`note.html` of the tests beside the project's templates."""
    engine = django_settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], papers.TEMPLATES]}]


def note(text, title="Note"):
    return rendering.pdf("note.html", {"title": title, "text": text})


# Form -------------------------------------------------------------------------------------------------------------


def test_paper_is_tagged_and_in_one_family(tmp_path):
    content = note("Une note. " * 900)
    assert read.faults(content, tmp_path) == []
    assert read.families(content) == {"Radio-Canada"}


def test_each_page_bears_its_reference_and_its_number():
    pages = read.words(note("Une note. " * 900, title="AAP-2031-0042"))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "AAP-2031-0042" in page
        assert f"page {number} sur {len(pages)}" in page


def test_paper_says_fictif_in_the_demonstration_only(settings):
    assert "contenu fictif" not in read.words(note("x"))[0]
    settings.HDH_DEMO = True
    assert "contenu fictif" in read.words(note("x"))[0]


def test_same_content_gives_the_same_bytes():
    assert note("Une note") == note("Une note")


# Signs of the font --------------------------------------------------------------------------------------------------


def test_foreign_signs_are_written_out_in_the_same_font(tmp_path):
    content = note(FOREIGN)
    assert read.families(content) == read.families(note("x"))
    page = read.words(content)[0]
    assert WRITTEN in page
    assert "[coché] ; Łódź, Șt, œuvre" in page
    assert "Quelques signes" in page
    assert read.faults(content, tmp_path) == []


def test_paper_without_foreign_signs_says_nothing_of_them():
    assert "Quelques signes" not in read.words(note("Œuvre « été » à 300\u202f000 € ; 12\u00a0h — fin…"))[0]


def test_hidden_and_reversing_signs_become_visible():
    assert Pen(rendering.signs_of_the_font()).write("fin\u202egpj.exe\u200b\x00") == "fin[U+202E]gpj.exe[U+200B U+0000]"


def test_what_people_typed_in_brackets_and_carets_is_left():
    assert Pen(rendering.signs_of_the_font()).write("[U+0041] a^b_c ^^") == "[U+0041] a^b_c ^^"


def test_every_assigned_sign_of_the_first_plane_is_written_in_the_font():
    signs = rendering.signs_of_the_font()
    pen = Pen(signs)
    everything = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF)
    assert {sign for sign in pen.write(everything) if ord(sign) not in signs} == {"\n", "\t"}


def test_our_own_words_on_paper_need_no_sign_that_the_font_lacks():
    signs = rendering.signs_of_the_font() | {10}
    folder = django_settings.BASE_DIR / "templates" / "paper"
    lacking = {
        path.name: {sign for sign in path.read_text() if ord(sign) not in signs} for path in folder.glob("*.html")
    }
    assert {name: found for name, found in lacking.items() if found} == {}


# Hostile text -------------------------------------------------------------------------------------------------------


def test_hostile_text_reaches_nothing_and_is_printed_as_text(canary, tmp_path):  # noqa: F811 - a fixture
    content = note(read.hostile_text(canary.getsockname()[1]), title='"><img src=file:///etc/passwd>')
    assert read.heard(canary) is False
    assert read.attachments(content) == read.attachments(note("x"))
    assert b"root:x:0:0" not in content
    text = " ".join(read.words(content))
    assert "root:x:0:0" not in text
    assert '<img src="file:///etc/passwd">' in text
    assert read.faults(content, tmp_path) == []


def test_canary_hears_a_fetcher_that_is_not_ours(canary):  # noqa: F811 - a fixture
    """The negative control: without our fetcher and our escaping the same text does reach out."""
    address = f"http://127.0.0.1:{canary.getsockname()[1]}/canary"
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_plain_weasyprint, args=(f'<img src="{address}">',), daemon=True)
    child.start()
    canary.settimeout(20)
    connection, _ = canary.accept()
    connection.close()
    child.join(20)


def _plain_weasyprint(text):
    rendering.HTML(string=text).write_pdf()


def test_text_marked_safe_is_escaped_all_the_same():
    assert "&lt;img" in rendering.html("note.html", {"title": "x", "text": mark_safe("<img src=x>")})


@pytest.mark.parametrize(
    "address",
    [
        "pkg:../hdh_portal/settings.py",
        "pkg:../..",
        "pkg:/etc/passwd",
        "pkg:css/../../README.md",
        "pkg:",
        "pkg:.",
        "pkg:css",
        "pkg:css/nothing.css",
        "file:///etc/passwd",
        f"file://{PACKAGED}/css/paper.css",
        "http://127.0.0.1/",
        "https://example.org/",
        "data:text/plain,x",
        "css/paper.css",
        "PKG:css/paper.css",
        "",
    ],
)
def test_fetcher_refuses_what_is_not_packaged(address):
    with pytest.raises(FatalURLFetchingError):
        PackagedOnly().fetch(address)


def test_fetcher_gives_what_is_packaged():
    answer = PackagedOnly().fetch("pkg:css/paper.css")
    assert answer.read() == (PACKAGED / "css" / "paper.css").read_bytes()


def test_refused_address_stops_the_document():
    with pytest.raises(FatalURLFetchingError):
        rendering.HTML(string="<img src=file:///etc/passwd>", url_fetcher=PackagedOnly()).write_pdf()


# Limits -------------------------------------------------------------------------------------------------------------


# In a process of its own, whose heap no other test has left room in: the address space it has, and 8 MiB more.
LITTLE_MEMORY = """
import resource
from pathlib import Path
import django
from django.conf import settings
django.setup()
from hdh_portal.records import rendering
from tests.records import papers
settings.TEMPLATES[0]["DIRS"].append(papers.TEMPLATES)
def note(text):
    return rendering.pdf("note.html", {"title": "Note", "text": text})
note("warm")
space = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + 8 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (space, space))
try:
    note("Une très longue note.\\n\\n" * 3_000)
except (MemoryError, SystemError):  # The latter where a library in C forgot to say why.
    print("refused")
else:
    print("made")
"""


def test_document_that_wants_too_much_memory_meets_the_limit():
    """It is refused, or a library in C ends the process: either way no paper, and the worker's next child goes on."""
    command = [sys.executable, "-W", "error", "-c", LITTLE_MEMORY]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    is_ended = run.returncode < 0 and run.stdout == ""
    assert is_ended or (run.returncode, run.stdout) == (0, "refused\n"), run.stderr
