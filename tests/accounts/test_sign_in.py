"""Sign-in, sign-out, reset and change of password: same answers for known and unknown, limits, sessions."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from hdh_portal.accounts.adapters import AccountAdapter
from hdh_portal.accounts.models import User
from tests import factories
from tests.accounts.conftest import PASSWORD, STRONG, link_in

LOGIN, LOGOUT, RESET = "/comptes/login/", "/comptes/logout/", "/comptes/password/reset/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def confirm(client, response, password=PASSWORD):
    """Type the password again where a page asks for it; what had been asked for then goes on."""
    return client.post(response.url, {"password": password})


def words_of(response):
    return TOKEN.sub(b"", response.content)


def test_sign_in_begins_a_new_session(client, person, sign_in):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    response = sign_in(person.email)
    assert (response.status_code, response.url) == (302, reverse("desk:my_space"))
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.session_key != session.session_key


def test_sign_in_takes_the_address_in_any_case(client, person, sign_in):
    sign_in("CAMILLE@Exemple.FR")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_wrong_password_and_unknown_address_get_the_same_page(client, person, sign_in):
    known = sign_in(person.email, "pas le bon mot de passe")
    unknown = sign_in("personne@exemple.fr", "pas le bon mot de passe")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert words_of(known).replace(b"camille@", b"personne@") == words_of(unknown)
    assert known.context["form"].non_field_errors() == [
        "L’adresse ou le mot de passe ne sont pas exacts\u00a0: vérifiez les deux."
    ]


def test_closed_account_gets_the_page_of_an_unknown_address(client, person, sign_in):
    person.is_active = False
    person.set_unusable_password()
    person.save()
    unknown = sign_in("personne@exemple.fr")
    closed = sign_in(person.email)
    assert words_of(closed).replace(b"camille@", b"personne@") == words_of(unknown)


def test_sign_out_is_a_post(client, person):
    client.force_login(person)
    assert client.get(LOGOUT).status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post(LOGOUT).status_code == 302
    assert "_auth_user_id" not in client.session


def test_next_leads_nowhere_else(client, person):
    response = client.post(LOGIN + "?next=https://ailleurs.example/", {"login": person.email, "password": PASSWORD})
    assert response.url == reverse("desk:my_space")


def test_failures_close_the_door_to_their_own_place_only(client, person, sign_in):
    for _ in range(10):
        sign_in(person.email, "pas le bon mot de passe", REMOTE_ADDR="192.0.2.1")
    limited = sign_in(person.email, REMOTE_ADDR="192.0.2.1")
    assert limited.context["form"].non_field_errors() == [
        "Trop d’essais en peu de temps\u00a0: attendez cinq minutes, puis recommencez."
    ]
    assert sign_in(person.email, REMOTE_ADDR="192.0.2.2").status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_limit_is_the_same_for_an_unknown_address(client, db, sign_in):
    for _ in range(10):
        sign_in("personne@exemple.fr", "pas le bon mot de passe")
    assert sign_in("personne@exemple.fr").context["form"].non_field_errors() == [
        "Trop d’essais en peu de temps\u00a0: attendez cinq minutes, puis recommencez."
    ]


def test_limits_stand_in_the_database(client, person, sign_in):
    sign_in(person.email, "pas le bon mot de passe")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache WHERE cache_key LIKE '%allauth:rl:%login_failed%'")
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(
    ("peer", "told", "expected"),
    [
        ("192.0.2.7", "198.51.100.9", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "pas une adresse", "10.0.0.1"),
        ("", "198.51.100.9", "198.51.100.9"),
    ],
)
def test_address_is_told_by_the_trusted_proxy_alone(rf, settings, peer, told, expected):
    settings.HDH_TRUSTED_PROXY = ["10.0.0.0/8", "unix"]
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)
    assert AccountAdapter().get_client_ip(request) == expected


def test_reset_answers_alike_and_mails_differ(client, person, mails):
    known = client.post(RESET, {"email": person.email})
    unknown = client.post(RESET, {"email": "personne@exemple.fr"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(known.url).status_code == 200
    assert [(m.to[0], m.subject) for m in mails()] == [
        ("camille@exemple.fr", "Choisissez un nouveau mot de passe"),
        ("personne@exemple.fr", "Aucun compte n’existe avec cette adresse"),
    ]


def test_reset_link_serves_once(client, person, mails, sign_in):
    client.post(RESET, {"email": person.email})
    link = link_in(mails()[0])
    form = client.get(link)
    assert form.status_code == 302
    assert client.get(form.url).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    client.post(form.url, {"password1": STRONG, "password2": STRONG})
    person.refresh_from_db()
    assert person.check_password(STRONG)
    assert [m.subject for m in mails()] == ["Votre mot de passe a changé"]
    client.cookies.clear()
    assert client.get(link).context["token_fail"]


def test_reset_link_is_bound_to_its_purpose(client, person, mails):
    client.post(RESET, {"email": person.email})
    key = link_in(mails()[0]).rstrip("/").rpartition("/")[2]
    assert client.post(reverse("account_confirm_email", args=[key])).status_code == 404


def test_reset_is_limited_by_address(client, person):
    statuses = [client.post(RESET, {"email": person.email}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_password_change_asks_for_the_present_one_and_ends_other_sessions(client, person, mails, sign_in):
    sign_in(person.email)
    other = type(client)()
    other.post(LOGIN, {"login": person.email, "password": PASSWORD})
    change = reverse("account_change_password")
    wrong = client.post(change, {"oldpassword": "pas le bon", "password1": STRONG, "password2": STRONG})
    assert wrong.context["form"].errors.keys() == {"oldpassword"}
    client.post(change, {"oldpassword": PASSWORD, "password1": STRONG, "password2": STRONG})
    assert client.get(reverse("desk:my_space")).status_code == 200
    assert other.get(reverse("desk:my_space")).status_code == 302
    assert [m.subject for m in mails()] == ["Votre mot de passe a changé"]


def test_sessions_are_listed_and_the_others_closed(client, person, sign_in):
    sign_in(person.email)
    other = type(client)()
    other.post(LOGIN, {"login": person.email, "password": PASSWORD})
    page = client.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    client.post(reverse("usersessions_list"))
    assert client.get(reverse("desk:my_space")).status_code == 200
    assert other.get(reverse("desk:my_space")).status_code == 302


def test_email_change_is_confirmed_at_the_new_address_and_told_to_the_old(client, person, mails, sign_in):
    sign_in(person.email)
    page = confirm(client, client.post(reverse("account_email"), {"email": "neuve@exemple.fr", "action_add": ""}))
    assert (page.status_code, page.url) == (302, reverse("account_email"))
    sent = mails()
    assert [(m.to[0], m.subject) for m in sent] == [
        ("neuve@exemple.fr", "Confirmez votre nouvelle adresse électronique")
    ]
    person.refresh_from_db()
    assert person.email == "camille@exemple.fr"
    link = link_in(sent[0])
    client.get(link)
    assert not person.emailaddress_set.filter(email="neuve@exemple.fr", verified=True).exists()
    client.post(link)
    person.refresh_from_db()
    assert person.email == "neuve@exemple.fr"
    assert [address.email for address in person.emailaddress_set.all()] == ["neuve@exemple.fr"]
    assert [(m.to[0], m.subject) for m in mails()] == [("camille@exemple.fr", "L’adresse de votre compte a changé")]


def test_email_change_to_an_address_of_somebody_else_answers_alike_and_never_takes_it(client, person, mails, sign_in):
    other = factories.make_user(email="autre@exemple.fr")
    sign_in(person.email)
    page = confirm(client, client.post(reverse("account_email"), {"email": other.email, "action_add": ""}))
    assert (page.status_code, page.url) == (302, reverse("account_email"))
    link = link_in(mails()[0])
    client.post(link)
    person.refresh_from_db()
    assert (person.email, User.objects.get(pk=other.pk).email) == ("camille@exemple.fr", "autre@exemple.fr")


def test_delicate_change_asks_for_the_password_again(client, person):
    client.force_login(person)
    response = client.post(reverse("account_email"), {"email": "neuve@exemple.fr", "action_add": ""})
    assert response.url.startswith(reverse("account_reauthenticate"))
