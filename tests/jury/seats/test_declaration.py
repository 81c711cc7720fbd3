"""A juror's interests: declared once on the list of shortlisted dossiers, later on one of them, with the instant."""

from datetime import timedelta

import pytest

from applications.models import Interest
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from jury.dossiers import dossiers_open_to
from jury.hearings.actions.opinion import save_opinion
from jury.models import Deliberation, Hearing, JurorDeclaration, Opinion, Presence
from jury.permissions import person_at
from jury.seats import declarations
from jury.seats.actions.declaration import declare_interest, declare_interests, take_back_interest
from tests.factories import make_user, the_call
from tests.jury.makers import (
    HEARING,
    SEATED,
    SUMMONED,
    declare,
    make_secretary,
    placed,
    seat,
    shortlisted,
    sitting_juror,
    started,
    summoned,
)
from tests.leaving import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


def refusal_of(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value.code


def opened(call, juror):
    return list(dossiers_open_to(person_at(call, juror.user)).order_by("pk").values_list("pk", flat=True))


def freeze(call):
    one, two = make_secretary(call).user, seat(call, 1)
    Deliberation.objects.create(
        call=call,
        digest="0" * 64,
        decided_by=one,
        decided_at=HEARING,
        presiding=two,
        confirmed_by=two.user,
        confirmed_at=HEARING,
    )


def test_the_list_names_shortlisted_dossiers_that_nothing_ties_to_the_juror_and_no_others(call):
    one, two, three = shortlisted(3, call, others=1)
    juror = seat(call, 7)
    two.members.create(user=juror.user, role="reader", since=SEATED)
    Interest.objects.create(user=juror.user, application=two, kind="member", declared_at=SEATED)
    three.state = "withdrawn"
    three.save(update_fields=["state"])
    assert [row.application_id for row in declarations.shown_to(juror)] == [one.pk]


def test_ticked_dossiers_close_and_all_others_open(call):
    one, two, three = shortlisted(3, call)
    juror = seat(call, 7)
    assert opened(call, juror) == []
    declare(juror, two)
    assert opened(call, juror) == [one.pk, three.pk]
    assert Interest.objects.get(user=juror.user).kind == "declared"
    assert JurorDeclaration.objects.order_by("application_id").values_list("application_id", "at").first() == (
        one.pk,
        SEATED,
    )
    line = JournalEntry.objects.get(verb="juror_interests_declared")
    assert line.data["interests"] == [two.reference]


def test_a_list_that_changed_and_an_id_outside_it_are_refused(call):
    shortlisted(1, call)
    juror = seat(call, 7)
    digest = declarations.list_digest(declarations.shown_to(juror))
    other = call.applications.exclude(state="shortlisted").first()
    outside = other.pk if other else 999_999
    assert refusal_of(declare_interests, juror, [], "0" * 64, by=juror.user, at=SEATED) == "list_changed"
    assert refusal_of(declare_interests, juror, [outside], digest, by=juror.user, at=SEATED) == "list_changed"
    assert not JurorDeclaration.objects.exists()


def test_who_has_answered_answers_once_and_who_left_not_at_all(call):
    shortlisted(1, call)
    juror = sitting_juror(call, 7)
    assert refusal_of(declare, juror) == "already_declared"
    user = juror.user
    leave(juror, at=SUMMONED)
    assert refusal_of(declare_interests, juror, [], "", by=user, at=SUMMONED) == "not_seated"


def test_before_the_shortlist_there_is_nothing_to_declare(call):
    assert refusal_of(declare, seat(call, 7)) == "already_declared"


def test_a_recusal_closes_the_dossier_erases_the_notes_and_leaves_the_room(call):
    one, two = shortlisted(2, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    summoned(call, secretary)
    hearing = started(one, secretary)
    save_opinion(hearing, notes="Bon exposé.", by=juror.user, at=HEARING)
    save_opinion(Hearing.objects.get(application=two), notes="À lire.", by=juror.user, at=HEARING)

    declare_interest(one, by=juror.user, at=HEARING)

    assert opened(call, juror) == [two.pk]
    assert list(Opinion.objects.values_list("hearing__application", flat=True)) == [two.pk]
    rows = Presence.objects.order_by("id").values_list("juror__seat", "status", "recorded_by")
    assert list(rows) == [(7, "present", secretary.user_id), (7, "recused", juror.user_id)]
    assert JournalEntry.objects.get(verb="juror_recused").data == {
        "application": one.reference,
        "juror": juror.pk,
        "nature": "other",
    }
    assert refusal_of(declare_interest, one, by=juror.user, at=HEARING) == "already_declared"


def test_a_recusal_before_the_hearing_leaves_no_line_of_presence_until_it_starts(call):
    [one] = shortlisted(1, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    summoned(call, secretary)
    declare_interest(one, by=juror.user, at=SUMMONED)
    assert not Presence.objects.exists()
    started(one, secretary)
    assert list(Presence.objects.values_list("juror__seat", "status")) == [(7, "recused")]


def test_a_declaration_made_during_the_hearing_recuses_at_once(call):
    [one] = shortlisted(1, call)
    secretary, juror = make_secretary(call), seat(call, 7)
    summoned(call, secretary)
    started(one, secretary)
    assert not Presence.objects.exists()
    declare(juror, one, at=HEARING)
    assert list(Presence.objects.values_list("juror__seat", "status", "at")) == [(7, "recused", HEARING)]


def test_nobody_recuses_themselves_before_declaring_nor_without_a_seat(call):
    [one] = shortlisted(1, call)
    assert refusal_of(declare_interest, one, by=seat(call, 7).user, at=SEATED) == "already_declared"
    assert refusal_of(declare_interest, one, by=make_user(), at=SEATED) == "not_seated"
    assert refusal_of(declare_interest, one, by=make_secretary(call).user, at=SEATED) == "not_seated"


def test_once_the_decisions_are_frozen_nothing_is_declared(call):
    [one] = shortlisted(1, call)
    juror, mute = sitting_juror(call, 7), seat(call, 3)
    placed(call, make_secretary(call))
    freeze(call)
    assert refusal_of(declare_interest, one, by=juror.user, at=HEARING) == "frozen"
    assert refusal_of(declare, mute, at=HEARING) == "frozen"


def test_recusal_by_a_slip_is_taken_back_within_the_half_hour(call):
    juror, (one, *_others) = seat(call, 5), shortlisted(2)
    declare(juror)
    declare_interest(one, Interest.Nature.WORK, by=juror.user, at=SUMMONED)
    assert (one.pk in opened(call, juror), Interest.objects.get(user=juror.user).nature) == (False, "work")
    late = SUMMONED + timedelta(hours=15)
    assert refusal_of(take_back_interest, one, by=juror.user, at=late) == "too_late"
    assert refusal_of(take_back_interest, one, by=make_user(), at=SUMMONED) == "not_seated"
    take_back_interest(one, by=juror.user, at=SUMMONED + timedelta(minutes=5))
    assert one.pk in opened(call, juror)
    assert JournalEntry.objects.filter(verb="juror_recusal_taken_back").count() == 1
    assert refusal_of(take_back_interest, one, by=juror.user, at=SUMMONED) == "nothing_declared"
