"""Addresses of those who run the portal and its calls."""

from django.urls import path

from hdh_portal.operations.views import (
    accounts,
    deliveries,
    interests,
    invitations,
    people,
    personal_data,
    quarantine,
    readiness,
    second_factor,
)

app_name = "operations"

PEOPLE = "appels/<slug:slug>/personnes/"
OFFER = f"{PEOPLE}invitations/<int:pk>/"
INTEREST = f"{PEOPLE}liens/<int:pk>/"
PERSON = f"{PEOPLE}<slug:kind>/<int:pk>/"
FACTOR = f"{PERSON}second-facteur/"
ACCOUNTS = "exploitation/comptes/"
ACCOUNT = f"{ACCOUNTS}<int:pk>/"

of_call = [
    path(PEOPLE, people.person_list, name="person_list"),
    path(f"{PEOPLE}inviter/", invitations.invitation_new, name="invitation_new"),
    path(f"{PEOPLE}inviter/envoyer/", invitations.invitation_send, name="invitation_send"),
    path(f"{OFFER}renvoyer/", invitations.invitation_send_again, name="invitation_send_again"),
    path(f"{OFFER}retirer/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path(f"{PEOPLE}liens/", interests.interest_list, name="interest_list"),
    path(INTEREST, interests.interest_detail, name="interest_detail"),
    path(f"{INTEREST}lever/", interests.interest_lift, name="interest_lift"),
    path(f"{PEOPLE}controles/<int:pk>/rendre/", people.check_hand_back, name="check_hand_back"),
    path(f"{PEOPLE}controles/de/<int:pk>/transmettre/", people.checks_hand_over, name="checks_hand_over"),
    path(PERSON, people.person_detail, name="person_detail"),
    path(f"{PERSON}retirer/", people.person_remove, name="person_remove"),
    path(f"{FACTOR}demander/", second_factor.factor_ask, name="factor_ask"),
    path(f"{FACTOR}confirmer/", second_factor.factor_confirm, name="factor_confirm"),
    path(f"{FACTOR}refuser/", second_factor.factor_refuse, name="factor_refuse"),
    path("instruction/<slug:slug>/quarantaine/", quarantine.quarantine_list, name="quarantine_list"),
]
MAIL = "appels/<slug:slug>/courriers/"
ALL_MAIL = "exploitation/courriers/"
of_mail = [
    path(MAIL, deliveries.delivery_list, name="delivery_list"),
    path(f"{MAIL}<slug:kind>/renvoyer/", deliveries.delivery_all_again, name="delivery_all_again"),
    path(f"{MAIL}<slug:kind>/<int:pk>/renvoyer/", deliveries.delivery_again, name="delivery_again"),
    path(ALL_MAIL, deliveries.portal_delivery_list, name="portal_delivery_list"),
    path(f"{ALL_MAIL}<slug:kind>/renvoyer/", deliveries.portal_delivery_all_again, name="portal_delivery_all_again"),
    path(f"{ALL_MAIL}<slug:kind>/<int:pk>/renvoyer/", deliveries.portal_delivery_again, name="portal_delivery_again"),
]
of_accounts = [
    path(ACCOUNTS, accounts.account_list, name="account_list"),
    path(ACCOUNT, accounts.account_detail, name="account_detail"),
    path(f"{ACCOUNT}bloquer/", accounts.account_block, name="account_block"),
    path(f"{ACCOUNT}debloquer/", accounts.account_unblock, name="account_unblock"),
    path(f"{ACCOUNT}second-facteur/demander/", accounts.account_factor_ask, name="account_factor_ask"),
    path(f"{ACCOUNT}second-facteur/confirmer/", accounts.account_factor_confirm, name="account_factor_confirm"),
    path(f"{ACCOUNT}second-facteur/refuser/", accounts.account_factor_refuse, name="account_factor_refuse"),
]
of_everybody = [
    path("readyz", readiness.readyz, name="readyz"),
    path("mes-donnees.json", personal_data.personal_data_export, name="personal_data_export"),
]

urlpatterns = of_call + of_mail + of_accounts + of_everybody
