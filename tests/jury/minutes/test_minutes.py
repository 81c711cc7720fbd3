"""The minutes: what they say, from frozen rows only, in few statements, as a tagged paper and a page that equals it."""

import pytest

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import lift_interest
from applications.models import Call, Interest
from hdh_portal.records import rendering
from hdh_portal.records.models import Document, JournalEntry
from hdh_portal.records.tasks import render_document
from jury.hearings.actions.presences import record_presence
from jury.minutes.documents import minutes
from jury.minutes.reading import write_minutes
from jury.models import Deliberation, Hearing, Juror, Sitting
from jury.seats.actions.declaration import declare_interest
from tests import papers as read
from tests.factories import owner_of, paris
from tests.jury.deciding import (
    EVENING,
    FROZEN,
    confirm,
    decide,
    decide_all,
    declare,
    freeze,
    frozen,
    hear,
    make_room,
    record,
)
from tests.jury.makers import seat
from tests.leaving import leave
from tests.papers import canary  # noqa: F401 - a fixture
from tests.reviews.makers import make_managers

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 7, 8, 9)


def paper():
    return minutes(Deliberation.objects.get().pk)


def made(one):
    return rendering.pdf(one.template, one.context)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def block(room, place):
    """What the minutes say of a dossier."""
    rows = {row["reference"]: row for row in paper().context["dossiers"]}
    return rows[room.dossiers[place].reference]


def hearing_of(dossier):
    return Hearing.objects.select_related("application__call").get(application=dossier)


def test_minutes_say_who_sat_where_and_what_was_decided_on_what_room():
    room = make_room(3, with_interest={4: [1]}, acting=(7, 3))
    one = hearing_of(room.dossiers[0])
    record_presence(one, room.seats[9], "absent", by=room.secretary.user, at=EVENING)
    record_presence(one, room.seats[10], "left", by=room.secretary.user, at=EVENING)
    decide_all(room, "laureate", "reserve")
    freeze(room)
    said = paper().context
    assert [row["seat"] for row in said["members"]] == list(range(1, 13))
    assert said["members"][0] | {"quality": "", "body": ""} == {
        "seat": 1,
        "name": "Siège 1",
        "quality": "",
        "body": "",
        "role": "présidence",
    }
    assert said["members"][6]["role"] == "suppléance de la présidence, rang 1"
    assert said["members"][0]["body"] == "Institut Curie"
    assert [row["cells"] for row in said["presence"]] == [
        list("PPPPPPPPASPP"),
        list("PPPDPPPPPPPP"),
        list("PPPPPPPPPPPP"),
    ]
    assert [row["present"] for row in said["presence"]] == [10, 11, 12]
    first, second, third = (block(room, place) for place in range(3))
    assert plain(first["outcome"]) == "Lauréat, pour 100 000 € au plus. Aide demandée : 300 000 €."
    assert [plain(line) for line in first["away"]] == ["Siège 9 : absent", "Siège 10 : sorti à 17 h 00"]
    assert first["recusals"] == []
    assert plain(second["outcome"]) == "Liste complémentaire, rang 1. Aide demandée : 300 000 €."
    assert [plain(line) for line in second["recusals"]] == ["Siège 4 : déport, déclaré, sortie à 9 h 40"]
    assert plain(second["quorum"]) == "11 présents, 6 nécessaires : quorum atteint"
    assert third["reason"] == [["Trop tôt."]]
    assert plain(third["hearing"]) == "lundi 6 juillet 2020, prévue à 10 h 20, tenue de 10 h 20 à 10 h 58"
    assert plain(third["presided"]).startswith("Présidence du dossier : Siège 1. Enregistrée par ")
    assert [plain(row[1]) for row in said["sums"]] == ["900 000 €", "100 000 €", "3 000 000 €", "2 900 000 €"]
    assert [len(one["rows"]) for one in said["lists"]] == [1, 1, 1]
    assert plain(said["sittings"][0]["when"]).startswith("lundi 6 juillet 2020, de 9 h 00 à ")
    assert [plain(row["heard"]) for row in said["sittings"]] == ["3 projets entendus", "0 projet entendu"]


def test_only_the_rule_of_the_same_body_says_that_it_is_a_rule():
    room = make_room(1, heard=False, seats=[1, 2, 3, 4, 5, 6, 7])
    dossier = room.dossiers[0]
    Interest.objects.create(user=room.seats[2].user, application=dossier, kind="same_body", declared_at=LATER)
    Interest.objects.filter(kind="same_body").update(declared_at=paris(2020, 6, 30, 7))
    hear(room)
    declare_interest(dossier, by=room.seats[3].user, at=paris(2020, 7, 6, 9, 38))
    room.seats = {number: one for number, one in room.seats.items() if number != 3}
    refresh = seat(room.call, 8)
    declare(refresh, at=paris(2020, 7, 6, 10))
    record_presence(hearing_of(dossier), refresh, "present", by=room.secretary.user, at=paris(2020, 7, 6, 10))
    decide(room, dossier)
    freeze(room)
    assert [plain(line) for line in block(room, 0)["recusals"]] == [
        "Siège 2 : déport, règle : même organisme, sortie à 9 h 00",
        "Siège 3 : déport, déclaré, sortie à 9 h 38",
    ]


