"""What a person does on the way of a call, each act by the pages alone: from their own space to the last button."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import siret

SPACE = "desk:my_space"


def reads(opened, *texts):
    """The page that is open says each of these texts."""
    for text in texts:
        expect(opened.page.locator("main")).to_contain_text(text)


def follow_next(opened, label):
    """From the person's own space to the one next thing that it names; returns the page."""
    opened.go(reverse(SPACE))
    opened.press(label, role="link")
    return opened.page


def sign_both(two, first, second):
    """One person signs, another confirms the same; each is led there, and the first only once."""
    signer, confirmer = two
    follow_next(signer, "Relire et signer")
    signer.press(first)
    signer.go(reverse(SPACE))
    expect(signer.page.get_by_role("link", name="Relire et")).to_have_count(0)
    follow_next(confirmer, "Relire et confirmer")
    confirmer.press(second)


def deposit_by_hand(opened, call, acronym):
    """From the portal's first page to the receipt: every answer to the second call's form is typed."""
    page = opened.go(reverse("desk:home"))
    opened.press("Voir l’appel", role="link")
    opened.press("Déposer un dossier", role="link")
    opened.press("Commencer un dossier")
    page.get_by_label("Nom court").fill(acronym)
    page.get_by_label("Nom complet").fill("Le quai qui se tait à minuit")
    page.get_by_label("le bruit de la nuit").check()
    page.get_by_label("Aide demandée").fill("42 000,50")
    page.get_by_label("Durée de l’essai").fill("12")
    page.get_by_label("Ce que vous mesurerez").fill("Le niveau moyen de chaque heure.\n\nSur le quai, de nuit.")
    page.get_by_label("Rue").check()
    opened.press("Enregistrer et continuer")
    lead = page.get_by_role("group", name="Porteur")
    lead.get_by_label("Nom").fill("Ville de Brume")
    lead.get_by_label("SIRET").fill(siret(990_013))
    lead.get_by_label("Catégorie").select_option(label="Commune")
    page.get_by_label("Nous publierons nos mesures chaque mois.").check()
    opened.press("Enregistrer et continuer")
    opened.press("Déposer le dossier")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre dossier est déposé")


def accept(opened, address):
    """Open an invitation and accept it."""
    opened.go(address)
    opened.press("Accepter ce rôle")
    reads(opened, "Vous tenez maintenant ce rôle.")


def declare_links(opened, *acronyms):
    """Go through the list of names and tick those of `acronyms`."""
    page = follow_next(opened, "Déclarer mes liens")
    for acronym in acronyms:
        page.get_by_label(acronym).check()
    page.get_by_label("J’ai parcouru toute la liste").check()
    opened.press("Déclarer mes liens")


def check(opened):
    """On the page of a dossier: take its check, find everything in order, conclude."""
    opened.press("Prendre ce contrôle")
    for answer in opened.page.get_by_label("Oui", exact=True).all():
        answer.check()
    opened.page.get_by_label("Recevable", exact=True).check()
    opened.press("Conclure mon contrôle")


def score(opened, marks):
    """On the page that asks for interests: declare none, give each criterion the mark `{acronym: mark}`, send."""
    page = opened.page
    mark = marks[page.locator("dd strong").inner_text()]
    opened.press("Je n’ai pas de lien avec ce projet")
    for scale in page.locator(".scale").all():
        scale.get_by_role("radio", name=mark).check()
    page.get_by_role("radio", name="À retenir en priorité").check()
    page.get_by_label("Commentaire transmissible").fill("Projet utile et bien conduit.")
    opened.press("Envoyer ma fiche")


def note(opened, words):
    """A juror joins the hearing that is under way and notes an opinion."""
    page = follow_next(opened, "Rejoindre l’audition")
    page.get_by_label("Notes personnelles").fill(words)
    page.get_by_role("radio", name="Favorable", exact=True).check()
    opened.press("Enregistrer mon appréciation")


def record(opened, acronym, conclusion, label, words):
    """From one's own space to a decision that is recorded; `label`: what else this conclusion asks for."""
    page = follow_next(opened, "Enregistrer la décision")
    expect(page.get_by_role("heading", level=1)).to_have_text(acronym)
    opened.press("Tous présents")
    page.get_by_label(conclusion, exact=True).check()
    page.get_by_label(label).fill(words)
    opened.press("Enregistrer la décision")
