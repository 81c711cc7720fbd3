"""Annexes that have no pages: what they say is read in the sandbox, printed, and drawn like any other annex."""

import io

import pytest
from PIL import Image

from applications.dossier.confined import contents
from applications.dossier.pages import DRAWERS, bands, words
from applications.dossier.uploads import FORMATS
from hdh_portal.records import rendering
from hdh_portal.records.sandbox import SandboxFailed
from tests.hostile.office import docx, elsewhere, ods, odt, relations, xlsx

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


def shown(path, kind):
    """`[(title, rows)]` of a document."""
    return [(part["title"], part["rows"]) for part in contents.read(path, kind, words())]


def test_workbook_is_read_by_the_names_and_places_of_its_cells(kept):
    rows = [["Poste", "", "Montant"], ["Salaires", "oui", "120000,5"]]
    assert shown(kept(xlsx(parts=BUDGET)), "xlsx") == [("Budget", rows)]


def test_workbook_without_relations_is_read_by_its_parts(kept):
    assert shown(kept(xlsx()), "xlsx") == [("Feuille 1", [["formule non calculée"]])]


def test_workbook_whose_parts_stand_elsewhere_is_read_by_its_relations(kept):
    assert shown(kept(elsewhere()), "xlsx") == [("Budget", [["formule non calculée"]])]


def sheet(rows):
    return {"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"}


def test_long_sheet_is_cut_and_says_by_how_much(kept):
    rows = "<row><c><v>1</v></c></row>" * (contents.MOST_ROWS + 7)
    [part] = contents.read(kept(xlsx(parts=sheet(rows))), "xlsx")
    assert (len(part["rows"]), part["is_cut"], part["rows_left"]) == (contents.MOST_ROWS, True, 7)


def test_what_is_cut_is_said_where_it_is_cut_with_how_much(kept):
    wide = "".join(f'<c r="{contents.column_name(n)}1"><v>{n}</v></c>' for n in range(120))
    long = f"<c t='inlineStr'><is><t>{'a' * 1600}</t></is></c>"
    rows = f"<row>{wide}</row><row r='2'>{long}</row>" + "<row><c><v>1</v></c></row>" * contents.MOST_ROWS
    [part] = contents.read(kept(xlsx(parts=sheet(rows))), "xlsx", words())
    printed = rendering.html("paper/annex.html", {"parts": [part | {"bands": bands(part["rows"])}], "is_text": False})
    said = " ".join(printed.replace("\u202f", " ").replace("\u00a0", " ").split())
    assert "2 lignes de plus ne sont pas montrées" in said
    assert "16 colonnes de plus, à droite, ne sont pas montrées" in said
    assert "[… 1000 caractères de plus]" in said
    assert "Colonnes O à AA" in said


def test_pages_over_the_limit_are_counted_on_the_last(kept, monkeypatch):
    monkeypatch.setattr("applications.dossier.pages.MOST_PAGES", 3)
    body = "<text:p>Une ligne de la pièce</text:p>" * 400
    found = drawn(kept(odt(body=body)), "odt")
    whole = len(found) - 1
    assert whole == 2
    assert "pages de plus ne sont pas montrées" in found[-1].text.replace("\n", " ")


def test_sheets_over_the_limit_are_named(kept, monkeypatch):
    table = '<table:table table:name="F{}"><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>'
    body = "".join(f"{table.format(n)}</table:table-row></table:table>" for n in range(contents.MOST_PARTS + 2))
    *_shown, last = contents.read(kept(ods(body=body)), "ods")
    assert (last["title"], last["rows"], last["rows_left"]) == (f"F{contents.MOST_PARTS + 1}", [], 1)


def test_open_document_sheet_is_read_without_its_empty_edges(kept):
    assert shown(kept(ods(body=TABLE)), "ods") == [("Budget", [["Poste", "", "", "Montant"]])]


def test_text_documents_are_read_by_paragraphs(kept):
    word = '<w:document xmlns:w="w"><w:body><w:p><w:t>Un </w:t><w:t>texte</w:t></w:p><w:p/></w:body></w:document>'
    expected = [("", [["Un texte"]])]
    assert shown(kept(docx(parts={"word/document.xml": word})), "docx") == expected
    assert shown(kept(odt(body="<text:p>Un <text:span>texte</text:span></text:p>")), "odt") == expected


