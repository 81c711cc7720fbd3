"""The people of a call on its page: listed, removed, replaced; what dies with a role, and what stays."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.admissibility.actions import take_check
from applications.interests.actions import declare_interest
from applications.models import CaseOfficer, Check, Interest
from hdh_portal.accounts.models import Invitation
from hdh_portal.desk import invitations
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.models import Departure
from hdh_portal.records.models import Attempt, JournalEntry, Message
from jury.models import Juror
from reviews.models import Assignment
from tests.applications.officers import at, make_ready, words
from tests.factories import CLOSED, make_deposited, make_officer, make_user, the_call
from tests.jury.makers import seat
from tests.refusals import refused
from tests.reviews.makers import SCORING, make_assigned, make_rapporteur, make_sent, make_written
from tests.reviews.makers import admissible as admissible_dossiers

pytestmark = pytest.mark.django_db
REASON = "A quitté son organisme."


def last(verb):
    return JournalEntry.objects.filter(verb=verb).last()


def removal(**fields):
    return {"reason": REASON, "understood": "on"} | fields


ROLES = {
    # who: (how the role is made, kind of its address, a page of theirs, line of the journal)
    "officer": (lambda call: make_ready(call), "equipe", "applications:check_list", "officer_removed"),
    "manager": (
        lambda call: make_ready(call, power="manager"),
        "equipe",
        "operations:person_list",
        "officer_removed",
    ),
    "secretary": (lambda call: make_ready(call, power="secretary"), "equipe", "jury:sitting_list", "officer_removed"),
    "rapporteur": (lambda call: make_rapporteur(call), "rapporteurs", "reviews:worklist", "rapporteur_removed"),
    "juror": (lambda call: seat(call, 5), "jury", "jury:sitting_list", "juror_left"),
}


@pytest.mark.parametrize("who", ROLES)
def test_rights_die_with_the_role_and_at_once(managers, page, browser, who):
    make, kind, theirs, verb = ROLES[who]
    role, call = make(managers[0].call), managers[0].call
    user, theirs = role.user, reverse(theirs, args=[call.slug])
    theirs_before = browser(user)
    assert theirs_before.get(theirs).status_code == 200
    response = browser(managers[0].user).post(page("person_remove", call, kind, role.pk), removal())
    assert response.url == f"{page('person_list', call)}?vue={kind}"
    assert theirs_before.get(theirs).status_code == 404
    assert theirs_before.get(reverse("desk:my_space")).status_code == 200
    departure = Departure.objects.get()
    assert (departure.user, departure.role, departure.by, departure.reason) == (user, who, managers[0].user, REASON)
    line = last(verb)
    assert (line.actor_id, REASON in str(line.data)) == (managers[0].user_id, False)


def test_person_is_told_whom_to_ask_and_not_the_reason(managers, page, browser, mails):
    role = make_ready(managers[0].call)
    browser(managers[0].user).post(page("person_remove", role.call, "equipe", role.pk), removal())
    (mail,) = [one for one in mails() if one.to == [role.user.email]]
    assert mail.subject == "Votre rôle dans un appel à projets a pris fin"
    assert "Contact" in mail.body and REASON not in mail.body


@pytest.mark.parametrize(("who", "offered"), [("manager", "manager"), ("rapporteur", "rapporteur"), ("juror", "juror")])
def test_replacing_removes_and_invites_for_the_same_body_or_seat_in_one_act(managers, page, browser, who, offered):
    role, kind = ROLES[who][0](managers[0].call), ROLES[who][1]
    call = role.call
    body, number = getattr(role, "body", None), getattr(role, "seat", None)
    posted = removal(successor="Suite@exemple.fr")
    browser(managers[0].user).post(page("person_remove", call, kind, role.pk), posted)
    offer = Invitation.objects.get()
    assert (offer.email, offer.role, offer.body, offer.seat) == ("suite@exemple.fr", offered, body, number)
    assert Departure.objects.get().successor == offer
    following = make_user(email="suite@exemple.fr")
    invitations.accept_invitation(offer, by=following, at=CLOSED)
    assert type(role).objects.filter(call=call, user=following).count() == 1


@pytest.mark.parametrize("address", ["pas une adresse", "own"])
def test_replacement_that_cannot_be_invited_removes_nobody_and_loses_no_word(managers, page, browser, address):
    role = make_ready(managers[0].call)
    posted = removal(successor=role.user.email if address == "own" else address)
    response = browser(managers[0].user).post(page("person_remove", role.call, "equipe", role.pk), posted)
    assert (response.status_code, "successor" in response.context["form"].errors) == (422, True)
    assert REASON in response.content.decode()
    role.refresh_from_db()
    assert role.removed_at is None
    assert (Departure.objects.count(), Invitation.objects.count(), last("officer_removed")) == (0, 0, None)


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "a" * 501])
def test_reason_is_needed_and_fits(managers, page, browser, reason):
    role = make_ready(managers[0].call)
    response = browser(managers[0].user).post(
        page("person_remove", role.call, "equipe", role.pk), removal(reason=reason)
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert Attempt.objects.filter(verb="remove_person", code="reason").count() == 1
    assert not Departure.objects.exists()


def test_nobody_removes_their_own_role(managers, page, browser):
    own = managers[0]
    client = browser(own.user)
    assert "C’est votre rôle" in words(client.get(page("person_detail", own.call, "equipe", own.pk)))
    response = client.post(page("person_remove", own.call, "equipe", own.pk), removal())
    assert (response.status_code, Departure.objects.count()) == (409, 0)
    assert Attempt.objects.get(verb="remove_person").code == "own_role"


def test_last_but_one_manager_goes_only_once_it_is_understood_and_the_last_never(managers, page, browser):
    one, two, three = managers
    client, call = browser(one.user), one.call
    client.post(page("person_remove", call, "equipe", three.pk), {"reason": REASON})
    shown = client.get(page("person_detail", call, "equipe", two.pk))
    assert "aucun acte à deux signatures" in words(shown)
    again = client.post(page("person_remove", call, "equipe", two.pk), {"reason": REASON})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["understood"])
    client.post(page("person_remove", call, "equipe", two.pk), removal())
    assert list(CaseOfficer.objects.in_office().filter(power="manager", call=call)) == [one]
    assert "Une seule personne peut signer" in words(client.get(page("person_list", call)))
    operator = make_user(is_superuser=True)
    refused("last_manager", remove_person, one, REASON, understood=True, by=operator, at=CLOSED)


def test_open_offer_of_a_removed_person_does_not_bring_the_role_back(managers, page, browser):
    role = make_ready(managers[0].call)
    call, email = role.call, role.user.email
    CaseOfficer.objects.filter(pk=role.pk).update(removed_at=CLOSED)
    offer = invitations.invite(call, email=email, role="manager", body=role.body, at=CLOSED)
    CaseOfficer.objects.filter(pk=role.pk).update(removed_at=None)
    browser(managers[0].user).post(page("person_remove", call, "equipe", role.pk), removal())
    link = reverse("desk:invitation_accept", args=[invitations.token_of(offer)])
    browser(role.user).post(link)
    assert not CaseOfficer.objects.in_office().filter(user=role.user).exists()
    assert last("invitation_withdrawn").data == {"invitation": offer.pk}


def test_rapporteurs_sheets_are_counted_before_and_sent_ones_stay(managers, page, browser, now_is):
    dossiers = admissible_dossiers(3)
    rows = make_assigned(*dossiers)
    mine = [row for row in rows if row.rapporteur == rows[0].rapporteur]
    make_sent(mine[0])
    make_written(mine[1])
    declare_interest(mine[2].application, by=managers[1].user, at=SCORING)
    now_is(SCORING)
    address = page("person_detail", dossiers[0].call, "rapporteurs", mine[0].rapporteur_id)
    shown = words(browser(managers[0].user).get(address))
    assert "1 fiche envoyée reste et compte" in shown and "2 dossiers redeviennent à répartir" in shown
    assert "1 dossier redevient à répartir" in words(browser(managers[1].user).get(address))
    browser(managers[0].user).post(address + "retirer/", removal())
    current = Assignment.objects.current().filter(rapporteur=mine[0].rapporteur)
    assert list(current) == [mine[0]]


def test_seat_says_the_quorum_that_falls(managers, page, browser):
    call = managers[0].call
    quorum = call.jury.quorum
    seats = [seat(call, number) for number in Juror.objects.filter(call=call).values_list("seat", flat=True)[:quorum]]
    client = browser(managers[0].user)
    address = page("person_detail", call, "jury", seats[-1].pk)
    assert f"pour un quorum de {quorum}" in words(client.get(address))
    assert client.post(address + "retirer/", {"reason": REASON}).status_code == 422
    client.post(address + "retirer/", removal())
    assert Juror.objects.get(pk=seats[-1].pk).user is None


@pytest.mark.parametrize("view", ["equipe", "rapporteurs", "jury", "invitations", "departs"])
def test_list_costs_the_same_whatever_it_holds(managers, page, browser, django_assert_num_queries, view):
    call, client = managers[0].call, browser(managers[0].user)
    address = f"{page('person_list', call)}?vue={view}"
    gone = [make_officer(call) for _n in range(3)]
    numbers = iter(range(2, 9))

    def grow(count):
        for _n in range(count):
            make_rapporteur(call)
            seat(call, next(numbers))
            role = gone.pop()
            posted = removal(successor=f"suite{role.pk}@exemple.fr")
            client.post(page("person_remove", call, "equipe", role.pk), posted)
        client.get(address)  # It reads what the acts had to say, and forgets it.

    for more in (1, 2):
        grow(more)
        # Session, person, office, windows, five counts, the rows, who can sign, the menu.
        with django_assert_num_queries(12):
            client.get(address)


def test_list_says_who_lacks_a_factor_who_is_blocked_and_which_seat_is_free(managers, page, browser):
    call, client = managers[0].call, browser(managers[0].user)
    make_officer(call, name="Sans facteur", factor=False)
    blocked = make_officer(call, name="Bloquée")
    blocked.user.is_active = False
    blocked.user.save()
    shown = words(client.get(page("person_list", call)))
    assert shown.count("Second facteur à poser") == 2 and shown.count("Compte bloqué") == 2
    assert "(vous)" in shown and blocked.user.email in shown
    seats = words(client.get(f"{page('person_list', call)}?vue=jury"))
    assert "À inviter" in seats
    assert client.get(f"{page('person_list', call)}?vue=rien").status_code == 404


def test_departure_is_read_with_its_reason(managers, page, browser):
    role = make_ready(managers[0].call, name="Partie")
    client = browser(managers[0].user)
    client.post(page("person_remove", role.call, "equipe", role.pk), removal())
    shown = words(client.get(f"{page('person_list', role.call)}?vue=departs"))
    assert "Partie" in shown and REASON in shown


def test_departure_is_decided_by_another_and_never_changes(managers):
    user = managers[0].user
    fields = {"call": the_call(), "user": user, "role": "manager", "reason": REASON, "at": CLOSED}
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.create(by=user, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.create(by=managers[1].user, **fields | {"reason": ""})
    kept = Departure.objects.create(by=managers[1].user, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=kept.pk).update(reason="Autre.")


# Checks of somebody who is away ----------------------------------------------------------------------------------


def test_manager_gives_the_check_of_the_absent_back_to_their_body(managers, page, browser):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client = browser(managers[0].user)
    address = page("person_detail", application.call, "equipe", officer.pk)
    assert application.reference in words(client.get(address))
    assert client.post(page("check_hand_back", application.call, check.pk)).url == address
    assert not Check.objects.exists()
    assert last("check_handed_back").data["officer"] == officer.pk
    colleague = make_ready()
    assert take_check(application, colleague, by=colleague.user, at=CLOSED)


def test_check_in_a_dossier_with_ones_own_interest_is_not_seen_nor_given_back(managers, page, browser):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    declare_interest(application, by=managers[0].user, at=CLOSED)
    client = browser(managers[0].user)
    shown = client.get(page("person_detail", application.call, "equipe", officer.pk))
    assert application.reference not in shown.content.decode()
    assert client.post(page("check_hand_back", application.call, check.pk)).status_code == 404
    assert Check.objects.exists()


# Invitations ------------------------------------------------------------------------------------------------------


def offer_in(form, role):
    return next(key for key, one in form.offers.items() if one["role"] == role)


def test_manager_invites_from_the_page_and_the_others_are_told(managers, page, browser, mails):
    call, client = managers[0].call, browser(managers[0].user)
    form = client.get(page("invitation_new", call)).context["form"]
    posted = {"email": "Nouvelle@exemple.fr", "offer": offer_in(form, "manager")}
    assert client.post(page("invitation_send", call), posted).status_code == 302
    offer = Invitation.objects.get()
    assert (offer.email, offer.role) == ("nouvelle@exemple.fr", "manager")
    assert last("invitation_sent").actor_id == managers[0].user_id
    told = {mail.to[0] for mail in mails()}
    assert told == {"nouvelle@exemple.fr", managers[1].user.email, managers[2].user.email}


@pytest.mark.parametrize(
    ("posted", "status", "errors"),
    [
        ({"email": "incomplète", "offer": ""}, 422, ["email", "offer"]),
        ({"email": "une@exemple.fr", "offer": "manager-0"}, 422, ["offer"]),
        ({"email": "own", "offer": "manager"}, 409, ["__all__"]),
    ],
)
def test_invitation_that_cannot_be_sent_says_why(managers, page, browser, posted, status, errors):
    call, client = managers[0].call, browser(managers[0].user)
    form = client.get(page("invitation_new", call)).context["form"]
    posted = {
        "email": managers[1].user.email if posted["email"] == "own" else posted["email"],
        "offer": offer_in(form, "manager") if posted["offer"] == "manager" else posted["offer"],
    }
    response = client.post(page("invitation_send", call), posted)
    assert (response.status_code, list(response.context["form"].errors)) == (status, errors)
    assert not Invitation.objects.exists()


def test_invitation_is_sent_again_under_a_new_link_or_withdrawn_with_a_kind_word(managers, page, browser, client):
    call, mine = managers[0].call, browser(managers[0].user)
    first = invitations.invite(call, email="une@exemple.fr", role="officer", body=managers[0].body, at=CLOSED)
    mine.post(page("invitation_send_again", call, first.pk))
    second = Invitation.objects.exclude(pk=first.pk).get()
    links = [reverse("desk:invitation", args=[invitations.token_of(one)]) for one in (first, second)]
    assert [client.get(link).status_code for link in links] == [410, 200]
    assert mine.post(page("invitation_send_again", call, first.pk)).status_code == 409
    mine.post(page("invitation_withdraw", call, second.pk))
    gone = client.get(links[1])
    assert (gone.status_code, "Cette invitation ne vaut plus" in words(gone)) == (410, True)
    assert last("invitation_withdrawn").data == {"invitation": second.pk}
    assert Message.objects.filter(to="une@exemple.fr").count() == 2
    invitee = make_user(email="une@exemple.fr")
    browser(invitee).post(links[1] + "accepter/")
    assert not CaseOfficer.objects.filter(user=invitee).exists()


def test_officer_neither_invites_nor_removes_by_action(managers):
    officer, other = make_ready(), make_ready()
    offer = invitations.invite(officer.call, email="une@exemple.fr", role="officer", body=officer.body, at=CLOSED)
    refused("not_allowed", remove_person, other, REASON, by=officer.user, at=CLOSED)
    refused("not_allowed", invitations.withdraw_invitation, offer, by=officer.user, at=CLOSED)
    refused("not_allowed", invitations.send_again, offer, by=officer.user, at=CLOSED)
    fields = {"email": "deux@exemple.fr", "role": "officer", "body": officer.body}
    refused("not_allowed", invitations.invite, officer.call, by=officer.user, at=CLOSED, **fields)
    abroad = make_officer(the_call("autre"), power="manager")
    refused("not_allowed", remove_person, other, REASON, by=abroad.user, at=CLOSED)


# Interests --------------------------------------------------------------------------------------------------------


def test_interests_are_listed_by_rule_and_lifted_by_another_with_a_reason(managers, page, browser):
    application, officer = make_deposited(), make_ready(name="Avec un lien")
    interest = declare_interest(application, by=officer.user, at=CLOSED)
    client, call = browser(managers[0].user), application.call
    shown = words(client.get(page("interest_list", call)))
    assert "Avec un lien" in shown and application.reference in shown and "déclaré" in shown
    assert client.get(at("check_edit", application)).status_code == 200
    theirs = browser(officer.user)
    assert theirs.get(at("check_edit", application)).status_code == 404
    empty = client.post(page("interest_lift", call, interest.pk), {"reason": " "})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
    long = client.post(page("interest_lift", call, interest.pk), {"reason": "a" * 301})
    assert (long.status_code, list(long.context["form"].errors)) == (422, ["reason"])
    assert client.post(page("interest_lift", call, interest.pk), {"reason": "Homonyme."}).status_code == 302
    assert theirs.get(at("check_edit", application)).status_code == 200
    assert "Levé" in words(client.get(page("interest_list", call)))


def test_recusals_page_tells_whose_of_which_kind_since_when(managers, page, browser):
    application, officer = make_deposited(), make_ready(name="Avec un lien")
    declare_interest(application, Interest.Nature.RIVAL, by=officer.user, at=CLOSED)
    shown = words(browser(managers[0].user).get(page("interest_list", application.call)))
    assert "Déports" in shown and "Avec un lien" in shown and "déclaré, projet concurrent" in shown
    assert "Dossier fermé" in shown and "Voir qui peut signer" in shown


def test_own_interest_is_a_row_and_those_beside_it_are_not_shown_nor_lifted(managers, page, browser):
    application, officer = make_deposited(), make_ready()
    other = declare_interest(application, by=officer.user, at=CLOSED)
    own = declare_interest(application, by=managers[0].user, at=CLOSED)
    client, call = browser(managers[0].user), application.call
    listed = client.get(page("interest_list", call))
    assert (list(listed.context["own"]), list(listed.context["rows"])) == ([own], [])
    assert ("Votre déport" in words(listed), str(officer.user) in words(listed)) == (True, False)
    for interest in (own, other):
        assert client.get(page("interest_detail", call, interest.pk)).status_code == 404
        assert client.post(page("interest_lift", call, interest.pk), {"reason": "Oui."}).status_code == 404
    assert browser(managers[1].user).get(page("interest_detail", call, own.pk)).status_code == 200


def test_second_link_with_the_same_dossier_still_closes_it_and_the_page_says_so(managers, page, browser):
    application, officer = make_deposited(), make_ready()
    declared = declare_interest(application, by=officer.user, at=CLOSED)
    Interest.objects.create(user=officer.user, application=application, kind="same_body", declared_at=CLOSED)
    client = browser(managers[0].user)
    done = client.post(page("interest_lift", application.call, declared.pk), {"reason": "Homonyme."}, follow=True)
    assert "Un autre lien ferme encore ce dossier" in words(done)
    assert browser(officer.user).get(at("check_edit", application)).status_code == 404


def test_interests_of_candidates_are_none_of_the_people_of_the_call(managers, page, browser):
    application = make_deposited()
    shown = browser(managers[0].user).get(page("interest_list", application.call))
    assert list(shown.context["rows"]) == []
