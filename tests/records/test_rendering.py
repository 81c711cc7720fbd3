"""Papers: tagged, in packaged fonts, reaching nothing, whatever people typed."""

import io
import multiprocessing
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.utils.safestring import mark_safe
from fontTools.ttLib import TTFont
from weasyprint.urls import FatalURLFetchingError

from hdh_portal.ground import clock
from hdh_portal.records import rendering, sweeping
from hdh_portal.records.characters import Writer
from hdh_portal.records.rendering import PACKAGED, PackagedOnly
from tests import papers as read
from tests.papers import canary  # noqa: F401 - a fixture
from tests.records import papers

pytestmark = pytest.mark.embedded

FOREIGN = "p ≥ 0,05 ; TNF-α ; CO₂ ; 10⁻⁴ ; ﬁn ; 中文 ; 😀 ; עברית ; ✓ ; Łódź, Șt, œuvre"
ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "p ≥ 0,05 ; TNF-α ; CO₂ ; 10⁻⁴ ; fin ; [U+4E2D U+6587] ; [U+1F600] ;"
NAMES = "Papeʻete, Nguyễn Thị Ánh, Đặng, Łukasz, Țepeș, Ισμήνη, İbrahim, Dvořák, Šešelj"


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


def test_header_cells_say_what_they_head():
    with pikepdf.open(io.BytesIO(note("Une note."))) as document:
        elements = (one for one in document.objects if isinstance(one, pikepdf.Dictionary))
        assert [str(one.A.Scope) for one in elements if one.get("/S") == "/TH"] == ["/Column"]


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


# Characters of the fonts --------------------------------------------------------------------------------------------


def test_names_of_people_print_as_they_are_written(tmp_path):
    content = note(NAMES, title=NAMES)
    assert read.families(content) == {"Radio-Canada", "Noto-Sans"}
    page = read.words(content)[0]
    assert page.count(NAMES) >= 1
    assert "Quelques caractères" not in page
    assert read.faults(content, tmp_path) == []


def test_names_print_in_a_process_that_is_older_than_the_sweep_s_day():
    """A font that no letter has asked for yet waits in the temporary folder, which is swept of what is a day old."""
    rendering._renderer.cache_clear()
    note("Une note")
    folders = list(django_settings.TEMPORARY_DIR.glob("weasyprint-*"))
    for path in folders:
        os.utime(path, (0, 0))
    left = [path for path in sweeping.temporary(clock.real()) if sweeping.delete_temporary(path)]
    assert len(set(folders) - set(left)) >= 1
    assert NAMES in read.words(note(NAMES))[0]


@pytest.mark.parametrize("face", ["400", "400-italic", "600", "700"])
def test_every_face_has_what_names_need(face):
    """Latin Extended-A, -B and Additional, the letters of Polynesia, Greek with its accents, Cyrillic."""
    found = {code for folder in ("full", "other") for code in _characters(folder, face)}
    wanted = [*range(0xC0, 0x24E), 0x2BB, 0x2BC, *range(0x1E00, 0x1F00), *range(0x386, 0x3CF), *range(0x400, 0x460)]
    assert [hex(code) for code in wanted if code not in found and unicodedata.category(chr(code)) != "Cn"] == []


def _characters(folder, face):
    return {code for path in (rendering.FACES / folder).glob(f"*-{face}.woff2") for code in TTFont(path).getBestCmap()}


def test_foreign_characters_are_written_out(tmp_path):
    content = note(FOREIGN)
    assert read.families(content) <= {"Radio-Canada", "Noto-Sans", "Noto-Sans-Math", "Noto-Sans-Symbols"}
    page = read.words(content)[0]
    assert WRITTEN in page
    assert "✓ ; Łódź, Șt, œuvre" in page
    assert "Quelques caractères" in page
    assert read.faults(content, tmp_path) == []


def test_paper_without_foreign_characters_says_nothing_of_them():
    content = note("Œuvre « été » à 300\u202f000 € ; 12\u00a0h — fin…")
    assert read.families(content) == {"Radio-Canada"}
    assert "Quelques caractères" not in read.words(content)[0]


def test_hidden_and_reversing_characters_become_visible():
    written = Writer(rendering.printable()).write("fin\u202egpj.exe\u200b\x00")
    assert written == "fin[U+202E]gpj.exe[U+200B U+0000]"


def test_no_packaged_font_has_a_character_that_hides():
    hidden = {hex(code) for code in rendering.printable() if unicodedata.category(chr(code)) in ("Cc", "Cf")}
    assert hidden <= {hex(0x0), hex(0xD), hex(0xAD)}


def test_what_people_typed_in_brackets_and_carets_is_left():
    assert Writer(rendering.printable()).write("[U+0041] a^b_c ^^") == "[U+0041] a^b_c ^^"


def test_every_assigned_character_of_the_first_plane_is_written_in_the_fonts():
    printable = rendering.printable()
    everything = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF)
    written = Writer(printable).write(everything)
    assert {character for character in written if ord(character) not in printable} == {"\n", "\t"}


def test_our_own_words_on_paper_need_no_character_that_the_fonts_lack():
    printable = rendering.printable() | {10}
    folder = django_settings.BASE_DIR / "templates" / "paper"
    lacking = {path.name: {one for one in path.read_text() if ord(one) not in printable} for path in folder.glob("*")}
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
from hdh_portal.ground import clock
from hdh_portal.records import rendering, sweeping
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


def test_faces_of_a_paper_are_stored_as_they_are_read():
    """Outlines that WOFF2 has transformed cost every process that makes a paper two seconds of Python."""
    for face in sorted(rendering.FACES.glob("*/*.woff2")):
        tables = TTFont(face).reader.tables
        assert [tag for tag in ("glyf", "loca") if tables[tag].transformed] == [], face.name