def test_letter_keeps_tabs_and_breaks_and_says_its_notes_comments_and_pictures(kept):
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Objet</w:t><w:tab/><w:t>budget</w:t><w:br/>"
        '<w:t>suite</w:t><w:footnoteReference w:id="2"/></w:r>'
        "<w:del><w:r><w:delText>ancien</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:t>{'b' * 900}</w:t></w:p>"
    )
    lists = relations("comments", "comments.xml").replace(
        "</Relationships>",
        f'<Relationship Id="r2" Type="{SHEETS}/footnotes" Target="/word/footnotes.xml"/>'
        f'<Relationship Id="r3" Type="{SHEETS}/image" Target="media/image1.png"/></Relationships>',
    )
    space = 'xmlns:w="w"'
    parts = {
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": lists,
        "word/comments.xml": f'<w:comments {space}><w:comment w:author="M. Fictif"><w:p><w:t>À voir</w:t>'
        "</w:p></w:comment></w:comments>",
        "word/footnotes.xml": f'<w:footnotes {space}><w:footnote w:type="separator" w:id="0"><w:p><w:t>x</w:t></w:p>'
        '</w:footnote><w:footnote w:id="2"><w:p><w:t>La note</w:t></w:p></w:footnote></w:footnotes>',
        "word/media/image1.png": b"x",
    }
    text, notes = contents.read(kept(docx(parts=parts)), "docx")
    assert text["rows"] == [["Objet\tbudget\nsuite[2]"], ["b" * 900]]
    assert (text["comments"], text["pictures"]) == ([{"where": "", "text": "À voir", "author": "M. Fictif"}], 1)
    assert (notes["title"], notes["rows"]) == ("Notes", [["[2] La note"]])


def test_text_leaves_out_what_was_deleted_and_keeps_comments_apart(kept):
    body = (
        "<text:tracked-changes><text:p>supprimé</text:p></text:tracked-changes>"
        "<text:p>a<text:s text:c='3'/>b<text:tab/>c"
        "<office:annotation><text:p>à revoir</text:p></office:annotation><text:line-break/>d</text:p>"
    )
    [part] = contents.read(kept(odt(body=body)), "odt")
    assert part["rows"] == [["a   b\tc\nd"]]
    assert part["comments"] == [{"where": "", "text": "à revoir", "author": ""}]


def test_comments_hidden_sheets_and_charts_of_a_workbook_are_said(kept):
    parts = BUDGET | {
        "xl/workbook.xml": BUDGET["xl/workbook.xml"].replace("<sheet ", '<sheet state="hidden" '),
        "xl/worksheets/_rels/sheet7.xml.rels": relations("comments", "../comments1.xml").replace(
            "</Relationships>", f'<Relationship Id="d" Type="{SHEETS}/drawing" Target="/xl/d/d1.xml"/></Relationships>'
        ),
        "xl/comments1.xml": '<comments><authors><author>M. Fictif</author></authors><commentList><comment ref="C2" '
        'authorId="0"><text><r><t>À revoir</t></r></text></comment></commentList></comments>',
        "xl/d/d1.xml": '<d xmlns:a="a"><a:txBody><a:p><a:t>Hors taxes</a:t></a:p></a:txBody></d>',
        "xl/d/_rels/d1.xml.rels": relations("chart", "chart1.xml"),
        "xl/d/chart1.xml": "<c/>",
    }
    [part] = contents.read(kept(xlsx(parts=parts)), "xlsx")
    assert (part["is_hidden"], part["pictures"], part["boxes"]) == (True, 1, ["Hors taxes"])
    assert part["comments"] == [{"where": "C2", "text": "À revoir", "author": "M. Fictif"}]
    [page] = drawn(kept(xlsx(parts=parts)), "xlsx")
    text = page.text.replace("\n", " ")
    for told in ("(feuille masquée)", "1\u00a0image ou graphique n’est pas montré ici", "C2 (M. Fictif)", "Hors taxes"):
        assert told in text


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
