"""Mentions below the frozen minutes: who may sign them, their digest, and what they say as text that is French."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from applications.models import Interest
from applications.signatures import digest_of_set
from applications.words import paragraphs
from hdh_portal.ground import french
from jury.models import Rider
from jury.permissions import has_interest_in_any
from jury.seats.presiding import presiding_over_all, who_may_preside


def dossiers_about(rider, dossiers):
    """Of the dossiers of the minutes (a queryset), those that a mention is about: one, or all."""
    return dossiers.filter(pk=rider.application_id) if rider.application_id else dossiers


def who_signs(rider, call):
    """The `Juror` who signs a mention second: the first without interest in what it is about, or None."""
    if rider.application_id is None:
        return presiding_over_all(call)
    bound = Interest.objects.current().filter(user=OuterRef("user"), application=rider.application_id)
    return who_may_preside(call).filter(~Exists(bound)).first()


def may_write(person, rider, dossiers):
    """True for the secretary without interest in what the mention is about."""
    return person.is_secretary and not has_interest_in_any(person.user, dossiers_about(rider, dossiers))


def rider_digest(rider):
    """The digest that two people sign: of the words, of what they are about, and of the minutes above them."""
    reference = rider.application.reference if rider.application_id else ""
    values = {"minutes": rider.deliberation.digest, "about": reference, "text": rider.text}
    return digest_of_set(rider.deliberation.call, values)


def signed_riders(deliberation):
    """The mentions that two people signed, the first one first."""
    rows = Rider.objects.filter(deliberation=deliberation, confirmed_at__isnull=False)
    return list(rows.select_related("application", "decided_by", "confirmed_by", "presiding"))


def riders_said(deliberation, closed=()):
    """What the mentions say below the minutes (as JSON); of one that is closed to the reader, that it is there.

    `closed`: references of dossiers that an interest closes to them; a mention of the whole set may tell of these.
    """
    return [
        _said(number, one, bool(closed) and (one.application is None or one.application.reference in closed))
        for number, one in enumerate(signed_riders(deliberation), 1)
    ]


def _said(number, rider, is_closed):
    title = _("Mention n°\u00a0%(number)s, ajoutée le %(at)s") % {
        "number": number,
        "at": french.moment(rider.confirmed_at),
    }
    if is_closed:
        return {"title": title, "about": "", "text": [], "signers": [], "is_closed": True}
    place = _("siège %(seat)s, %(name)s") % {"seat": rider.presiding.seat, "name": rider.confirmed_by}
    return {
        "title": title,
        "about": rider.application.reference if rider.application else "",
        "text": paragraphs(rider.text),
        "signers": [
            {"role": _("Présidence") if rider.presiding.presidency else _("Suppléance"), "name": place},
            {"role": _("Secrétariat"), "name": str(rider.decided_by)},
        ],
        "is_closed": False,
    }
