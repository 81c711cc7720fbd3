"""Interests that the portal finds by itself: a dossier of one's own, and one that one's body leads or takes part in.

Two bodies are the same by their SIREN, in whatever role: it is compared here and nowhere else, from a person who is
given a role to the dossiers (`write_found_interests`) and from a dossier that is sealed to the people
(`write_same_body_interests`).
"""

import functools

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from applications.models import Application, CaseOfficer, Interest, Member, SealedPartner, Submission
from hdh_portal.accounts.sirene import siren_of


def write_found_interests(user, body, call, at):
    """Rows for the dossiers that a person's body leads or takes part in, and for their own; returns references.

    For whatever role the person is given in the call; `body` is the one they act for, None for a seat without one.
    """
    dossiers = Application.objects.filter(call=call).order_by("pk")
    member = dossiers.filter(Exists(Member.objects.filter(application=OuterRef("pk"), user=user)))
    rows = [(row, Interest.Kind.MEMBER) for row in member]
    if body is not None and body.siren:
        rows += [(row, Interest.Kind.SAME_BODY) for row in dossiers.filter(_names(body.siren))]
    Interest.objects.bulk_create(
        (Interest(user=user, application=row, kind=kind, declared_at=at) for row, kind in rows),
        ignore_conflicts=True,
    )
    return sorted({row.reference for row, _kind in rows})


def _names(siren):
    """Condition on a dossier: some sealed version names an establishment of this body as lead or partner."""
    lead = Submission.objects.filter(application=OuterRef("pk"), lead_siret__startswith=siren)
    partner = SealedPartner.objects.filter(submission__application=OuterRef("pk"), siret__startswith=siren)
    return Q(Exists(lead)) | Q(Exists(partner))


def write_same_body_interests(application, sirets, at):
    """Rows for the people of every selecting role whose body has one of these establishments, the dossier's lead and
    partners: a new version adds and never removes."""
    sirens = {siren_of(siret) for siret in sirets}
    first, *others = (people(application.call, sirens) for people in _selecting_people())
    Interest.objects.bulk_create(
        (
            Interest(user_id=user, application=application, kind=Interest.Kind.SAME_BODY, declared_at=at)
            for user in first.union(*others)
        ),
        ignore_conflicts=True,
    )


@functools.cache
def _selecting_people():
    """`HDH_SELECTING_PEOPLE`: each stage's `call, sirens -> user ids` of the people who select there."""
    return [import_string(path) for path in settings.HDH_SELECTING_PEOPLE]


def of_bodies(rows, call, sirens, *, body="body"):
    """User ids of the rows of a role in a call whose body has one of these SIREN; `body`: the field that names it."""
    return rows.filter(call=call, **{f"{body}__siren__in": sirens}).order_by().values_list("user_id", flat=True)


def acting_for(call, sirens):
    """Ids of the people who hold an office in a call for a body with one of these SIREN."""
    return of_bodies(CaseOfficer.objects.in_office(), call, sirens)