def test_acting_president_is_named_for_the_dossier_and_for_the_whole():
    room = make_room(2, with_interest={1: [0]}, acting=(7,))
    decide_all(room, "laureate", "reserve")
    freeze(room, by=room.seats[7].user)
    assert plain(block(room, 0)["presided"]).startswith("Présidence du dossier : Siège 7, suppléance.")
    assert plain(block(room, 1)["presided"]).startswith("Présidence du dossier : Siège 1.")
    assert plain(paper().context["signers"][0]["name"]) == "Siège 7, qui supplée la présidence"


def test_texts_of_the_call_that_change_after_the_freeze_change_nothing_of_the_minutes():
    room = frozen(1, "not_selected")
    before = paper()
    Call.objects.update(title="Un autre titre")
    Juror.objects.update(quality="Une autre qualité")
    Sitting.objects.update(place="Ailleurs")
    assert paper() == before
    document = Document.objects.get(renderer="minutes")
    render_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.error, room.call.slug in document.filename) == ("done", "", True)


def test_team_that_withdrew_after_its_hearing_was_heard_all_the_same():
    room = make_room(2)
    withdraw_application(room.dossiers[1], by=owner_of(room.dossiers[1]), at=EVENING)
    decide(room, room.dossiers[0])
    freeze(room)
    heard = [plain(one["heard"]) for one in paper().context["sittings"]]
    assert heard[0] == "2 projets entendus"


def test_minutes_stay_the_same_whatever_happens_afterwards():
    room = make_room(2, with_interest={4: [1]})
    decide_all(room, "laureate", "reserve")
    freeze(room)
    before = paper()
    assert Document.objects.get(renderer="minutes").digest == before.digest()
    leave(room.seats[5], at=LATER)
    seat(room.call, 5, at=LATER)
    interest = Interest.objects.get(user=room.seats[4].user, application=room.dossiers[1])
    lift_interest(interest, "Erreur de nom.", by=make_managers(room.call)[0].user, at=LATER)
    Interest.objects.create(user=room.seats[6].user, application=room.dossiers[0], kind="same_body", declared_at=LATER)
    assert paper() == before


def test_person_who_left_between_two_decisions_is_named_where_they_sat():
    room = make_room(2)
    one, two = room.dossiers
    decide(room, one)
    leave(room.seats[12], at=paris(2020, 7, 7, 17, 30))
    at = paris(2020, 7, 7, 17, 45)
    record(room, two, "reserve", at=at)
    confirm(two, at=at)
    freeze(room)
    first, second = paper().context["presence"]
    assert (first["cells"][11], first["present"]) == ("P", 12)
    assert (second["cells"][11], second["present"]) == ("", 11)


def test_who_takes_over_the_seat_of_a_recused_juror_is_not_minuted_as_recused():
    room = make_room(1, with_interest={6: [0]})
    leave(room.seats[6], at=EVENING)
    new = seat(room.call, 6, at=EVENING)
    declare(new, at=EVENING)
    record(room, room.dossiers[0], at=FROZEN)
    confirm(room.dossiers[0], at=FROZEN)
    freeze(room)
    [dossier] = paper().context["dossiers"]
    assert not any(str(new.user) in line for line in dossier["recusals"])


def test_head_is_that_of_the_journal_right_after_the_first_signature():
    room = frozen(1, "laureate")
    line = JournalEntry.objects.get(chain=room.call.chain_id, verb="deliberation_proposed")
    said = paper().context
    assert said["head"].replace(" ", "") == line.hash
    assert said["digest"].replace(" ", "") == Deliberation.objects.get().digest


@pytest.mark.parametrize("count", [1, 3])
def test_minutes_cost_the_same_for_one_and_three(count, django_assert_num_queries):
    frozen(count, "laureate")
    related = ("call__jury", "decided_by", "confirmed_by", "presiding")
    deliberation = Deliberation.objects.select_related(*related).get()
    with django_assert_num_queries(14):
        assert write_minutes(deliberation) == deliberation.minutes


def test_minutes_are_tagged_in_one_font_and_hostile_text_reaches_nothing(canary, tmp_path):  # noqa: F811 - a fixture
    room = make_room(2, with_interest={4: [0]})
    text = read.hostile_text(canary.getsockname()[1])
    decide(room, room.dossiers[0], "not_selected", reason=text[:2900])
    decide(room, room.dossiers[1], "laureate")
    freeze(room)
    content = made(paper())
    assert read.faults(content, tmp_path) == []
    assert read.families(content) == {"Radio-Canada"}
    pages = read.words(content)
    assert "<img src=" in " ".join(pages)
    assert set(read.attachments(content)) <= {"/Names"}
    assert read.heard(canary) is False
    for number, page in enumerate(pages, 1):
        assert "Procès-verbal du jury, 7 juillet 2020" in page
        assert f"page {number} sur {len(pages)}" in page
    for name in room.call.jurors.exclude(name="").values_list("name", flat=True):
        assert name not in " ".join(pages)


def test_minutes_keep_the_reason_word_for_word():
    room = make_room(1)
    decide(room, room.dossiers[0], "not_selected", reason="Première ligne.\n\nDeuxième « paragraphe ».")
    freeze(room)
    assert block(room, 0)["reason"] == [["Première ligne."], ["Deuxième « paragraphe »."]]
