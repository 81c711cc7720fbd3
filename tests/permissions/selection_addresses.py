"""Addresses and forms of the evaluation and of the jury, for the table; `addresses` knows how they are asked."""

from datetime import timedelta

from applications.models import Submission
from hdh_portal.ground import clock, french
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.seats import declarations
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment, Rapporteur, ScoreSheet
from reviews.shortlist.reading import shortlist_plan


def _annex(dossier):
    files = Submission.objects.counting().get(application=dossier).files
    return getattr(files.first(), "pk", 0)


def _place(dossier):
    """A standing assignment of a dossier, one without a sheet if there is one."""
    rows = Assignment.objects.current().filter(application=dossier).order_by("pk")
    return getattr(rows.filter(sheets=None).first() or rows.first(), "pk", 0)


def _rapporteur(dossier):
    """The first rapporteur of the call, whoever holds which place."""
    return Rapporteur.objects.in_office().filter(call=dossier.call).order_by("pk").values_list("pk", flat=True).first()


def _sheet(dossier):
    rows = ScoreSheet.objects.filter(assignment__application=dossier, sent_at__isnull=False)
    return getattr(rows.order_by("pk").first(), "pk", 0)


# What stands for the one number in an address, by area and end of the route's name.
PKS = {
    "reviews:annex_": _annex,
    "jury:annex_": _annex,
    "reviews:assignment_change": _place,
    "jury:rider_": lambda dossier: 0,  # no world has one that waits: `tests/jury/minutes/test_riders.py` asks for them
    "reviews:capacity_": _rapporteur,
    "reviews:handover_": _rapporteur,
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
    taken = Assignment.objects.current().filter(application=dossier).values_list("rapporteur", flat=True)
    free = (world.rapporteurs[name].pk for name in ("fourth", "idle"))
    return {"rapporteur": next(pk for pk in free if pk not in set(taken))}


def _places(world, dossier, actor):
    sitting, found = dossier.call.sittings.first(), {}
    for pk, start in world.places().items():
        found |= {f"sitting-{pk}": sitting.pk, f"time-{pk}": f"{start.astimezone(clock.PARIS):%H:%M}"}
    return found


def _corrected(world, dossier, actor):
    """The start, some minutes earlier than it was noted."""
    start = dossier.hearing.started_at if hasattr(dossier, "hearing") else None
    earlier = start and french.in_paris(start - timedelta(minutes=2))
    return {"fact_key": "started_at", "time": f"{earlier:%H:%M:%S}" if earlier else "", "reason": "Erreur."}


def _moved(world, dossier, actor):
    """To the last hour of the last sitting."""
    sitting = dossier.call.sittings.last()
    start = french.in_paris(sitting.closes_at - timedelta(minutes=dossier.call.jury.hearing_minutes))
    return {"sitting": sitting.pk, "time": f"{start:%H:%M}", "reason": "Salle prise."}


def _swapped(world, dossier, actor):
    """With the dossier of another candidate."""
    pair = [getattr(one, "hearing", None) for one in (dossier, world.dossiers["theirs"])]
    return {"one": getattr(pair[0], "pk", ""), "other": getattr(pair[1], "pk", ""), "reason": "Salle prise."}


def _decision_digest(world, dossier, actor):
    decision = getattr(dossier, "decision", None)
    return {"digest": decision_digest(decision) if decision else ""}


def _set_digest(world, dossier, actor):
    return {"digest": deliberation_plan(dossier.call).digest}


def _words(**fields):
    return lambda world, dossier, actor: fields


POSTED = {
    "reviews:declaration_interest": _words(nature="work"),
    "reviews:declaration_decline": _words(reason="load"),
    "reviews:sheet_save": _words(internal="Une note."),
    "reviews:assignment_confirm": lambda world, dossier, actor: {
        "digest": assignments_digest(dossier.call, world.people[actor])
    },
    "reviews:assignment_change": _another,
    "reviews:capacity_save": _words(capacity="12"),
    "reviews:sheet_reopen": _words(reason="Une note est à revoir."),
    "reviews:shortlist_place_save": _words(is_shortlisted="in", reason="Un axe manque."),
    "reviews:shortlist_propose": _shortlist_digest,
    "reviews:shortlist_freeze": _shortlist_digest,
    "jury:juror_declare_save": _declared,
    "jury:hearing_interest_declare": _words(nature="rival"),
    "jury:hearing_place_save": _places,
    "jury:opinion_save": _words(notes="Une note."),
    "jury:rider_write": _words(text="Lire 12."),
    "jury:presence_record": _words(seat="1", status="left"),
    "jury:hearing_correct_save": _corrected,
    "jury:hearing_move_save": _moved,
    "jury:hearing_swap": _swapped,
    "jury:decision_record": _words(conclusion="not_selected", reason="Trop tôt."),
    "jury:decision_confirm": _decision_digest,
    "jury:deliberation_propose": _set_digest,
    "jury:deliberation_freeze": _set_digest,
}
