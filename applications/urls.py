"""Addresses of the first stage: the candidate's, then the officers'."""

from django.urls import path

from applications import views
from applications.admissibility.views import checks, outcomes, reopening
from applications.dossier.views import draft, letters, section, submission
from applications.dossier.views.annexes import annex_paths
from applications.interests import views as interests
from applications.release import views as release

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
    path(f"{DOSSIER}courriers/<int:pk>.pdf", letters.notice_letter, name="notice_letter"),
    path(f"{DOSSIER}courriers/<int:pk>/ouvrir/", letters.notice_open, name="notice_open"),
    path(f"{DOSSIER}sections/<slug:key>/", section.section_edit, name="section_edit"),
    path(f"{DOSSIER}sections/<slug:key>/enregistrer/", section.section_save, name="section_save"),
    path(f"{DOSSIER}pieces/<slug:key>/ajouter/", section.attachment_add, name="attachment_add"),
    path(f"{DOSSIER}pieces/<slug:key>/liste/", section.attachment_list, name="attachment_list"),
    path(f"{DOSSIER}envois/<int:pk>/retirer/", section.upload_dismiss, name="upload_dismiss"),
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
        f"{DOSSIER}recepisse/<int:version>/reponses.json",
        submission.submission_answers_file,
        name="submission_answers_file",
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
CALL = "instruction/<slug:slug>/"
CHECK = f"{CALL}dossiers/<slug:reference>/"
ANNEX = f"{CHECK}annexes/<int:pk>/"
OUTCOME = f"{CALL}conciliation/<slug:reference>/"
RELEASES = f"{CALL}decisions/"
RELEASE = f"{RELEASES}<slug:stage>/"

officer = [
    path(CALL, views.officer_home, name="officer_home"),
    path(f"{CALL}liens/", interests.interest_declare, name="interest_declare"),
    path(f"{CALL}liens/declarer/", interests.interest_declare_save, name="interest_declare_save"),
    path(f"{CALL}liens/<slug:reference>/reprendre/", interests.interest_take_back, name="interest_take_back"),
    path(f"{CALL}dossiers/", checks.check_list, name="check_list"),
    path(f"{CALL}dossiers.<slug:kind>", checks.check_list_export, name="check_list_export"),
    path(CHECK, checks.check_edit, name="check_edit"),
    path(f"{CHECK}prendre/", checks.check_take, name="check_take"),
    path(f"{CHECK}rendre/", checks.check_give_back, name="check_give_back"),
    path(f"{CHECK}enregistrer/", checks.check_save, name="check_save"),
    path(f"{CHECK}conclure/", checks.check_conclude, name="check_conclude"),
    path(f"{CHECK}rouvrir/", reopening.check_reopen, name="check_reopen"),
    path(f"{CHECK}rouvrir/enregistrer/", reopening.check_reopen_save, name="check_reopen_save"),
    path(f"{CHECK}lien/", interests.check_interest, name="check_interest"),
    path(f"{CHECK}lien/declarer/", interests.check_interest_declare, name="check_interest_declare"),
    *annex_paths(ANNEX, checks.ANNEXES),
    path(f"{CALL}conciliation/", outcomes.outcome_list, name="outcome_list"),
    path(OUTCOME, outcomes.outcome_edit, name="outcome_edit"),
    path(f"{OUTCOME}decider/", outcomes.outcome_decide, name="outcome_decide"),
    path(f"{OUTCOME}confirmer/", outcomes.outcome_confirm, name="outcome_confirm"),
    path(f"{CALL}signatures/", release.signature_list, name="signature_list"),
    path(RELEASES, release.release_current, name="release_current"),
    path(RELEASE, release.release_preview, name="release_preview"),
    path(f"{RELEASE}signer/", release.release_propose, name="release_propose"),
    path(f"{RELEASE}confirmer/", release.release_confirm, name="release_confirm"),
    path(f"{RELEASE}journal/", release.release_journal, name="release_journal"),
    path(f"{RELEASE}courriers/<slug:reference>/", release.release_letter, name="release_letter"),
    path(f"{RELEASE}courriers/<slug:reference>.pdf", release.release_paper, name="release_paper"),
]

urlpatterns = candidate + officer
