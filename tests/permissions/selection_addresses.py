"""Addresses and forms of the evaluation and of the jury, for the table; `addresses` knows how they are asked."""

from applications.models import Submission
from hdh_portal.ground import clock
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.seats import declarations
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment, ScoreSheet
from reviews.shortlist.reading import shortlist_plan


def _annex(dossier):
    files = Submission.objects.counting().get(application=dossier).files
    return getattr(files.first(), "pk", 0)


def _place(dossier):
    """A standing assignment of a dossier, one without a sheet if there is one."""
    rows = Assignment.objects.standing().filter(application=dossier).order_by("pk")
    return getattr(rows.filter(sheets=None).first() or rows.first(), "pk", 0)


def _sheet(dossier):
    rows = ScoreSheet.objects.filter(assignment__application=dossier, sent_at__isnull=False)
    return getattr(rows.order_by("pk").first(), "pk", 0)


# What stands for the one number in an address, by area and end of the route's name.
PKS = {
    "reviews:annex_": _annex,
    "jury:annex_": _annex,
    "reviews:assignment_change": _place,
    "reviews:sheet_pdf": _sheet,
    "reviews:sheet_reopen": _sheet,
}


def pk(route, dossier):
    """The number in the address of a route for a dossier, or None for a route of another area."""
    found = next((find for start, find in PKS.items() if route.startswith(start)), None)
    return found(dossier) if found else None


# What is posted -----------------------------------------------------------------------------------------------------


def _shortlist_digest(world, dossier, actor):
    return {"digest": shortlist_plan(dossier.call).digest}


def _declared(world, dossier, actor):
    seat = world.seats.get(actor)
    return {"read": "on", "digest": declarations.list_digest(declarations.shown_to(seat)) if seat else ""}


def _another(world, dossier, actor):
    """A rapporteur who has no place on the dossier, whomever the matching chose for it."""
    taken = Assignment.objects.standing().filter(application=dossier).values_list("rapporteur", flat=True)
    free = (world.rapporteurs[name].pk for name in ("fourth", "idle"))
    return {"rapporteur": next(pk for pk in free if pk not in set(taken))}


def _places(world, dossier, actor):
    sitting, found = dossier.call.sittings.first(), {}
    for pk, start in world.places().items():
        found |= {f"sitting-{pk}": sitting.pk, f"time-{pk}": f"{start.astimezone(clock.PARIS):%H:%M}"}
    return found


def _decision_digest(world, dossier, actor):
    decision = getattr(dossier, "decision", None)
    return {"digest": decision_digest(decision) if decision else ""}


def _set_digest(world, dossier, actor):
    return {"digest": deliberation_plan(dossier.call).digest}


def _words(**fields):
    return lambda world, dossier, actor: fields


POSTED = {
    "reviews:declaration_decline": _words(reason="load"),
    "reviews:sheet_save": _words(internal="Une note."),
    "reviews:assignment_confirm": lambda world, dossier, actor: {"digest": assignments_digest(dossier.call)},
    "reviews:assignment_change": _another,
    "reviews:sheet_reopen": _words(reason="Une note est à revoir."),
    "reviews:shortlist_place_save": _words(is_shortlisted="in", reason="Un axe manque."),
    "reviews:shortlist_propose": _shortlist_digest,
    "reviews:shortlist_freeze": _shortlist_digest,
    "jury:juror_declare_save": _declared,
    "jury:hearing_place_save": _places,
    "jury:opinion_save": _words(notes="Une note."),
    "jury:presence_record": _words(seat="1", status="left"),
    "jury:decision_record": _words(conclusion="not_selected", reason="Trop tôt."),
    "jury:decision_confirm": _decision_digest,
    "jury:deliberation_propose": _set_digest,
    "jury:deliberation_freeze": _set_digest,
}
