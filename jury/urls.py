"""Addresses of the third stage: the jury's own, and what the public reads of it."""

from django.urls import path

from jury.views import announcement as announced

app_name = "jury"

CALL = "jury/<slug:slug>/"
PUBLIC = "appels/<slug:slug>/"

jurors = []

hearings = []

deliberation = []

announcement = [
    path("instruction/<slug:slug>/annonce/", announced.announcement_preview, name="announcement_preview"),
    path(f"{PUBLIC}annonce/", announced.announcement, name="announcement"),
    path(f"{PUBLIC}annonce.pdf", announced.announcement_pdf, name="announcement_pdf"),
    path(f"{PUBLIC}annonce.json", announced.announcement_json, name="announcement_json"),
    path(f"{PUBLIC}jury/", announced.composition, name="composition"),
]

urlpatterns = jurors + hearings + deliberation + announcement
