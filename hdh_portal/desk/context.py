"""The one context processor: the portal's names, its time, and the navigation of a person."""

import functools

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hdh_portal.desk.navigation import navigation_of
from hdh_portal.ground import clock

FOOTER = [
    ("accessibility", _("Accessibilité\u00a0: non conforme")),
    ("legal_notice", _("Mentions légales")),
    ("personal_data", _("Données personnelles")),
    ("site_map", _("Plan du site")),
    ("receipt_verify", _("Vérifier un récépissé")),
    ("contact", _("Contact")),
]


def portal(request):
    """`portal` and `navigation` for every page; one statement for a person whose menu is shown, else none."""
    return {
        "portal": {
            "name": settings.HDH_PORTAL_NAME,
            "operators": settings.HDH_OPERATORS,
            "director": settings.HDH_DIRECTOR,
            "host": settings.HDH_HOST,
            "dpo": settings.HDH_DPO,
            "demo": settings.HDH_DEMO,
            "demo_bar": _demo_bar(request),
            "base_url": settings.HDH_BASE_URL,
            "now": clock.now(),
            **_addresses(),
        },
        # Called by the frame of a page; a part of a page has no menu.
        "navigation": functools.partial(navigation_of, request),
    }


@functools.cache
def _addresses():
    """Addresses that every page shows: the same for all, found once a process."""
    return {
        "home_url": reverse("desk:home"),
        "login_url": reverse("account_login"),
        "signup_url": reverse("account_signup"),
        "logout_url": reverse("account_logout"),
        "my_space_url": reverse("desk:my_space"),
        "contact_url": reverse("desk:contact"),
        "verify_url": reverse("desk:receipt_verify"),
        "footer": [{"url": reverse(f"desk:{name}"), "label": label} for name, label in FOOTER],
    }


def _demo_bar(request):
    """The demonstration's bar, which only the demonstration sets on the request."""
    bar = getattr(request, "demo_bar", None)
    return bar() if bar else None
