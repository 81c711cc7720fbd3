"""Addresses of the first stage: the candidate's, then the officers'."""

from django.urls import path

from applications.views import draft, section, submission

app_name = "applications"

DOSSIER = "dossiers/<slug:reference>/"

candidate = [
    path("dossiers/", draft.application_list, name="application_list"),
    path("appels/<slug:slug>/deposer/", draft.call_entry, name="call_entry"),
    path("appels/<slug:slug>/dossiers/", draft.application_create, name="application_create"),
    path(DOSSIER, draft.application_detail, name="application_detail"),
    path(f"{DOSSIER}retirer/", draft.application_withdraw, name="application_withdraw"),
    path(f"{DOSSIER}retirer/confirmer/", draft.application_withdraw_confirm, name="application_withdraw_confirm"),
    path(f"{DOSSIER}reprendre/", draft.application_restore, name="application_restore"),
    path(f"{DOSSIER}courriers/<int:pk>.pdf", draft.notice_letter, name="notice_letter"),
    path(f"{DOSSIER}sections/<slug:key>/", section.section_edit, name="section_edit"),
    path(f"{DOSSIER}sections/<slug:key>/enregistrer/", section.section_save, name="section_save"),
    path(f"{DOSSIER}reponses/<slug:key>/", section.answer_save, name="answer_save"),
    path(f"{DOSSIER}pieces/<slug:key>/ajouter/", section.attachment_add, name="attachment_add"),
    path(f"{DOSSIER}pieces/<int:pk>/", section.attachment_file, name="attachment_file"),
    path(f"{DOSSIER}pieces/<int:pk>/retirer/", section.attachment_remove, name="attachment_remove"),
    path(f"{DOSSIER}deposer/", submission.application_review, name="application_review"),
    path(f"{DOSSIER}deposer/envoyer/", submission.application_submit, name="application_submit"),
    path(f"{DOSSIER}recepisse/<int:version>/", submission.submission_receipt, name="submission_receipt"),
    path(
        f"{DOSSIER}recepisse/<int:version>/recepisse.json",
        submission.submission_receipt_file,
        name="submission_receipt_file",
    ),
    path(
        f"{DOSSIER}recepisse/<int:version>/recepisse.pdf",
        submission.submission_receipt_pdf,
        name="submission_receipt_pdf",
    ),
    path(
        f"{DOSSIER}recepisse/<int:version>/dossier.pdf",
        submission.submission_dossier_pdf,
        name="submission_dossier_pdf",
    ),
]

# Officers' addresses follow, under instruction/<slug>/.
officer = []

urlpatterns = candidate + officer
