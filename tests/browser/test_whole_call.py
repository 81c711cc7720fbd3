"""One walk through a whole call, from its first candidate to its announcement, by the pages alone."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application
from hdh_portal.desk import invitations
from hdh_portal.records.models import JournalEntry
from tests.browser.walking import (
    accept,
    check,
    declare_links,
    deposit_by_hand,
    follow_next,
    note,
    reads,
    record,
    score,
    sign_both,
)
from tests.factories import make_deposited, make_officer, make_user, owner_of, paris, the_call
from tests.jury.makers import seat

pytestmark = pytest.mark.browser
DEPOSITS, CHECKS, NOTIFIED = paris(2031, 6, 2, 10), paris(2031, 7, 1, 9), paris(2031, 7, 4, 10)
SCORING, RANKED, SUMMONED = paris(2031, 7, 8, 9), paris(2031, 9, 1, 9), paris(2031, 9, 2, 9)
# Who comes first in the evaluation is heard last: the secretary may move what was drawn by lot.
HEARINGS = {"RONDE": paris(2031, 9, 9, 14), "QUAI": paris(2031, 9, 9, 14, 20)}
DELIBERATING, NEARLY, ANNOUNCED = paris(2031, 9, 9, 15), paris(2031, 9, 12, 9, 50), paris(2031, 9, 12, 10)
SIGN, TELL = "Signer cette liste", "Confirmer et publier les décisions"
TO_THE_JURY = ["submitted", "admissible", "shortlisted"]


@pytest.fixture
def cast(visit, now_is):
    """The call and its people, each in a browser of their own: two candidates, three offices, the jury, the public."""
    now_is(DEPOSITS)
    call = the_call("autre")
    other = make_deposited(call, at=DEPOSITS, short_name="RONDE", long_name="La ronde du soir")

    def office(name, power="officer"):
        return visit(make_officer(call, power=power, name=name).user)

    return SimpleNamespace(
        call=call,
        one=visit(make_user("Camille Aubry")),
        two=visit(owner_of(other)),
        officer=office("Alix Morel"),
        managers=[office(name, "manager") for name in ("Dominique Faure", "Claude Rey")],
        secretary=office("Sacha Lenoir", "secretary"),
        rapporteur=visit(make_user("Lou Verdier", email="lou@exemple.fr")),
        jurors=[visit(seat(call, number, at=DEPOSITS).user) for number in (1, 2, 3)],
        public=visit(),
    )


def test_a_call_is_walked_from_the_deposit_to_the_announcement(cast, now_is, faults):
    deposit_by_hand(cast.one, cast.call, "QUAI")
    now_is(CHECKS)
    conclude_checks(cast)
    now_is(NOTIFIED)
    sign_both(cast.managers, SIGN, TELL)
    assign(cast)
    now_is(SCORING)
    send_sheets(cast)
    now_is(RANKED)
    shortlist(cast)
    now_is(SUMMONED)
    summon(cast)
    for acronym, at in HEARINGS.items():
        now_is(at)
        hear(cast, acronym)
    now_is(DELIBERATING)
    deliberate(cast)
    now_is(NEARLY)
    be_refused_too_early(cast)
    now_is(ANNOUNCED)
    sign_both(cast.managers, SIGN, TELL)
    read_the_results(cast)
    assert moves(cast.call) == [[*TO_THE_JURY, "laureate"], [*TO_THE_JURY, "not_selected"]]
    assert list(faults()) == []


def moves(call):
    """The states of the two dossiers that the journal tells, a line each; the last one is that of the dossier."""
    found = []
    for application in Application.objects.filter(call=call).order_by("state"):
        lines = JournalEntry.objects.filter(chain=call.chain_id, data__application=application.reference)
        states = list(lines.filter(data__has_key="to").order_by("position").values_list("data__to", flat=True))
        assert states[-1] == application.state
        found.append(states)
    return found


def conclude_checks(cast):
    """Everyone in office declares their links; one body checks, so that what it finds is the outcome."""
    for opened in (cast.officer, cast.secretary, *cast.managers):
        declare_links(opened)
    follow_next(cast.officer, "Contrôler le dossier suivant")
    check(cast.officer)
    cast.officer.press("Contrôler le dossier suivant", role="link")
    check(cast.officer)


def assign(cast):
    """A rapporteur comes by invitation; a manager has the portal propose who scores what, and confirms it."""
    follow_next(cast.two, "Lire la décision")
    reads(cast.two, "Votre dossier est recevable")
    body = cast.call.rapporteur_bodies.first().organisation
    offer = invitations.invite(cast.call, email="lou@exemple.fr", role="rapporteur", body=body)
    accept(cast.rapporteur, urlsplit(invitations.link_of(offer)).path)
    manager = cast.managers[0]
    follow_next(manager, "Répartir les dossiers")
    manager.press("Proposer la répartition")
    manager.press("Confirmer et prévenir les rapporteurs")


def send_sheets(cast):
    """Each sheet that is sent leads to the next one."""
    follow_next(cast.rapporteur, "Ouvrir ma liste")
    cast.rapporteur.press("Déclarer mes intérêts", role="link")
    for _sheet in range(2):
        score(cast.rapporteur, {"QUAI": "4", "RONDE": "3"})
    reads(cast.rapporteur, "Toutes vos fiches sont envoyées")


def shortlist(cast):
    """Two people freeze the list, then two tell it; the candidates read it."""
    sign_both(cast.managers, SIGN, "Confirmer et figer la liste")
    sign_both(cast.managers, SIGN, TELL)
    for candidate in (cast.one, cast.two):
        follow_next(candidate, "Lire la décision")
        reads(candidate, "Votre dossier est présélectionné")


def summon(cast):
    """One juror recuses themselves; the secretary places the hearings, and each team reads its hour."""
    for opened, acronyms in zip(cast.jurors, ((), (), ("QUAI",)), strict=True):
        declare_links(opened, *acronyms)
    expect(cast.jurors[2].page.get_by_role("row").filter(has_text="Votre déport")).to_have_count(1)
    page = follow_next(cast.secretary, "Placer les auditions")
    for acronym, at in HEARINGS.items():
        page.get_by_label(f"{acronym}, heure").fill(at.strftime("%H:%M"))
    cast.secretary.press("Enregistrer les horaires")
    cast.secretary.press("Convoquer les équipes et le jury")
    follow_next(cast.one, "Lire le message")
    reads(cast.one, "Le jury entend votre équipe le mardi 9 septembre 2031 à 14\u00a0h\u00a020")
    assert cast.one.flaws() == []


def hear(cast, acronym):
    """The secretary begins and ends a hearing, in which a juror notes an opinion."""
    page = follow_next(cast.secretary, "Ouvrir l’audition")
    expect(page.get_by_role("heading", level=1)).to_have_text(acronym)
    cast.secretary.press("Commencer l’audition")
    cast.secretary.press("Tous présents")
    reads(cast.secretary, "Présences : 2 sur 3" if acronym == "QUAI" else "Présences : 3 sur 3")
    note(cast.jurors[0], "Réponses nettes.")
    cast.secretary.press("Finir l’audition")
    if acronym == "QUAI":
        assert cast.secretary.flaws() == []
        cast.secretary.press("Aller à la décision", role="link")


def deliberate(cast):
    """The secretary records and signs, who presides confirms and freezes."""
    secretary, president = cast.secretary, cast.jurors[1]
    record(secretary, "QUAI", "Lauréat", "Aide attribuée, en euros", "40 000")
    record(secretary, "RONDE", "Non retenu", "Raison", "Les mesures manquent de points d’écoute.")
    for _decision in range(2):
        follow_next(president, "Relire la décision")
        president.press("Confirmer cette décision")
    follow_next(secretary, "Relire et signer")
    secretary.press("Signer les décisions")
    follow_next(president, "Relire et figer")
    president.press("Figer les décisions")
    assert president.flaws() == []


def be_refused_too_early(cast):
    """Before the earliest instant nobody signs the results, and outside the circle nobody reads them."""
    manager = cast.managers[0]
    follow_next(manager, "Relire l’annonce")
    reads(manager, "Sous embargo", "QUAI")
    manager.press("Relire et signer", role="link")
    reads(manager, "Les résultats se publient à partir du vendredi 12 septembre 2031 à 10\u00a0h\u00a000")
    to_the_results(cast.public, cast.call, "Date des résultats")
    reads(cast.public, "Les lauréats seront annoncés")
    assert "QUAI" not in cast.public.page.content()


def to_the_results(opened, call, label="Voir les résultats"):
    opened.go(reverse("desk:call_detail", args=[call.slug]))
    opened.press(label, role="link")


def read_the_results(cast):
    """Each candidate their decision, the public the results, the announcement and its data."""
    follow_next(cast.one, "Lire la décision")
    reads(cast.one, "Votre projet est lauréat, pour une aide de 40\u202f000\u00a0€ au plus.")
    follow_next(cast.two, "Lire la décision")
    reads(cast.two, "Votre projet n’est pas retenu.")
    public = cast.public
    to_the_results(public, cast.call)
    reads(public, "Un lauréat pour", "QUAI", "Ville de Brume")
    public.press("Lire l’annonce complète", role="link")
    reads(public, "Annonce des lauréats", "QUAI", "Sur le quai, de nuit.")
    assert public.flaws() == []
    assert "RONDE" not in public.page.content()
    data = public.page.get_by_role("link", name="Lauréats en données ouvertes").get_attribute("href")
    laureates = public.page.request.get(data).json()["announcement"]["laureates"]
    assert [one["acronym"] for one in laureates] == ["QUAI"]
