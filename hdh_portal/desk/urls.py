"""Addresses of the pages that gather."""

from django.urls import path

from hdh_portal.desk.views import invitation, proof, public, space

app_name = "desk"
urlpatterns = [
    path("", public.home, name="home"),
    path("appels/<slug:slug>/", public.call_detail, name="call_detail"),
    path("appels/<slug:slug>/resultats/", public.results, name="results"),
    path("appels/<slug:slug>/journal/", public.journal_head, name="journal_head"),
    path("journal/<str:head>.tsr", public.journal_head_timestamp, name="journal_head_timestamp"),
    path("mon-espace/", space.my_space, name="my_space"),
    path("references/", space.attempt_lookup, name="attempt_lookup"),
    path("verifier/", proof.receipt_verify, name="receipt_verify"),
    path("verifier/recepisse/", proof.receipt_verify_check, name="receipt_verify_check"),
    path(".well-known/security.txt", public.security_txt, name="security_txt"),
    path("cles", public.public_keys, name="public_keys"),
    path("contact/", public.contact, name="contact"),
    path("mentions-legales/", public.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", public.personal_data, name="personal_data"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("plan/", public.site_map, name="site_map"),
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
    path("invitations/<str:token>/accepter/", invitation.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/decliner/", invitation.invitation_decline, name="invitation_decline"),
    path("healthz", public.healthz, name="healthz"),
]
