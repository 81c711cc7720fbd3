"""The announcement from data: numbers, sentences word for word, its row, its paper, and what its release refuses."""

import pytest

from applications.dossier.actions.draft import withdraw_application
from applications.models import Call, Letter, SubmissionBody
from hdh_portal.ground.wording import in_words
from hdh_portal.records import rendering
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from jury.announcement import composition, content_of, in_published_order, partners_sentence, sections_of
from jury.announcement.documents import announcement as announcement_paper
from jury.announcement.laureates import text_blocks
from jury.announcement.people import surname
from jury.announcement.sentences import on_days
from jury.models import Announcement, Juror
from tests import papers as read
from tests.factories import owner_of, paris, the_call
from tests.jury.announcement.announced import announced, partners, release, room_of
from tests.jury.deciding import NOTIFIED

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
B, N = "\u00a0", "\u202f"


def facts_of(call):
    return content_of(call, NOTIFIED)


def said(content, key):
    """The text of one section, blank-separated."""
    [section] = [one for one in sections_of(content) if one["key"] == key]
    return " ".join(texts(section))


def texts(value):
    """Every text in a structure, in order."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inner for text in texts(one)]


# Sentences ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "Sans partenaire"),
        (["CHU A"], f"Partenaire{B}: CHU A"),
        (["CHU A", "Labo B"], f"Partenaires{B}: CHU A, Labo B"),
        (list("ABCDEFGH"), f"Partenaires{B}: A, B, C, D, E, F, G, H"),
    ],
)
def test_partners_are_counted_in_words(names, sentence):
    assert partners_sentence(names) == sentence


@pytest.mark.parametrize(("count", "word"), [(0, "zéro"), (1, "un"), (10, "dix"), (16, "seize"), (17, "17")])
def test_small_numbers_are_words(count, word):
    assert in_words(count) == word


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (["2020-07-06"], f"le 6{B}juillet 2020"),
        (["2020-07-06", "2020-07-07"], f"les 6 et 7{B}juillet 2020"),
        (["2020-06-30", "2020-07-01"], f"les 30{B}juin et 1er{B}juillet 2020"),
        (["2020-07-06", "2020-07-09"], f"les 6{B}juillet 2020 et 9{B}juillet 2020"),
        (["2020-07-06", "2020-07-07", "2020-07-08"], f"du 6 au 8{B}juillet 2020"),
        (["2020-07-06", "2020-07-08", "2020-07-09"], f"les 6{B}juillet 2020, 8{B}juillet 2020, 9{B}juillet 2020"),
    ],
)
def test_days_are_said_as_they_follow_one_another(days, sentence):
    assert on_days(days) == sentence


@pytest.mark.parametrize(
    ("name", "last"),
    [("Ana N’Doye", "N’Doye"), ("Luc Le Strat", "Le Strat"), ("Jean-Luc de Saint Ay", "Saint Ay"), ("Ana", "Ana")],
)
def test_surname_is_what_follows_the_first_name(name, last):
    assert surname(name) == last


def test_text_is_read_as_paragraphs_and_lists():
    typed = "Un.\nDeux.\n\nTrois :\n- quatre ;\n• cinq\nSix.\n\n- sept\n\n- huit\n-neuf"
    assert text_blocks(typed) == [
        {"kind": "paragraph", "lines": ["Un.", "Deux."]},
        {"kind": "paragraph", "lines": ["Trois :"]},
        {"kind": "list", "items": ["quatre ;", "cinq"]},
        {"kind": "paragraph", "lines": ["Six."]},
        {"kind": "list", "items": ["sept"]},
        {"kind": "list", "items": ["huit"]},
        {"kind": "paragraph", "lines": ["-neuf"]},
    ]
    assert text_blocks(" \n\n ") == []


# Facts by query -----------------------------------------------------------------------------------------------------


def test_numbers_come_from_queries():
    room = room_of({"acronym": "ZETA"}, {"acronym": "alpha"}, conclusions=["laureate", "laureate"], others=2)
    content = facts_of(room.call)
    assert content["candidates"]["count"] == 4
    assert sum(one["percent"] for one in content["candidates"]["shares"]) == 100
    assert content["selection"]["evaluation"]["shortlisted"] == content["selection"]["hearings"]["heard"] == 2
    assert content["result"]["laureates"] == 2
    assert [card["acronym"] for card in content["laureates"]] == ["alpha", "ZETA"]


def test_laureates_stand_without_accent_or_case_and_bear_no_decision():
    names = ["Zoé", "éole", "Ébène", "alpha", "BETA-2"]
    content = facts_of(room_of(*({"acronym": name} for name in names)).call)
    assert [card["acronym"] for card in content["laureates"]] == ["alpha", "BETA-2", "Ébène", "éole", "Zoé"]
    assert {key for card in content["laureates"] for key in card} == {"acronym", "title", "lead", "partners", "text"}


def test_only_confirmed_laureates_are_named():
    room = room_of(
        {"acronym": "OUI"}, {"acronym": "NON"}, {"acronym": "ATTEND"}, conclusions=["laureate", "not_selected"]
    )
    assert [card["acronym"] for card in facts_of(room.call)["laureates"]] == ["OUI"]


def test_who_withdraws_after_the_closing_was_a_candidate():
    call = the_call()
    room = room_of({"acronym": "OUI"}, {"acronym": "PART"}, conclusions=["laureate", "not_selected"], others=1)
    before = facts_of(call)["candidates"]["count"]
    gone = room.dossiers[1]
    withdraw_application(gone, by=owner_of(gone), at=NOTIFIED)
    assert facts_of(call)["candidates"]["count"] == before == 3


def test_partners_and_text_are_those_that_were_sealed():
    call = the_call()
    text = "Le but :\n- voir ;\n- savoir."
    content = facts_of(room_of({"public_summary": text, "partners": partners(call, "Un", "Deux")}).call)
    [card] = content["laureates"]
    assert card["partners"] == ["Un", "Deux"]
    assert [block["kind"] for block in card["text"]] == ["paragraph", "list"]
    assert "confidential" not in str(content)


def test_jury_stands_president_first_then_by_surname(django_assert_num_queries):
    call = the_call()
    with django_assert_num_queries(1):
        names = [one["name"] for one in composition(call)]
    assert names[0] == Juror.objects.get(call=call, presidency=True).name
    assert [surname(name)[:2] for name in names[1:4]] == ["Ba", "Cl", "Co"]
    assert len(in_published_order(call.jurors.order_by("seat"))) == len(names) == 12


@pytest.mark.parametrize("count", [1, 3])
def test_facts_cost_the_same_for_one_and_three(django_assert_num_queries, count):
    room_of(*({"acronym": f"P{n}", "partners": partners(the_call(), "Un")} for n in range(count)))
    call = Call.objects.select_related("jury", "evaluation").get(pk=the_call().pk)
    with django_assert_num_queries(16):
        content_of(call, NOTIFIED)


def test_another_call_has_its_own_words_and_leaves_out_what_it_lacks():
    call = the_call("autre")
    content = content_of(call, call.jury.announcement_earliest)
    assert {"jury", "round_table", "laureates"} & set(content) == set()
    assert content["title"]["day"] == "2031-09-12"
    first = the_call()
    assert first.title not in str(content)
    assert "n’a retenu aucun projet" in said(content, "result")
    assert f"contrôle{B}: Agence nationale du calme (Agence du calme). Il a vérifié" in said(content, "selection")


# The row, at the release --------------------------------------------------------------------------------------------


def test_release_writes_the_announcement_once_with_its_digest():
    room = room_of({"acronym": "OUI"}, {"acronym": "NON"}, conclusions=["laureate", "reserve"])
    before = facts_of(room.call)
    row = release(room.call)
    assert (row.version, row.at, row.content) == (1, NOTIFIED, before)
    assert row.digest == sha256(row.content)
    assert facts_of(room.call) == before
    assert Document.objects.filter(renderer="announcement", subject=row.pk).count() == 1


def test_release_waits_for_its_instant():
    room = room_of({"acronym": "OUI"})
    with pytest.raises(Refused) as refused:
        release(room.call, at=paris(2020, 7, 9, 8, 59, 59))
    assert refused.value.code == "before_earliest"
    assert Announcement.objects.count() == 0


def test_release_names_every_thing_that_is_missing():
    room = room_of({"acronym": "OUI", "public_summary": "Un texte."}, {}, conclusions=["laureate", "not_selected"])
    SubmissionBody.objects.filter(submission__acronym="OUI").delete()
    Letter.objects.filter(call=room.call, kind="not_selected").delete()
    with pytest.raises(Refused) as refused:
        release(room.call)
    assert refused.value.code == "announcement_incomplete"
    assert refused.value.sentence == (
        f"L’annonce n’est pas complète{B}: OUI n’a pas de texte à publier{N}; "
        f"le courrier «{N}not_selected{N}» manque dans l’appel. Complétez, puis signez."
    )
    assert Announcement.objects.count() == 0


# Paper --------------------------------------------------------------------------------------------------------------


def made(row):
    paper = announcement_paper(row.pk)
    return paper, rendering.pdf(paper.template, paper.context)


def test_paper_is_tagged_in_one_font_and_says_the_announcement(tmp_path, django_assert_max_num_queries):
    row = announced({"acronym": "OUI", "public_summary": "Vu le 中.\n\n- un\n- deux"}, {"acronym": "AUSSI"})
    with django_assert_max_num_queries(2):
        announcement_paper(row.pk)
    paper, content = made(row)
    assert paper.filename == f"annonce-{row.call.slug}-v1.pdf"
    assert read.faults(content, tmp_path) == []
    assert read.families(content) == {"Radio-Canada"}
    pages = read.words(content)
    whole = " ".join(pages)
    for section in sections_of(row.content):
        assert " ".join(section["heading"].replace(B, " ").replace(N, " ").split()) in whole
    for number, page in enumerate(pages, 1):
        assert f"page {number} sur {len(pages)}" in page
        assert "Annonce du 9 juillet 2020, version 1" in page


def test_paper_reads_the_row_alone():
    row = announced({"acronym": "OUI"})
    before = announcement_paper(row.pk)
    call = row.call
    call.texts = call.texts | {"purpose": "Autre chose."}
    call.save(update_fields=["texts"])
    Juror.objects.filter(call=call).update(name="Une autre personne")
    assert announcement_paper(row.pk) == before
    assert Document.objects.get(renderer="announcement").digest == before.digest()


def test_hostile_text_stays_text(tmp_path):
    text = "<img src=x> {{ call }} {% now 'Y' %}\n- <script>1</script>"
    row = announced({"acronym": "<b>GRAS</b>", "public_summary": text})
    _paper, content = made(row)
    assert "<img src=x> {{ call }} {% now 'Y' %}" in " ".join(read.words(content))
    assert read.faults(content, tmp_path) == []
