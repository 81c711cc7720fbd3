"""What is called drawn by lot was drawn: the seed stands in the journal first, and a command draws again."""

import pytest
from django.core.management import CommandError, call_command

from applications.interests.actions import write_declared
from hdh_portal.records.models import JournalEntry
from jury.hearings.actions.timetable import draw_order, place_hearings
from jury.hearings.drawing import draw_of
from jury.hearings.timetable import drawn
from jury.models import Hearing
from tests.factories import paris, the_call
from tests.jury.makers import SEATED, SUMMONED, dossiers, make_secretary, placed, shortlisted
from tests.jury.pages import at
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


@pytest.fixture
def secretary(call):
    return make_secretary(call)


def verify(call, capsys):
    call_command("verify_draw", call.slug)
    return capsys.readouterr().out.replace("\u00a0", " ")


def test_nothing_is_called_drawn_before_it_is(call, secretary, sign_in, capsys):
    shortlisted(3, call)
    text = sign_in(secretary).get(at("hearing_place", call)).content.decode()
    assert "proposées dans l’ordre des acronymes" in text and "dans l’ordre tiré au sort" not in text
    assert "n’a pas été tiré au sort" in verify(call, capsys)


def test_order_is_drawn_once_from_a_seed_that_the_journal_has_first(call, secretary, sign_in, capsys):
    rows = shortlisted(3, call)
    client = sign_in(secretary)
    assert client.post(at("hearing_draw", call)).status_code == 302
    draw = draw_of(call)
    line = JournalEntry.objects.get(verb="hearing_order_drawn")
    assert (line.data["seed"], len(draw.seed)) == (draw.seed, 32)
    refused("already_drawn", draw_order, call, by=secretary.user, at=SEATED)
    page = client.get(at("hearing_place", call))
    shown = [line["row"].application.reference for line in page.context["form"].lines()]
    assert shown == drawn(draw.seed, [row.reference for row in rows])
    assert "dans l’ordre tiré au sort le" in page.content.decode() and draw.seed in page.content.decode()
    starts = [paris(2020, 7, 6, hour) for hour in (9, 10, 11)]
    places = dict(zip(shown, starts, strict=True))
    by_reference = {row.reference: row.pk for row in dossiers(call)}
    place_hearings(call, {by_reference[one]: start for one, start in places.items()}, by=secretary.user, at=SUMMONED)
    assert "Les horaires suivent le tirage." in verify(call, capsys)
    first, last = Hearing.objects.order_by("starts_at").first(), Hearing.objects.order_by("starts_at").last()
    moved = {first.application_id: paris(2020, 7, 6, 14), last.application_id: last.starts_at}
    others = Hearing.objects.exclude(pk__in=[first.pk, last.pk])
    moved |= {row.application_id: row.starts_at for row in others}
    place_hearings(call, moved, by=secretary.user, at=SUMMONED)
    with pytest.raises(CommandError, match="ne suivent pas le tirage"):
        call_command("verify_draw", call.slug)


def test_hours_that_were_kept_before_the_draw_are_proposed_anew(call, secretary):
    shortlisted(2, call)
    placed(call, secretary)
    draw_order(call, by=secretary.user, at=SEATED)
    assert not Hearing.objects.exists()


def test_nothing_is_drawn_before_the_shortlist(call, secretary):
    refused("nothing_to_place", draw_order, call, by=secretary.user, at=SEATED)


def test_chance_needs_nobody_free_of_every_interest(call, secretary):
    one, two = shortlisted(2, call)
    write_declared(one, secretary.user, SEATED)
    seed = draw_order(call, by=secretary.user, at=SEATED)
    assert draw_of(call).references == sorted([one.reference, two.reference]) and draw_of(call).seed == seed
