"""Addresses of the third stage: the jury's own, and what the public reads of it."""

from django.urls import path

from applications.dossier.views.annexes import annex_paths
from jury.announcement import views as announcement
from jury.deliberation import minutes_views as minutes
from jury.deliberation import views as deliberation
from jury.hearings.views import dossier, hearing, run, sitting
from jury.seats import views as seats

app_name = "jury"

CALL = "jury/<slug:slug>/"
PUBLIC = "appels/<slug:slug>/"

seat_pages = [
    path(f"{CALL}liens/", seats.juror_declare, name="juror_declare"),
    path(f"{CALL}liens/declarer/", seats.juror_declare_save, name="juror_declare_save"),
    path(f"{CALL}suppleance/", seats.acting_edit, name="acting_edit"),
    path(f"{CALL}suppleance/enregistrer/", seats.acting_save, name="acting_save"),
]

HEARING = f"{CALL}auditions/<slug:reference>/"
ANNEX = f"{HEARING}annexes/<int:pk>/"

hearing_pages = [
    path(CALL, sitting.sitting_list, name="sitting_list"),
    path(f"{CALL}horaires/", sitting.hearing_place, name="hearing_place"),
    path(f"{CALL}horaires/enregistrer/", sitting.hearing_place_save, name="hearing_place_save"),
    path(f"{CALL}horaires/tirer/", sitting.hearing_draw, name="hearing_draw"),
    path(f"{CALL}horaires/convoquer/", sitting.hearing_summon, name="hearing_summon"),
    path(f"{CALL}horaires/echanger/", sitting.hearing_swap, name="hearing_swap"),
    path(HEARING, hearing.hearing_detail, name="hearing_detail"),
    path(f"{HEARING}suivi/<slug:part>/", hearing.hearing_progress, name="hearing_progress"),
    path(f"{HEARING}appreciation/", hearing.opinion_save, name="opinion_save"),
    path(f"{HEARING}commencer/", run.hearing_start, name="hearing_start"),
    path(f"{HEARING}commencer/annuler/", run.hearing_start_cancel, name="hearing_start_cancel"),
    path(f"{HEARING}finir/", run.hearing_end, name="hearing_end"),
    path(f"{HEARING}rouvrir/", run.hearing_reopen, name="hearing_reopen"),
    path(f"{HEARING}ajourner/", run.hearing_adjourn, name="hearing_adjourn"),
    path(f"{HEARING}reprendre/", run.hearing_resume, name="hearing_resume"),
    path(f"{HEARING}absente/", run.hearing_absent, name="hearing_absent"),
    path(f"{HEARING}absente/annuler/", run.hearing_absent_cancel, name="hearing_absent_cancel"),
    path(f"{HEARING}presences/", run.presence_record, name="presence_record"),
    path(f"{HEARING}presences/tous/", run.presence_all, name="presence_all"),
    path(f"{HEARING}corriger/", run.hearing_correct, name="hearing_correct"),
    path(f"{HEARING}corriger/enregistrer/", run.hearing_correct_save, name="hearing_correct_save"),
    path(f"{HEARING}deplacer/", run.hearing_move, name="hearing_move"),
    path(f"{HEARING}deplacer/enregistrer/", run.hearing_move_save, name="hearing_move_save"),
    path(f"{HEARING}deport/reprendre/", seats.juror_take_back, name="juror_take_back"),
    path(f"{HEARING}deport/", seats.hearing_interest, name="hearing_interest"),
    path(f"{HEARING}deport/declarer/", seats.hearing_interest_declare, name="hearing_interest_declare"),
    path(f"{HEARING}fiche-consolidee.pdf", hearing.hearing_consolidated, name="hearing_consolidated"),
    path(f"{HEARING}dossier/", dossier.hearing_dossier, name="hearing_dossier"),
    *annex_paths(ANNEX, dossier.ANNEXES),
]

deliberation_pages = [
    path(f"{CALL}deliberation/", deliberation.deliberation, name="deliberation"),
    path(f"{CALL}deliberation/signer", deliberation.deliberation_propose, name="deliberation_propose"),
    path(f"{CALL}deliberation/figer", deliberation.deliberation_freeze, name="deliberation_freeze"),
    path(f"{CALL}deliberation/proces-verbal/", minutes.minutes, name="minutes"),
    path(f"{CALL}deliberation/proces-verbal.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(f"{CALL}deliberation/proces-verbal/mentions/", minutes.rider_write, name="rider_write"),
    path(f"{CALL}deliberation/proces-verbal/mentions/<int:pk>/signer", minutes.rider_confirm, name="rider_confirm"),
    path(f"{CALL}deliberation/proces-verbal/mentions/<int:pk>/retirer", minutes.rider_drop, name="rider_drop"),
    path(f"{CALL}deliberation/<slug:reference>/", deliberation.decision_edit, name="decision_edit"),
    path(f"{CALL}deliberation/<slug:reference>/enregistrer", deliberation.decision_record, name="decision_record"),
    path(f"{CALL}deliberation/<slug:reference>/confirmer", deliberation.decision_confirm, name="decision_confirm"),
]

announcement_pages = [
    path("instruction/<slug:slug>/annonce/", announcement.announcement_preview, name="announcement_preview"),
    path(f"{PUBLIC}annonce/", announcement.announcement, name="announcement"),
    path(f"{PUBLIC}annonce.pdf", announcement.announcement_pdf, name="announcement_pdf"),
    path(f"{PUBLIC}annonce.json", announcement.announcement_json, name="announcement_json"),
    path(f"{PUBLIC}jury/", announcement.composition, name="composition"),
]

urlpatterns = seat_pages + hearing_pages + deliberation_pages + announcement_pages
