"""Addresses of those who run the portal and its calls."""

from django.urls import path

from hdh_portal.operations.views import quarantine

app_name = "operations"
urlpatterns = [
    path("instruction/<slug:slug>/quarantaine/", quarantine.quarantine_list, name="quarantine_list"),
]
