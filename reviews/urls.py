"""Addresses of the second stage: the rapporteurs', then those of who steers it."""

from django.urls import path

from reviews.views.officer import current

app_name = "reviews"

CALL = "evaluation/<slug:slug>/"
STEERING = "instruction/<slug:slug>/evaluation/"

steering = [path(STEERING, current.steering_current, name="steering_current")]

rapporteur = []

assignments = []

sheets = []

ranking = []

urlpatterns = steering + rapporteur + assignments + sheets + ranking
