"""Uploads: honest files are let in, hostile ones each refused for their own reason, within time and memory."""

import io
import resource
import tempfile
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.dossier import uploads
from applications.dossier.uploads import FORMATS, clean_name, inspect, look
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.sandbox import MEBIBYTE, limited
from tests.hostile import HONEST, HOSTILE
from tests.hostile.images import picture
from tests.hostile.office import xlsx, zeros
from tests.hostile.pdf import AS_IS, inflating, pdf

pytestmark = pytest.mark.embedded

LIMIT = 20_000_000


def judge(data, name, *, max_pages=60, **changed):
    """What is found in a file, first at its edges and then inside."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        shown = look(file, name, **{"formats": tuple(FORMATS), "max_bytes": LIMIT} | changed)
        return inspect(file.name, shown, max_pages=max_pages)


def refusal(data, name, **changed):
    with pytest.raises(Refused) as refused:
        judge(data, name, **changed)
    return refused.value


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """No file was judged before."""
    monkeypatch.setattr(uploads, "_sound", {})


@pytest.mark.parametrize(("name", "build"), HONEST, ids=[row[0] for row in HONEST])
def test_honest_file_is_accepted(name, build):
    found = judge(build(), name)
    assert found.clean_name.lower() == name.lower()
    assert found.media_type == FORMATS[found.format].media_type


@pytest.mark.parametrize(("name", "build", "code"), HOSTILE, ids=[ascii(row[0]) for row in HOSTILE])
def test_hostile_file_is_refused_for_its_reason(name, build, code):
    data = build()
    began = time.monotonic()
    refused = refusal(data, name)
    assert (refused.code, time.monotonic() - began < 10) == (code, True)
    assert refused.sentence.endswith(".")
    assert "%(" not in refused.sentence


def test_every_sentence_is_met_by_a_file():
    met = {row[2] for row in HOSTILE} | {"too_big", "too_heavy", "encrypted_pdf", "infected"}
    assert met == set(uploads.SENTENCES)


# Words ------------------------------------------------------------------------------------------------------------


def test_password_sentence_says_what_to_do():
    locked = next(build for name, build, _ in HOSTILE if name == "password.pdf")
    assert refusal(locked(), "a.pdf").sentence == (
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis ajoutez-le de nouveau."
    )


def test_size_sentence_says_both_sizes():
    refused = refusal(bytes(1_500_000), "a.pdf", max_bytes=1_000_000)
    assert (refused.code, refused.sentence) == (
        "too_big",
        "Ce fichier pèse 1,5\u00a0Mo. La limite est de 1\u00a0Mo\u00a0: réduisez-le, puis ajoutez-le de nouveau.",
    )


def test_size_sentence_counts_bytes_where_rounding_would_hide_them():
    assert refusal(bytes(1_000_001), "a.pdf", max_bytes=1_000_000).sentence == (
        "Ce fichier pèse 1\u202f000\u202f001\u00a0octets. La limite est de 1\u202f000\u202f000\u00a0octets\u00a0: "
        "réduisez-le, puis ajoutez-le de nouveau."
    )


def test_pages_sentence_says_both_counts():
    assert refusal(pdf(pages=4), "a.pdf", max_pages=3).sentence == (
        "Ce PDF a 4\u00a0pages. La limite est de 3\u00a0pages\u00a0: raccourcissez-le, puis ajoutez-le de nouveau."
    )


def test_format_sentence_names_what_is_accepted():
    assert refusal(b"x", "a.doc", formats=("pdf", "xlsx", "ods")).sentence == (
        "Le format «\u202f.doc\u202f» n’est pas accepté ici. Ajoutez un fichier PDF, XLSX ou ODS."
    )


def test_mismatch_sentence_names_the_true_content():
    assert refusal(xlsx(), "a.docx").sentence == (
        "Le nom de ce fichier finit par «\u202f.docx\u202f», mais son contenu est celui d’un classeur XLSX. "
        "Enregistrez votre document au format DOCX, puis ajoutez-le de nouveau."
    )


def test_formats_of_a_call_are_the_only_ones():
    assert refusal(picture("PNG"), "a.png", formats=("pdf",)).code == "format"
    assert judge(picture("PNG"), "a.png", formats=("pdf", "png")).format == "png"


# Sources and sizes ------------------------------------------------------------------------------------------------


def test_file_of_exactly_the_limit_is_accepted():
    data = pdf()
    assert judge(data, "a.pdf", max_bytes=len(data)).size == len(data)
    assert refusal(data, "a.pdf", max_bytes=len(data) - 1).code == "too_big"


def test_look_leaves_the_file_at_its_beginning():
    file = io.BytesIO(pdf())
    file.read(10)
    assert look(file, "Annexe.PDF", formats=("pdf",), max_bytes=LIMIT) == "Annexe.pdf"
    assert file.tell() == 0


def test_look_reads_nothing_of_what_is_too_large():
    class Large(io.RawIOBase):
        def seek(self, *_):
            return 3_000_001

    with pytest.raises(Refused) as refused:
        look(Large(), "a.pdf", formats=("pdf",), max_bytes=3_000_000)
    assert refused.value.code == "too_big"


# Time and memory --------------------------------------------------------------------------------------------------


def large_sheet():
    """An honest sheet of 20 MB: 400 000 rows of figures that do not repeat."""
    rows = b"".join(b"<row><c><v>%d</v></c><c><v>%d</v></c></row>" % (n * n, n * 7919) for n in range(400_000))
    return xlsx(parts={"xl/worksheets/sheet1.xml": b"<s>" + rows + b"</s>"})


@pytest.mark.parametrize(
    ("build", "reader", "arguments", "code"),
    [
        (lambda: pdf(inflating(300_000_000), **AS_IS), "pdf", (60,), "bomb"),
        (zeros(140_000_000), "office", ("xlsx",), "bomb"),
        (large_sheet, "office", ("xlsx",), None),
        (lambda: picture("PNG", (6300, 6300)), "images", ("png", 12_000, 40_000_000), None),
        (lambda: picture("JPEG", (6300, 6300)), "images", ("jpeg", 12_000, 40_000_000), None),
    ],
    ids=["pdf bomb", "zip bomb", "large sheet", "largest png", "largest jpeg"],
)  # fmt: skip
def test_reader_stays_below_300_mb_and_10_s(tmp_path, build, reader, arguments, code):
    path = tmp_path / "file"
    path.write_bytes(build())
    began = time.monotonic()
    verdict, peak = limited(
        "tests.applications.dossier.peak.peak_after",
        f"applications.dossier.confined.{reader}",
        str(path),
        *arguments,
        reads=[path, "/proc/self/status"],
        seconds=10,
        memory_bytes=uploads.MEMORY_BYTES,
    )
    assert (verdict.get("refused"), peak < 300_000_000, time.monotonic() - began < 10) == (code, True, True)


def test_inspecting_process_itself_stays_small():
    data = pdf(inflating(220_000_000), **AS_IS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(data, "a.pdf").code == "bomb"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 30 * MEBIBYTE


def test_reader_that_is_too_slow_is_an_answer(monkeypatch):
    monkeypatch.setattr(uploads, "PATIENCE", 0.001)
    assert refusal(pdf(), "a.pdf").code == "too_heavy"


def test_reader_that_has_no_memory_is_an_answer(monkeypatch):
    monkeypatch.setattr(uploads, "MEMORY_BYTES", 90 * MEBIBYTE)
    assert refusal(picture("PNG", (5000, 5000)), "a.png").code == "too_heavy"


def test_content_found_sound_is_not_read_again(monkeypatch):
    first, other = pdf(text="Lue deux fois"), pdf(text="Une autre")
    judge(first, "annexe.pdf")
    monkeypatch.setattr(uploads, "MEMORY_BYTES", 10 * MEBIBYTE)
    assert judge(first, "autre nom.pdf").pages == 1
    with pytest.raises(Refused):
        judge(other, "annexe.pdf")


def test_readers_load_no_framework():
    readers = [f"applications.dossier.confined.{name}" for name in ("pdf", "office", "images", "pictures")]
    assert limited("tests.applications.dossier.peak.loaded_after", *readers) == []


# Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Annexe financière.PDF", "Annexe financière.pdf"),
        ("Annexe financie\u0300re.pdf", "Annexe financière.pdf"),
        ("annexe\u202efdp.exe.pdf", "annexefdp_exe.pdf"),
        ("facture.exe.pdf", "facture_exe.pdf"),
        ("rapport v1.2.pdf", "rapport v1.2.pdf"),
        ("C:\\Users\\moi\\a.pdf", "a.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ('a";x.pdf', 'a";x.pdf'),
        ('Lettre "signée".pdf', 'Lettre "signée".pdf'),
        ("devis&notes.pdf", "devis&notes.pdf"),
        ("a\0b\x07.pdf", "ab.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("con.pdf", "_con.pdf"),
        ("", "document"),
        (".pdf", "document.pdf"),
        ("...", "document"),
        ("\ud800.pdf", "document.pdf"),
        ("é" * 300 + ".xlsx", "é" * 115 + ".xlsx"),
        ("𝒳" * 300 + ".pdf", "𝒳" * 59 + ".pdf"),
    ],
)
def test_clean_name_shows_what_there_is(sent, shown):
    assert clean_name(sent) == shown


CHARACTERS = st.text(st.characters(codec=None), max_size=300) | st.text("a.\u202e\u0301/\\ \ne:<pdfxe", max_size=40)


@settings(max_examples=300, deadline=None)
@given(CHARACTERS)
def test_clean_name_is_one_visible_line(sent):
    shown = clean_name(sent)
    assert 0 < len(shown) <= 120
    assert len(shown.encode()) <= 240
    assert not [sign for sign in shown if unicodedata.category(sign)[0] == "C" or sign in "/\\"]
    assert unicodedata.normalize("NFC", shown) == shown
    assert shown == shown.strip(" .")
    assert clean_name(shown) == shown


@settings(max_examples=200, deadline=None)
@given(CHARACTERS, st.sampled_from([".pdf", ".XLSX", ".jpeg"]))
def test_clean_name_keeps_the_extension(stem, extension):
    stem = stem.replace(".", "")
    assert clean_name(f"x{stem}y{extension}").endswith(extension.lower())
