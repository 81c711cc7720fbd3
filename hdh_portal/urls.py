"""The portal's addresses: each floor brings its own."""

from django.conf import settings
from django.urls import include, path

handler400 = "hdh_portal.web.middleware.bad_request"
handler404 = "hdh_portal.web.middleware.page_not_found"
handler500 = "hdh_portal.web.middleware.server_error"

urlpatterns = [
    path("comptes/", include("hdh_portal.accounts.urls")),
    path("comptes/", include("allauth.urls")),
    path("", include("applications.urls")),
    path("", include("reviews.urls")),
    path("", include("jury.urls")),
    path("", include("hdh_portal.desk.urls")),
    path("", include("hdh_portal.operations.urls")),
]
if settings.HDH_DEMO:
    urlpatterns.append(path("demonstration/", include("hdh_portal.demo.urls")))
