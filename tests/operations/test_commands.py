"""The people of a call by command: the same acts as its page, for those who operate the portal."""

import io

import pytest
from django.core.management import CommandError, call_command

from applications.admissibility.actions import take_check
from applications.interests.actions import declare_interest
from applications.models import CaseOfficer, Check, Interest
from hdh_portal.accounts.models import Invitation
from hdh_portal.desk import invitations
from hdh_portal.operations.models import Departure, SecondFactorReset
from tests.applications.officers import make_ready
from tests.factories import make_deposited, make_user
from tests.jury.makers import seat
from tests.reviews.makers import make_rapporteur

pytestmark = pytest.mark.django_db


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def operator(managers):
    return make_user("Exploite", is_superuser=True)


def test_list_names_each_role_with_its_factor(managers):
    call = managers[0].call
    juror, rapporteur = seat(call, 5), make_rapporteur(call)
    listed = run("people", "list", call.slug).splitlines()
    assert len(listed) == 5
    assert f"{juror.user.email}\tmembre du jury, siège 5\tsecond facteur posé\tjamais connecté" in listed
    assert any(line.startswith(f"{rapporteur.user.email}\trapporteur\t{rapporteur.body}") for line in listed)


def test_operator_removes_and_replaces(managers, operator):
    officer = make_ready()
    words = ["--call", officer.call.slug, "--role", "officer", "--by", operator.email, "--reason", "Absence."]
    link = run("people", "remove", officer.user.email, *words, "--successor", "suite@exemple.fr", "--understood")
    assert invitations.link_of(Invitation.objects.get()) in link
    assert (Departure.objects.get().by, CaseOfficer.objects.in_office().filter(pk=officer.pk).exists()) == (
        operator,
        False,
    )
    with pytest.raises(CommandError, match="ne tient pas ce rôle"):
        run("people", "remove", officer.user.email, *words)
    with pytest.raises(CommandError, match="gère cet appel"):
        run("people", "remove", managers[0].user.email, *words[:2], "--role", "manager", "--by",
            officer.user.email, "--reason", "Non.")  # fmt: skip


def test_invitation_is_sent_again_and_withdrawn(managers, operator):
    call = managers[0].call
    invitations.invite(call, email="une@exemple.fr", role="officer", body=managers[0].body)
    words = ["une@exemple.fr", "--call", call.slug, "--role", "officer", "--by", operator.email]
    link = run("people", "resend", *words).strip()
    assert link == invitations.link_of(invitations.unanswered(call.slug).get())
    run("people", "withdraw", *words)
    assert not invitations.unanswered(call.slug).exists()
    with pytest.raises(CommandError, match="Aucune invitation"):
        run("people", "withdraw", *words)


def test_interest_is_lifted_and_a_check_given_back_by_a_manager(managers):
    application, officer, away = make_deposited(), make_ready(), make_ready()
    declare_interest(application, by=officer.user)
    take_check(application, away, by=away.user)
    words = ["--dossier", application.reference, "--by", managers[0].user.email]
    run("people", "lift", officer.user.email, *words, "--reason", "Homonyme.")
    assert not Interest.objects.current().filter(user=officer.user).exists()
    run("people", "give-back", away.user.email, *words)
    assert not Check.objects.exists()
    with pytest.raises(CommandError, match="pas de contrôle commencé"):
        run("people", "give-back", away.user.email, *words)


def test_second_factor_is_reset_by_two_and_by_two_only(managers, operator):
    officer = make_ready()
    words = [officer.user.email, "--by", managers[0].user.email, "--identity", "Vue au guichet."]
    for alone in (managers[0].user, officer.user, make_user()):
        with pytest.raises(CommandError, match="ne peut pas confirmer"):
            run("reset_second_factor", *words, "--confirmed-by", alone.email)
    assert not SecondFactorReset.objects.exists()
    run("reset_second_factor", *words, "--confirmed-by", operator.email)
    assert not officer.user.has_second_factor()
