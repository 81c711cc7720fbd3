"""Addresses of the second stage: the rapporteurs', then those of who manages it."""

from django.urls import path

from applications.dossier.views.annexes import annex_paths
from reviews import views
from reviews.assigning.views import assignment as assigning
from reviews.assigning.views import capacity as capacities
from reviews.assigning.views import handover as handovers
from reviews.ranking import views as ranking
from reviews.scoring.views import paper, rapporteur, sheet
from reviews.sheets import views as sheets
from reviews.shortlist import views as shortlist

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

steering_pages = [path(STEERING, views.current_step, name="current_step")]

SHEET = f"{CALL}dossiers/<slug:reference>/"
DECLARATION = f"{SHEET}declaration/"
ANNEX = f"{SHEET}annexes/<int:pk>/"

scoring_pages = [
    path(CALL, rapporteur.worklist, name="worklist"),
    path(f"{CALL}guide/", rapporteur.scoring_guide, name="scoring_guide"),
    path(f"{CALL}declarations/", rapporteur.declaration_list, name="declaration_list"),
    path(DECLARATION, rapporteur.declaration_edit, name="declaration_edit"),
    path(f"{DECLARATION}sans-lien/", rapporteur.declaration_no_interest, name="declaration_no_interest"),
    path(f"{DECLARATION}deport/", rapporteur.declaration_recuse, name="declaration_recuse"),
    path(f"{DECLARATION}retour/", rapporteur.declaration_return, name="declaration_return"),
    path(f"{DECLARATION}reprendre/", rapporteur.declaration_take_back, name="declaration_take_back"),
    path(f"{DECLARATION}lien/", rapporteur.declaration_interest, name="declaration_interest"),
    path(f"{DECLARATION}rendre/", rapporteur.declaration_decline, name="declaration_decline"),
    path(SHEET, sheet.sheet_edit, name="sheet_edit"),
    path(f"{SHEET}enregistrer/", sheet.sheet_save, name="sheet_save"),
    path(f"{SHEET}envoyer/", sheet.sheet_send, name="sheet_send"),
    *annex_paths(ANNEX, sheet.ANNEXES),
]

ASSIGNMENTS = f"{STEERING}repartition/"
ASSIGNMENT = f"{ASSIGNMENTS}dossiers/<slug:reference>/"

assigning_pages = [
    path(ASSIGNMENTS, assigning.assignment_list, name="assignment_list"),
    path(f"{ASSIGNMENTS}proposer/", assigning.assignment_propose, name="assignment_propose"),
    path(f"{ASSIGNMENTS}confirmer/", assigning.assignment_confirm, name="assignment_confirm"),
    path(f"{ASSIGNMENTS}charge/<int:pk>/", capacities.capacity_edit, name="capacity_edit"),
    path(f"{ASSIGNMENTS}charge/<int:pk>/enregistrer/", capacities.capacity_save, name="capacity_save"),
    path(f"{ASSIGNMENTS}transmettre/<int:pk>/", handovers.handover_edit, name="handover_edit"),
    path(f"{ASSIGNMENTS}transmettre/<int:pk>/enregistrer/", handovers.handover_save, name="handover_save"),
    path(ASSIGNMENT, assigning.assignment_edit, name="assignment_edit"),
    path(f"{ASSIGNMENT}<int:pk>/changer/", assigning.assignment_change, name="assignment_change"),
]

SHEETS = f"{STEERING}fiches/"

sheet_pages = [
    path(SHEETS, sheets.sheet_list, name="sheet_list"),
    path(f"{SHEETS}preparer/", sheets.sheet_prepare, name="sheet_prepare"),
    path(f"{SHEETS}toutes.zip", sheets.sheet_archive, name="sheet_archive"),
    path(f"{SHEETS}<int:pk>.pdf", sheets.sheet_pdf, name="sheet_pdf"),
    path(f"{SHEETS}<int:pk>/rouvrir/", sheets.sheet_reopen, name="sheet_reopen"),
    path(f"{SHEETS}<slug:reference>/", sheets.sheet_dossier, name="sheet_dossier"),
    path(f"{SHEETS}<slug:reference>/fiche-consolidee.pdf", sheets.consolidated_pdf, name="consolidated_pdf"),
    path(f"{CALL}dossiers/<slug:reference>/fiche.pdf", paper.own_sheet_pdf, name="own_sheet_pdf"),
]

SHORTLIST = f"{STEERING}preselection/"
PLACE = f"{SHORTLIST}dossiers/<slug:reference>/"

shortlist_pages = [
    path(f"{STEERING}classement/", ranking.ranking, name="ranking"),
    path(f"{STEERING}classement.csv", ranking.ranking_csv, name="ranking_csv"),
    path(SHORTLIST, shortlist.shortlist, name="shortlist"),
    path(PLACE, shortlist.shortlist_place, name="shortlist_place"),
    path(f"{PLACE}placer/", shortlist.shortlist_place_save, name="shortlist_place_save"),
    path(f"{PLACE}rendre/", shortlist.shortlist_unplace, name="shortlist_unplace"),
    path(f"{SHORTLIST}signer/", shortlist.shortlist_propose, name="shortlist_propose"),
    path(f"{SHORTLIST}figer/", shortlist.shortlist_freeze, name="shortlist_freeze"),
]

urlpatterns = steering_pages + scoring_pages + assigning_pages + sheet_pages + shortlist_pages
