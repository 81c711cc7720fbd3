"""The menu of a person: the public pages, and what each role of theirs opens.

One statement for all roles; none for whoever holds none that selects, as the sign-in's backend has read already.
"""

from django.conf import settings
from django.db.models import BigIntegerField, CharField, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import CaseOfficer, Member
from jury.models import Juror
from reviews.models import Rapporteur

MOST = 3
MEMBER, RAPPORTEUR, JUROR = "member", "rapporteur", "juror"
Power = CaseOfficer.Power


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
    """Links of the roles that a person holds, the newest call first, in the order of the pipeline."""
    rows = list(_roles(user)) if getattr(user, "has_role", True) else []
    roles = sorted((row for row in rows if row[0] != MEMBER), key=lambda row: (-row[3], list(LINKS).index(row[0])))
    links = []
    if not roles or len(roles) < len(rows):
        links.append((reverse("applications:application_list"), _("Mes dossiers")))
    are_many = len({slug for _kind, slug, _title, _call in roles}) > 1
    for kind, slug, title, _call in roles[:MOST]:
        apart = {name: label % {"call": title} for name, label in APART.items()} if are_many else {}
        links += [(reverse(name, args=[slug]), apart.get(name, label)) for name, label in LINKS[kind]]
    if any(kind in Power.values for kind, *_rest in roles):
        links.append((reverse("desk:attempt_lookup"), _("Retrouver un incident")))
    if user.is_superuser:
        links.append((reverse("operations:account_list"), _("Comptes")))
        links.append((reverse("operations:portal_delivery_list"), _("Courriers et documents")))
    return list(dict.fromkeys(links))


OFFICE = (("applications:officer_home", _("Pilotage")), ("applications:check_list", _("Dossiers")))
MANAGING = (
    ("operations:person_list", _("Personnes")),
    ("operations:delivery_list", _("Courriers et documents")),
    ("applications:outcome_list", _("Conciliation")),
    ("reviews:current_step", _("Évaluation")),
    ("applications:release_current", _("Décisions et courriers")),
    *([("operations:quarantine_list", _("Quarantaine"))] if settings.HDH_CLAMAV else []),
)
SITTING = (("jury:sitting_list", _("Auditions")), ("jury:deliberation", _("Délibération")))
# What tells two calls apart in the menu of who takes part in both.
APART = {"applications:officer_home": _("Pilotage, %(call)s")}
# `{kind of role: its links, each (name of the page, label)}`, in the order of the pipeline.
LINKS = {
    Power.OFFICER.value: OFFICE,
    Power.MANAGER.value: OFFICE + MANAGING + SITTING[:1],
    Power.SECRETARY.value: OFFICE + SITTING,
    RAPPORTEUR: (
        ("reviews:worklist", _("À évaluer")),
        ("reviews:declaration_list", _("Mes déclarations")),
        ("reviews:scoring_guide", _("Guide de notation")),
    ),
    JUROR: SITTING,
}


def _roles(user):
    """`(kind, slug, short title, call id)` of every role, unordered, in one statement: a UNION of the role tables."""
    officers = CaseOfficer.objects.in_office().filter(user=user).order_by()
    rows = officers.values_list("power", "call__slug", "call__short_title", "call_id")
    rapporteurs = Rapporteur.objects.in_office().filter(user=user).order_by().annotate(kind=_word(RAPPORTEUR))
    seats = Juror.objects.filter(user=user).order_by().annotate(kind=_word(JUROR))
    own = [role.values_list("kind", "call__slug", "call__short_title", "call_id") for role in (rapporteurs, seats)]
    words = {"kind": _word(MEMBER), "slug": _word(""), "title": _word("")}
    members = (
        Member.objects.filter(user=user).order_by().annotate(**words, number=Value(0, output_field=BigIntegerField()))
    )
    return rows.union(*own, members.values_list("kind", "slug", "title", "number"))


def _word(text):
    return Value(text, output_field=CharField())
