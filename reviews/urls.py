"""Addresses of the second stage: the rapporteurs', then those of who steers it."""

from django.urls import path

from reviews.views import paper
from reviews.views.officer import current
from reviews.views.officer import sheets as officer_sheets

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

steering = [path(STEERING, current.steering_current, name="steering_current")]

rapporteur = []

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
