"""Addresses of the second stage: the rapporteurs', then those of who steers it."""

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

rapporteur = []

assignments = []

sheets = []

ranking = []

urlpatterns = rapporteur + assignments + sheets + ranking
