"""The portal's addresses as a demonstration has them.

They are read while the settings are those of the tests: `hdh_portal.urls` itself stays without the demonstration.
"""

from django.urls import include, path

from hdh_portal.urls import handler404, handler500
from hdh_portal.urls import urlpatterns as portal

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [*portal, path("demonstration/", include("hdh_portal.demo.urls"))]
