"""Addresses of the third stage: the jury's own, and what the public reads of it."""

app_name = "jury"

CALL = "jury/<slug:slug>/"
PUBLIC = "appels/<slug:slug>/"

jurors = []

hearings = []

deliberation = []

announcement = []

urlpatterns = jurors + hearings + deliberation + announcement
