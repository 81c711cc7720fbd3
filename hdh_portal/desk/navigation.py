"""The menu of a person: the public pages, and what each role of theirs opens. One statement for all roles."""

from django.db.models import BigIntegerField, CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import CaseOfficer, Member

MOST = 3
MEMBER = "member"


def navigation_of(request):
    """`[{"url", "label", "current"}]`; the anonymous cost no statement."""
    user = getattr(request, "user", None)
    links = [(reverse("desk:home"), _("Accueil"))]
    if user is not None and user.is_authenticated:
        links += _links_of(user)
    return [{"url": url, "label": label, "current": url == _current(request.path, links)} for url, label in links]


def _current(path, links):
    """The link that leads to this page or nearest above it; home stands above nothing."""
    above = [url for url, _label in links if path == url or (url != links[0][0] and path.startswith(url))]
    return max(above, key=len, default=None)


def _links_of(user):
    """Links of the roles that a person holds, the newest call first."""
    roles = list(_roles(user))
    offices = sorted((row for row in roles if row[0] != MEMBER), key=lambda row: row[3], reverse=True)
    links = []
    if not offices or len(offices) < len(roles):
        links.append((reverse("applications:application_list"), _("Mes dossiers")))
    for power, slug, title, _call in offices[:MOST]:
        links += _office_links(power, slug, title)
    if offices:
        links.append((reverse("desk:attempt_lookup"), _("Références")))
    return links


def _office_links(power, slug, title):
    links = [
        (reverse("applications:officer_home", args=[slug]), _("Pilotage, %(call)s") % {"call": title}),
        (reverse("applications:check_list", args=[slug]), _("Recevabilité")),
    ]
    if power == CaseOfficer.Power.MANAGER:
        links.append((reverse("applications:outcome_list", args=[slug]), _("Conciliation")))
        links.append((reverse("applications:release_current", args=[slug]), _("Communication")))
    return links


def _roles(user):
    """`(kind, slug, short title, call id)` of every role, unordered, in one statement: a UNION of the role tables."""
    officers = CaseOfficer.objects.in_office().filter(user=user).order_by()
    rows = officers.values_list("power", "call__slug", "call__short_title", "call_id")
    words = {
        name: Value(word, output_field=CharField()) for name, word in (("kind", MEMBER), ("slug", ""), ("title", ""))
    }
    members = (
        Member.objects.filter(user=user).order_by().annotate(**words, number=Value(0, output_field=BigIntegerField()))
    )
    return rows.union(members.values_list("kind", "slug", "title", "number"))
