"""Addresses of the second stage: the rapporteurs', then those of who steers it."""

from django.urls import path

from reviews.views import annexes, paper, sheet
from reviews.views import rapporteur as views
from reviews.views.officer import assignments as officer_assignments
from reviews.views.officer import current
from reviews.views.officer import ranking as officer_ranking
from reviews.views.officer import sheets as officer_sheets
from reviews.views.officer import shortlist as officer_shortlist

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

steering = [path(STEERING, current.steering_current, name="steering_current")]

SHEET = f"{CALL}dossiers/<slug:reference>/"
DECLARATION = f"{SHEET}declaration/"
ANNEX = f"{SHEET}annexes/<int:pk>/"

rapporteur = [
    path(CALL, views.worklist, name="worklist"),
    path(f"{CALL}guide/", views.scoring_guide, name="scoring_guide"),
    path(f"{CALL}declarations/", views.declaration_list, name="declaration_list"),
    path(DECLARATION, views.declaration_edit, name="declaration_edit"),
    path(f"{DECLARATION}sans-lien/", views.declaration_no_interest, name="declaration_no_interest"),
    path(f"{DECLARATION}lien/", views.declaration_interest, name="declaration_interest"),
    path(f"{DECLARATION}rendre/", views.declaration_decline, name="declaration_decline"),
    path(SHEET, sheet.sheet_edit, name="sheet_edit"),
    path(f"{SHEET}enregistrer/", sheet.sheet_save, name="sheet_save"),
    path(f"{SHEET}envoyer/", sheet.sheet_send, name="sheet_send"),
    path(ANNEX, annexes.annex_pages, name="annex_pages"),
    path(f"{ANNEX}preparer/", annexes.annex_prepare, name="annex_prepare"),
    path(f"{ANNEX}<int:number>.jpg", annexes.annex_page_image, name="annex_page_image"),
    path(f"{ANNEX}fichier/", annexes.annex_file, name="annex_file"),
]

ASSIGNMENTS = f"{STEERING}repartition/"
ASSIGNMENT = f"{ASSIGNMENTS}dossiers/<slug:reference>/"

assignments = [
    path(ASSIGNMENTS, officer_assignments.assignment_list, name="assignment_list"),
    path(f"{ASSIGNMENTS}proposer/", officer_assignments.assignment_propose, name="assignment_propose"),
    path(f"{ASSIGNMENTS}confirmer/", officer_assignments.assignment_confirm, name="assignment_confirm"),
    path(ASSIGNMENT, officer_assignments.assignment_edit, name="assignment_edit"),
    path(f"{ASSIGNMENT}<int:pk>/changer/", officer_assignments.assignment_change, name="assignment_change"),
]

SHEETS = f"{STEERING}fiches/"

sheets = [
    path(SHEETS, officer_sheets.sheet_list, name="sheet_list"),
    path(f"{SHEETS}preparer/", officer_sheets.sheet_prepare, name="sheet_prepare"),
    path(f"{SHEETS}toutes.zip", officer_sheets.sheet_archive, name="sheet_archive"),
    path(f"{SHEETS}<int:pk>.pdf", officer_sheets.sheet_pdf, name="sheet_pdf"),
    path(f"{SHEETS}<int:pk>/rouvrir/", officer_sheets.sheet_reopen, name="sheet_reopen"),
    path(f"{SHEETS}<slug:reference>/", officer_sheets.sheet_dossier, name="sheet_dossier"),
    path(f"{SHEETS}<slug:reference>/fiche-consolidee.pdf", officer_sheets.consolidated_pdf, name="consolidated_pdf"),
    path(f"{CALL}dossiers/<slug:reference>/fiche.pdf", paper.own_sheet_pdf, name="own_sheet_pdf"),
]

SHORTLIST = f"{STEERING}preselection/"
PLACE = f"{SHORTLIST}dossiers/<slug:reference>/"

ranking = [
    path(f"{STEERING}classement/", officer_ranking.ranking, name="ranking"),
    path(f"{STEERING}classement.csv", officer_ranking.ranking_csv, name="ranking_csv"),
    path(SHORTLIST, officer_shortlist.shortlist, name="shortlist"),
    path(PLACE, officer_shortlist.shortlist_place, name="shortlist_place"),
    path(f"{PLACE}placer/", officer_shortlist.shortlist_place_save, name="shortlist_place_save"),
    path(f"{PLACE}rendre/", officer_shortlist.shortlist_unplace, name="shortlist_unplace"),
    path(f"{SHORTLIST}signer/", officer_shortlist.shortlist_propose, name="shortlist_propose"),
    path(f"{SHORTLIST}figer/", officer_shortlist.shortlist_freeze, name="shortlist_freeze"),
]

urlpatterns = steering + rapporteur + assignments + sheets + ranking
