"""What anyone may become in the demonstration, in one click: nobody here has a password."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout

from hdh_portal.accounts.middleware import DEMO_FACTOR
from hdh_portal.accounts.models import User
from hdh_portal.demo.cast import seat_address
from hdh_portal.demo.people import everybody
from hdh_portal.demo.script import script

ROLE = "demo_role"


@dataclass(frozen=True)
class Role:
    """`email`: whom one becomes; empty for the public. `acronym`: the dossier of a candidate, else empty."""

    key: str
    label: str
    email: str
    acronym: str = ""


def roles_at(stage):
    """The roles that a stage offers, in the order of the file."""
    return [role for row in script("replay")["roles"] if (role := _role(row, stage))]


def role_at(stage, key):
    """The role of this key at a stage, or None."""
    return next((role for role in roles_at(stage) if role.key == key), None)


def _role(row, stage):
    if "seat" in row:
        offered = not row["stages"] or stage.name in row["stages"]
        return offered and Role(row["key"], row["label"], seat_address(row["seat"]))
    if "dossier" not in row:
        return Role(row["key"], row["label"], "")
    acronym = row["dossier"].get(stage.name)
    return acronym and Role(row["key"], row["label"], everybody()[acronym].person.email, acronym)


def become(request, role):
    """Sign the browser in as this role (None: the public), in a new session that counts as a second factor."""
    logout(request)
    user = role and role.email and User.objects.filter(email=role.email).first()
    if user:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session[DEMO_FACTOR] = True
        request.session[ROLE] = role.key
    return user


def current_key(request):
    """The role in which the browser is signed in; "public" for nobody, "" for somebody with an account of their own."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "public"
    return request.session.get(ROLE, "")
