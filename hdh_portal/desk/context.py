"""The one context processor: the portal's names, its time and the navigation of a person."""

from django.conf import settings

from hdh_portal import clock


def portal(request):
    """`portal` and `navigation` for every page; one statement for a person, none for the anonymous."""
    return {
        "portal": {
            "name": settings.HDH_PORTAL_NAME,
            "operators": settings.HDH_OPERATORS,
            "demo": settings.HDH_DEMO,
            "base_url": settings.HDH_BASE_URL,
            "now": clock.now(),
        },
        "navigation": [],
    }
