"""Addresses of the second stage: the rapporteurs', then those of who steers it."""

from django.urls import path

from reviews.views import annexes, paper, sheet
from reviews.views import rapporteur as views
from reviews.views.officer import current
from reviews.views.officer import sheets as officer_sheets

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

steering = [path(STEERING, current.steering_current, name="steering_current")]

SHEET = f"{CALL}dossiers/<slug:reference>/"
DECLARATION = f"{SHEET}declaration/"
ANNEX = f"{SHEET}annexes/<int:pk>/"

rapporteur = [
    path(CALL, views.worklist, name="worklist"),
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

assignments = []

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

ranking = []

urlpatterns = steering + rapporteur + assignments + sheets + ranking
