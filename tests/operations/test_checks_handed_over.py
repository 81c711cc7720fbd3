"""Begun checks of somebody who leaves or is away pass to a colleague by name, as far as that person may judge."""

import pytest
from django.urls import reverse

from applications.admissibility.actions import save_check, take_check
from applications.interests.actions import declare_interest
from applications.models import Check
from hdh_portal.records.models import JournalEntry
from tests.applications.officers import at, make_ready, words
from tests.factories import CLOSED, make_deposited, the_call

pytestmark = pytest.mark.django_db


def last(verb):
    return JournalEntry.objects.filter(verb=verb).last()


def handing(client, address, heir):
    """Read the page, choose a colleague (an office, or a text), hand over."""
    page = client.get(address)
    digest, call = page.context["checks_digest"], page.context["call"]
    url = reverse("operations:checks_hand_over", args=[call.slug, page.context["role"].pk])
    return client.post(url, {"heir": getattr(heir, "pk", heir), "digest": digest})


def test_manager_hands_begun_checks_to_a_colleague_by_name(managers, page, browser):
    call = the_call()
    one, two, closed, own = (make_deposited(call) for _ in range(4))
    officer, heir = make_ready(call), make_ready(call, name="Camille Duval")
    make_ready(call, body=1)
    for row in (one, two, closed, own):
        take_check(row, officer, by=officer.user, at=CLOSED)
    declare_interest(closed, by=heir.user, at=CLOSED)
    declare_interest(own, by=managers[0].user, at=CLOSED)
    client, address = browser(managers[0].user), page("person_detail", call, "equipe", officer.pk)
    shown = words(client.get(address))
    assert "Camille Duval : reprend 2 contrôles sur 3, un lien lui ferme le reste" in shown
    assert "Transmettre d’abord ses contrôles à une autre personne" in shown
    assert handing(client, address, heir).url == address
    held = dict(Check.objects.values_list("application", "officer"))
    assert held == {one.pk: heir.pk, two.pk: heir.pk, closed.pk: officer.pk, own.pk: officer.pk}
    data = last("checks_handed_over").data
    assert (data["officer"], data["heir"]) == (officer.pk, heir.pk)
    assert data["applications"] == sorted([one.reference, two.reference])
    assert browser(heir.user).get(at("check_edit", one)).status_code == 200


def test_check_passes_empty_and_only_as_it_was_read(managers, page, browser):
    application, officer, heir = make_deposited(), make_ready(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    save_check(check, reason="Mes mots.", by=officer.user, at=CLOSED)
    call = application.call
    client, address = browser(managers[0].user), page("person_detail", call, "equipe", officer.pk)
    for nobody in ("", officer, "9" * 40):
        refused = handing(client, address, nobody)
        assert (refused.status_code, "Choisissez une personne de la liste" in words(refused)) == (422, True)
    url = page("checks_hand_over", call, officer.pk)
    assert client.post(url, {"heir": heir.pk, "digest": "d" * 64}).status_code == 409
    assert browser(heir.user).post(url, {"heir": heir.pk}).status_code == 404
    assert handing(client, address, heir).status_code == 302
    passed = Check.objects.get()
    assert (passed.officer_id, passed.reason, passed.done_at) == (heir.pk, "", None)
