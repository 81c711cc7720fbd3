"""Pages of accounts beside allauth's, under the same path."""

from django.urls import path

from hdh_portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("second-facteur/", views.second_factor, name="second_factor"),
    path("nom/", views.name_edit, name="name_edit"),
    path("nom/enregistrer/", views.name_save, name="name_save"),
    path("fermeture/", views.account_closing, name="account_closing"),
    path("fermeture/fermer/", views.account_close, name="account_close"),
    path("reprise/", views.resume, name="resume"),
]
