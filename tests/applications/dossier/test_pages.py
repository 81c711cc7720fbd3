"""Pictures of pages: what a PDF shows is drawn within bounds, and what it hides costs nothing but its own drawing."""

import io
import os
import zlib

import pikepdf
import pytest
from PIL import Image

from applications.dossier import pages
from applications.dossier.pages import render_pages, text_of_pages
from hdh_portal.records.sandbox import SandboxFailed
from tests.hostile.pdf import AS_IS, object_bomb, pdf, tagged_form

pytestmark = pytest.mark.embedded


@pytest.fixture
def kept(tmp_path):
    """Write bytes as a file, as storage keeps them: without an extension."""

    def write(data):
        path = tmp_path / "kept"
        path.write_bytes(data)
        return path

    return write


def image(document, size=(1200, 1600), data=None):
    """Lay an RGB picture (noise if no data is given) over the first page."""
    raw = data or zlib.compress(os.urandom(size[0] * size[1] * 3), 1)
    picture = pikepdf.Stream(document, raw, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    picture.update(pikepdf.Dictionary(Width=size[0], Height=size[1], ColorSpace=pikepdf.Name.DeviceRGB))
    picture.update(pikepdf.Dictionary(BitsPerComponent=8, Filter=pikepdf.Name.FlateDecode))
    page = document.pages[0]
    page.Resources["/XObject"] = pikepdf.Dictionary(Im=picture)
    page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")


def sized(width, height):
    return lambda document: document.pages[0].obj.__setitem__("/MediaBox", pikepdf.Array([0, 0, width, height]))


def ink(picture):
    """Share of the pixels of a JPEG that are dark."""
    grey = Image.open(io.BytesIO(picture)).convert("L")
    return sum(grey.histogram()[:128]) / (grey.width * grey.height)


def test_render_gives_one_jpeg_a_page(kept):
    drawn = render_pages(kept(pdf(pages=3)))
    assert [(width, height) for _, width, height in drawn] == [(1100, 1557)] * 3
    for data, width, height in drawn:
        picture = Image.open(io.BytesIO(data))
        assert (picture.format, picture.size) == ("JPEG", (width, height))
        assert 0 < ink(data) < 0.05
        assert len(data) <= pages.LARGEST_PICTURE


def test_render_draws_what_was_typed_into_a_form(kept):
    without, filled = (render_pages(kept(pdf(*change)))[0][0] for change in ((), (tagged_form,)))
    assert ink(filled) > ink(without) * 1.05


def test_render_of_pure_noise_stays_small(kept):
    """No photograph is noise: this is the largest picture that a page can give."""
    drawn, _, _ = render_pages(kept(pdf(image, **AS_IS)))[0]
    assert len(drawn) < 3 * pages.LARGEST_PICTURE


def test_render_stops_at_the_page_limit(kept):
    assert len(render_pages(kept(pdf(pages=7)), max_pages=5)) == 5


def test_render_follows_width_and_rotation(kept):
    turned = pdf(lambda document: document.pages[0].rotate(90, relative=False))
    assert [size[1:] for size in render_pages(kept(turned), width=842)] == [(842, 595)]


@pytest.mark.parametrize(("box", "size"), [((10, 14_000), (1100, 3300)), ((14_000, 10), (1100, 1))])
def test_render_cuts_a_page_out_of_all_proportion(kept, box, size):
    assert [drawn[1:] for drawn in render_pages(kept(pdf(sized(*box))))] == [size]


def test_render_refuses_a_file_it_cannot_read(kept):
    with pytest.raises(SandboxFailed) as failure:
        render_pages(kept(b"%PDF-1.7 and nothing"))
    assert failure.value.reason == "error"


def huge_picture(document):
    """A picture of 30 000 × 30 000 points: 2.7 GB once unfolded, some kilobytes here."""
    image(document, (30_000, 30_000), zlib.compress(bytes(90_000_000), 9))


@pytest.mark.parametrize(
    "build",
    [lambda: pdf(huge_picture, **AS_IS), lambda: object_bomb(700_000_000)],
    ids=["picture", "object stream"],
)
def test_render_of_a_bomb_ends_in_an_empty_page_or_a_failure(kept, build):
    """PDFium may leave the picture out or die; either way the parent lives."""
    try:
        assert [drawn[1:] for drawn in render_pages(kept(build()))] == [(1100, 1557)]
    except SandboxFailed as failure:
        assert failure.reason in ("crash", "memory", "error", "time")


def test_render_leaves_no_folder(kept, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = kept(pdf())
    render_pages(path)
    with pytest.raises(SandboxFailed):
        render_pages(kept(b"%PDF-1.7"))
    assert list(tmp_path.iterdir()) == [path]


def test_text_is_read_page_by_page(kept):
    assert text_of_pages(kept(pdf(pages=2))) == ["Annexe financiere, page 1", "Annexe financiere, page 2"]


def test_text_of_a_picture_is_empty(kept):
    assert text_of_pages(kept(pdf(image))) == [""]


def test_text_is_bounded(kept):
    line = "ab cd " * 60
    lines = "".join(f"1 0 0 1 10 {10 + 8 * number} Tm ({line}) Tj " for number in range(100))

    def fill(document):
        document.pages[0].Contents = document.make_stream(f"BT /F1 6 Tf {lines} ET".encode())

    [text] = text_of_pages(kept(pdf(fill)))
    assert 10_000 < len(text) <= 20_000


def test_bomb_without_its_padding_is_drawn(kept):
    """The bomb fails for its size, not for a slip of its builder."""
    assert len(render_pages(kept(object_bomb(10)))) == 1
