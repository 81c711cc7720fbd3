"""Addresses of the demonstration; `hdh_portal.urls` takes them in only when HDH_DEMO=1."""

from django.urls import path

from hdh_portal.demo import views

app_name = "demo"
urlpatterns = [
    path("etape/", views.stage, name="stage"),
    path("role/", views.role, name="role"),
    path("courriels/", views.mailbox, name="mailbox"),
    path("courriels/<slug:name>/", views.mail, name="mail"),
]
