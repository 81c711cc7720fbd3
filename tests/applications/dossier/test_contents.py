"""Annexes that have no pages: what they say is read in the sandbox, printed, and drawn like any other annex."""

import io

import pytest
from PIL import Image

from applications.dossier.confined import contents
from applications.dossier.pages import DRAWERS
from applications.dossier.uploads import FORMATS
from hdh_portal.records import rendering
from hdh_portal.records.sandbox import SandboxFailed
from tests.hostile.office import docx, ods, odt, relations, xlsx

pytestmark = pytest.mark.embedded

SHEETS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BUDGET = {
    "xl/workbook.xml": f'<workbook xmlns:r="{SHEETS}"><sheets><sheet name="Budget" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet7.xml"),
    "xl/sharedStrings.xml": "<sst><si><t>Poste</t></si>"
    "<si><r><t>Sal</t></r><r><t>aires</t></r><rPh><t>x</t></rPh></si></sst>",
    "xl/worksheets/sheet7.xml": "<worksheet><sheetData>"
    '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Montant</t></is></c></row>'
    '<row><c r="A2" t="s"><v>1</v></c><c r="B2" t="b"><v>1</v></c><c r="C2"><f>1+1</f><v>120000.5</v></c></row>'
    "</sheetData></worksheet>",
}
TABLE = (
    '<table:table table:name="Budget"><table:table-row><table:table-cell><text:p>Poste</text:p></table:table-cell>'
    '<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Montant</text:p></table:table-cell>'
    '</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row></table:table>'
)


@pytest.fixture
def kept(tmp_path):
    """Write bytes as a file, as storage keeps them: without an extension."""

    def write(data):
        path = tmp_path / "kept"
        path.write_bytes(data)
        return path

    return write


def drawn(path, kind):
    return DRAWERS[FORMATS[kind].media_type](path, rendering.pdf)


def test_workbook_is_read_by_the_names_and_places_of_its_cells(kept):
    assert contents.read(kept(xlsx(parts=BUDGET)), "xlsx") == [
        {
            "title": "Budget",
            "rows": [["Poste", "", "Montant"], ["Salaires", "oui", "120000,5"]],
            "is_cut": False,
        }
    ]


def test_workbook_without_relations_is_read_by_its_parts(kept):
    assert contents.read(kept(xlsx()), "xlsx") == [{"title": "Feuille 1", "rows": [], "is_cut": False}]


def test_long_sheet_is_cut_and_says_so(kept):
    rows = "<row><c><v>1</v></c></row>" * (contents.MOST_ROWS + 1)
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    [part] = contents.read(kept(xlsx(parts={"xl/worksheets/sheet1.xml": sheet})), "xlsx")
    assert (len(part["rows"]), part["is_cut"]) == (contents.MOST_ROWS, True)


def test_open_document_sheet_is_read_without_its_empty_edges(kept):
    assert contents.read(kept(ods(body=TABLE)), "ods") == [
        {"title": "Budget", "rows": [["Poste", "", "", "Montant"]], "is_cut": False}
    ]


def test_text_documents_are_read_by_paragraphs(kept):
    word = '<w:document xmlns:w="w"><w:body><w:p><w:t>Un </w:t><w:t>texte</w:t></w:p><w:p/></w:body></w:document>'
    expected = [{"title": "", "rows": [["Un texte"]], "is_cut": False}]
    assert contents.read(kept(docx(parts={"word/document.xml": word})), "docx") == expected
    assert contents.read(kept(odt(body="<text:p>Un <text:span>texte</text:span></text:p>")), "odt") == expected


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("xlsx", lambda: xlsx(parts=BUDGET)),
        ("ods", lambda: ods(body=TABLE)),
        ("odt", lambda: odt(body="<text:p>Poste et Montant</text:p>")),
        ("docx", lambda: docx(parts={"word/document.xml": '<d xmlns:w="w"><w:p><w:t>Poste, Montant</w:t></w:p></d>'})),
    ],
)
def test_office_document_is_drawn_with_its_text(kept, kind, data):
    [page] = drawn(kept(data()), kind)
    assert (page.media_type, page.width, page.content[:3]) == ("image/jpeg", 1100, b"\xff\xd8\xff")
    assert "Poste" in page.text
    assert "Montant" in page.text


def test_cell_that_is_markup_is_drawn_as_text(kept):
    cell = "<row><c t='inlineStr'><is><t>&lt;img src=file:///etc/passwd&gt;</t></is></c></row>"
    sheet = f"<worksheet><sheetData>{cell}</sheetData></worksheet>"
    [page] = drawn(kept(xlsx(parts={"xl/worksheets/sheet1.xml": sheet})), "xlsx")
    assert "<img src=file:///etc/passwd>" in page.text.replace("\n", "")


@pytest.mark.parametrize(
    ("kind", "size", "drawn_size"), [("png", (2200, 1000), (1100, 500)), ("jpeg", (60, 40), (60, 40))]
)
def test_photograph_is_one_page(kept, kind, size, drawn_size):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    [page] = drawn(kept(out.getvalue()), kind)
    assert ((page.width, page.height), page.text) == (drawn_size, "")


def test_broken_document_fails_in_the_sandbox(kept):
    with pytest.raises(SandboxFailed):
        drawn(kept(b"PK\x03\x04 broken"), "xlsx")


def test_every_format_that_a_call_may_allow_can_be_drawn():
    assert set(DRAWERS) == {one.media_type for one in FORMATS.values()}
