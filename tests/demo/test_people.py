"""Who plays: numbers, names and texts that are invented and look it, laureates as they were published."""

import re
from collections import Counter

import pytest

from hdh_portal.accounts import sirene
from hdh_portal.demo.cast import seat_address
from hdh_portal.demo.people import dossiers, everybody, jurors, rapporteurs, real_bodies, unfinished
from hdh_portal.demo.schedule import arrivals, events
from hdh_portal.demo.script import script
from hdh_portal.demo.texts import answers_of

pytestmark = pytest.mark.embedded
# The series of numbers that no body has.
FICTITIOUS = "999"


def test_every_number_is_valid_and_of_the_fictitious_series():
    bodies = {body for row in everybody().values() for body in (row.lead, *row.partners)}
    assert [body.name for body in bodies if not sirene.is_siret(body.siret)] == []
    assert [body.name for body in bodies if not body.siret.startswith(FICTITIOUS)] == []


def test_one_legal_entity_has_one_siren_and_each_place_its_siret():
    places = [body for body in real_bodies().values() if "AP-HP" in body.name]
    assert (len({body.siren for body in places}), len({body.siret for body in places})) == (1, 3)
    known = {row["name"]: row["siren"] for row in script("call")["organisations"]}
    assert real_bodies()["Institut Curie"].siren == known["Institut Curie"]


def test_no_invented_body_shares_a_number_with_a_real_one():
    real = {body.siren for body in real_bodies().values()} | {row["siren"] for row in script("call")["organisations"]}
    invented = [row for row in dossiers().values() if not row.is_laureate]
    assert [row.acronym for row in invented if {body.siren for body in (row.lead, *row.partners)} & real] == []


def test_leads_make_the_published_shares():
    bucket = {row["code"]: row["bucket"] for row in script("call")["categories"]}
    split = Counter(bucket[row.lead.category] for row in dossiers().values())
    assert split == script("replay")["facts"]["split"]


def test_laureates_lead_types_are_as_published():
    kinds = Counter(row.lead.category for row in dossiers().values() if row.is_laureate)
    assert kinds == {"sme": 3, "hospital": 3, "university": 2, "research_foundation": 2}
    assert sum(len(row.partners) for row in dossiers().values() if row.is_laureate) == 22


def test_no_two_dossiers_say_the_same():
    for key in ("title", "context", "confidential_summary"):
        said = Counter(answers_of(row)[key] for row in dossiers().values())
        assert [text for text, count in said.items() if count > 1] == []


def test_what_is_invented_says_so():
    long = [q["key"] for section in script("call")["form"]["sections"] for q in section["questions"]]
    long = [key for key in long if key in script("texts")["answers"]]
    for row in dossiers().values():
        told = {key: text for key, text in answers_of(row).items() if key in long and text}
        unmarked = {key for key, text in told.items() if "fictif" not in text and "Fictitious" not in text}
        assert unmarked == ({"public_summary"} if row.is_laureate else set())


def test_nothing_invented_names_a_partner_of_a_laureate():
    for row in dossiers().values():
        if row.is_laureate:
            answers = answers_of(row)
            texts = [answers[key] for key in script("texts")["answers"] if key != "public_summary"]
            assert [partner.name for partner in row.partners if any(partner.name in text for text in texts)] == []


def test_people_are_one_for_each_dossier_at_an_address_of_nobody():
    addresses = [row.person.email for row in everybody().values()]
    assert len(set(addresses)) == len(addresses) == len(dossiers()) + len(unfinished())
    assert {address.rpartition("@")[2] for address in addresses} == {"exemple.fr"}


def test_seats_are_as_many_as_the_call_wants_and_bear_nobody_s_name():
    call = script("call")
    assert Counter(seat.body for seat in rapporteurs()) == dict.fromkeys(call["evaluation"]["bodies"], 3)
    assert [seat.name for seat in rapporteurs()[:2]] == ["Rapporteur DREES 1", "Rapporteur DREES 2"]
    assert [seat.name for seat in jurors().values()] == [f"Siège {number}" for number in range(1, 13)]
    keys = [seat.key for seat in (*rapporteurs(), *jurors().values())]
    keys += [seat["key"] for seat in script("people")["seats"]]
    assert len({seat_address(key) for key in keys}) == len(keys) == 24 + 12 + 11
    assert all(re.fullmatch(r"siege-[a-z0-9-]+@exemple\.fr", seat_address(key)) for key in keys)


def test_amounts_and_durations_stay_within_the_call():
    limits = script("call")["limits"]
    rows = dossiers().values()
    assert max(row.cents for row in rows) == limits["max_grant_cents"]
    assert all(limits["min_months"] <= row.months <= limits["max_months"] for row in rows)


def test_deposits_peak_before_the_closing():
    closing = script("call")["extensions"][-1]["new"]
    last_day = [instant for instant in arrivals().values() if instant.date() == closing.date()]
    assert (len(arrivals()), len(last_day)) == (138, 33)
    assert sum(instant.hour == 11 for instant in last_day) == 12
    assert max(arrivals().values()) < closing


def test_events_follow_one_another():
    instants = [event.at for event in events()]
    assert instants == sorted(instants)


def test_titles_are_of_many_shapes_and_have_french_spaces():
    """No shape stands more than four times among the 128 invented titles."""
    shapes = Counter(row.title.replace(row.of, "…") for row in dossiers().values() if not row.is_laureate)
    assert len({row.title for row in dossiers().values()}) == len(dossiers())
    assert (len(shapes) > 28, max(shapes.values())) == (True, 4)
    spaced = r"(?<!\u00a0):|(?<!\u202f)[;?!]|'"
    assert [row.title for row in everybody().values() if re.search(spaced, row.title)] == []
