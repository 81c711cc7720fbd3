"""Sign-up, verification of the address, and that neither tells who has an account."""

from allauth.account.internal import flows
from allauth.account.models import EmailAddress
from django.urls import reverse

from hdh_portal.accounts import forms
from hdh_portal.accounts.models import User
from tests import factories
from tests.accounts.conftest import STRONG, link_in

SIGNUP = "/comptes/signup/"


def sign_up(client, email="nouvelle@exemple.fr", **changes):
    data = {"email": email, "name": "Nour Petit", "password1": STRONG, "password2": STRONG}
    return client.post(SIGNUP, data | changes)


def test_sign_up_asks_for_the_address_to_be_verified(client, mails):
    response = sign_up(client)
    assert (response.status_code, response.url) == (302, "/comptes/confirm-email/")
    user = User.objects.get(email="nouvelle@exemple.fr")
    assert (user.name, user.has_verified_address()) == ("Nour Petit", False)
    assert [(m.to, m.subject) for m in mails()] == [(["nouvelle@exemple.fr"], "Confirmez votre adresse électronique")]


def test_unverified_person_cannot_sign_in(client, mails, sign_in):
    sign_up(client)
    response = sign_in("nouvelle@exemple.fr", STRONG)
    assert (response.status_code, response.url) == (302, "/comptes/confirm-email/")
    assert "_auth_user_id" not in client.session


def test_link_verifies_by_post_only_and_once(client, mails, sign_in):
    sign_up(client)
    path = link_in(mails()[0])
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified
    assert client.post(path).status_code == 302
    assert User.objects.get().has_verified_address()
    assert client.post(path).status_code == 404
    sign_in("nouvelle@exemple.fr", STRONG)
    assert "_auth_user_id" in client.session


def test_known_address_gets_the_same_page_and_another_mail(client, person, mails):
    unknown = sign_up(client)
    unknown_page = client.get(unknown.url).content
    client.logout()
    client.cookies.clear()
    known = sign_up(client, person.email)
    known_page = client.get(known.url).content
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known_page.replace(b"camille@", b"nouvelle@") == unknown_page
    assert User.objects.filter(email=person.email).count() == 1
    assert [m.subject for m in mails()] == ["Confirmez votre adresse électronique", "Vous avez déjà un compte"]


def test_known_address_costs_a_password_hash_too(client, person, monkeypatch):
    hashed = []
    real = forms.make_password
    monkeypatch.setattr(forms, "make_password", lambda password: hashed.append(1) or real(password))
    sign_up(client, person.email)
    assert hashed == [1]


def test_address_is_one_whatever_its_case(client, person):
    sign_up(client, "CAMILLE@exemple.fr")
    assert User.objects.count() == 1


def test_weak_passwords_are_refused_beside_the_field(client, db):
    for password in ("court", "motdepasse", "passwordpassword", "123456789012"):
        response = sign_up(client, password1=password, password2=password)
        assert response.status_code == 200
        assert response.context["form"].errors.keys() == {"password1"}
    assert User.objects.count() == 0


def test_unequal_passwords_and_empty_fields_are_told(client, db):
    response = sign_up(client, password2="autre chose encore", name="", email="x")
    errors = response.context["form"].errors
    assert errors["password2"] == ["Les deux mots de passe diffèrent\u00a0: saisissez deux fois le même."]
    assert errors["name"] == ["Indiquez votre prénom et votre nom."]
    assert errors["email"] == [
        "Cette adresse n’est pas complète\u00a0: vérifiez-la, par exemple «\u202fprenom.nom@exemple.fr\u202f»."
    ]


def test_same_address_twice_at_the_same_moment_makes_one_account(client, db, monkeypatch):
    User.objects.create_user("nouvelle@exemple.fr", STRONG)
    monkeypatch.setattr(flows.manage_email, "email_already_exists", lambda email: (email, False))
    response = sign_up(client)
    assert (response.status_code, response.url) == (302, "/comptes/confirm-email/")
    assert User.objects.count() == 1


def test_proved_address_takes_the_place_of_a_sign_up_never_confirmed(client, person, mails):
    sign_up(client, "partage@exemple.fr")
    client.cookies.clear()
    mails()
    client.force_login(person)
    address = EmailAddress.objects.create(user=person, email="partage@exemple.fr")
    address.send_confirmation(request=None)
    response = client.post(link_in(mails()[0]))
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.email == "partage@exemple.fr"
    assert User.objects.count() == 1


def test_person_is_known_as_verified_only_after_the_link(db):
    assert factories.make_user(verified=True).has_verified_address()
    assert not factories.make_user(verified=False).has_verified_address()


def test_confirmation_page_of_a_false_link_says_so(client, db):
    response = client.get(reverse("account_confirm_email", args=["faux"]))
    assert response.status_code == 200
    assert response.context["confirmation"] is None
