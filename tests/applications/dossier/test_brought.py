"""Files as people bring them, kept byte for byte in `tests/hostile/cases` with what each of them shows."""

from pathlib import Path

import pytest

from applications.dossier.confined import contents
from applications.dossier.pages import DRAWERS, pages_of_pdf
from applications.dossier.uploads import FORMATS
from hdh_portal.records import rendering
from tests.applications.dossier.test_uploads import judge, refusal

pytestmark = pytest.mark.embedded
CASES = Path(__file__).parents[2] / "hostile" / "cases"


def case(name):
    """The bytes of a case."""
    return (CASES / name).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "attachment-removed.pdf",  # a list of attachments that is empty
        "empty-javascript.pdf",  # a list of scripts that is empty
        "font-named-JS.pdf",  # a font whose name on its page is that of a script elsewhere
        "leading-newline.pdf",  # a blank line before the header
        "no-eof.pdf",  # no last line
        "owner-only-aes256.pdf",  # opens without a password, restricts rights
        "openxmlsdk-default-main.xlsx",  # the type of its workbook is that of its extension
        "zip-comment.xlsx",  # a comment after the directory of the archive
        "wide-26-columns.xlsx",
        "fifteen-sheets.xlsx",
        "formats.xlsx",
        "comment-tab.ods",
    ],
)
def test_file_that_opens_everywhere_is_accepted(name):
    assert judge(case(name), name).clean_name == name


@pytest.mark.parametrize("name", ["leading-newline.pdf", "no-eof.pdf", "owner-only-aes256.pdf"])
def test_file_that_is_accepted_is_also_drawn_with_its_text(name):
    [page] = pages_of_pdf(CASES / name, None)
    assert (page.width, page.text) == (1100, "Lettre d'engagement (fictif) p1")


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("with-attachment.pdf", "embedded", "Ce fichier en contient un autre"),
        ("user-password.pdf", "encrypted", "Ce PDF est protégé par un mot de passe."),
    ],
)
def test_file_that_is_no_plain_document_is_refused_with_the_true_reason(name, code, said):
    refused = refusal(case(name), name)
    assert (refused.code, refused.sentence.startswith(said)) == (code, True)


# What officers read of them ---------------------------------------------------------------------------------------


def read_aloud(name):
    """The text of the pages that officers see of a case, spaces of French made plain."""
    kind = name.rpartition(".")[2]
    pages = DRAWERS[FORMATS[kind].media_type](CASES / name, rendering.pdf)
    return "\n".join(page.text for page in pages).replace("\u202f", " ").replace("\u00a0", " ")


def test_wide_sheet_is_shown_to_its_last_column():
    text = read_aloud("wide-26-columns.xlsx")
    for words in ("Colonnes A à N", "Colonnes O à Z", "M24", "TOTAL", "24300"):
        assert words in text


def test_every_sheet_of_a_workbook_is_shown():
    text = read_aloud("fifteen-sheets.xlsx")
    assert [f"Partenaire {number}\n" in text for number in range(1, 16)] == [True] * 15


def test_amounts_percents_and_dates_are_shown_as_a_spreadsheet_shows_them():
    text = read_aloud("formats.xlsx")
    for words in ("01/06/2020", "30%", "268 300,50 €", "01/07/2020", "16%", " 0,3 "):
        assert words in text
    assert text.count("formule non") == 3
    assert "43983" not in text and "0,30000" not in text


def test_comment_of_a_cell_is_told_apart_and_its_tabs_and_breaks_are_kept():
    [part] = contents.read(CASES / "comment-tab.ods", "ods")
    assert part["rows"][1][:2] == ["Personnel\tpermanent\net CDD", "01/06/2020"]
    assert part["comments"] == [{"where": "A2", "text": "a revoir avant envoi", "author": "C. Fictif"}]
    assert "A2 (C. Fictif) : a revoir avant envoi" in read_aloud("comment-tab.ods").replace("\n", " ")
