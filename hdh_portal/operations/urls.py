"""Addresses of those who run the portal and its calls."""

from django.urls import path

from hdh_portal.operations import views

app_name = "operations"
urlpatterns = [path("readyz", views.readyz, name="readyz")]
