"""What `--check` finds of the evaluation: who scores what, the sheets as the journal knows them, the frozen list."""

from collections import Counter

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from applications.models import Application, Interest, Submission
from applications.states import HEARD, State
from hdh_portal.demo import marks
from hdh_portal.demo.finding import Finding
from hdh_portal.demo.script import script
from hdh_portal.ground import clock
from reviews.marks import is_on_scale
from reviews.models import Assignment, Mark, Rapporteur, ScoreSheet, ShortlistEntry

# Means are sums of floats: two that are nearer than this are the same.
NEAR = 1e-9


def assigned(call, facts):
    """From the assignment on."""
    window, current = call.evaluation, Assignment.objects.confirmed().filter(application__call=call).order_by()
    days = [at.astimezone(clock.PARIS).date() for at in (window.opens_at, window.last_moment)]
    yield Finding(_("évaluation, du premier au dernier jour"), [facts["first_day"], facts["last_day"]], days)
    yield Finding(_("rapporteurs par organisme"), _expected_bodies(facts), _bodies(call))
    yield Finding(_("fiches confiées"), facts["sheets"], current.count())
    loads = current.values("rapporteur").annotate(n=Count("pk")).values_list("n", flat=True)
    yield Finding(_("fiches de chaque rapporteur"), facts["loads"], sorted(set(loads)))
    yield Finding(_("dossiers sans fiches de trois organismes"), [], _short(call))
    yield Finding(_("fiches d’une personne qui a un lien"), [], _tied(call))
    yield Finding(_("fiches envoyées hors de la fenêtre"), [], _outside(call))
    yield Finding(_("notes hors de l’échelle"), [], _off_scale(call))


def _expected_bodies(facts):
    return dict.fromkeys(script("call")["evaluation"]["bodies"], facts["rapporteurs_each"])


def _bodies(call):
    rows = Rapporteur.objects.in_office().filter(call=call)
    counts = Counter(rows.values_list("body__short_name", flat=True))
    listed = call.rapporteur_bodies.order_by("position").values_list("organisation__short_name", flat=True)
    return {body: counts.get(body, 0) for body in listed}


def _short(call):
    """Dossiers in the evaluation that do not have as many sheets, each of another body, as the call asks for."""
    wanted = call.evaluation.sheets_per_dossier
    stands = Q(assignments__ended_at=None, assignments__confirmed_at__isnull=False)
    rows = Application.objects.filter(call=call, outcome__conclusion=State.ADMISSIBLE).order_by()
    rows = rows.annotate(
        given=Count("assignments", filter=stands), bodies=Count("assignments__body", filter=stands, distinct=True)
    )
    return sorted(rows.exclude(given=wanted, bodies=wanted).values_list("reference", flat=True))


def _tied(call):
    """Sent sheets whose rapporteur has an interest in the dossier."""
    with_interest = Interest.objects.current().filter(application__call=call).values_list("user_id", "application_id")
    with_interest = set(with_interest.order_by())
    sent = ScoreSheet.objects.filter(assignment__application__call=call, sent_at__isnull=False).order_by("pk")
    names = ("assignment__rapporteur__user", "assignment__application", "assignment__application__reference")
    return [reference for user, dossier, reference in sent.values_list(*names) if (user, dossier) in with_interest]


def _outside(call):
    window = call.evaluation
    sent = ScoreSheet.objects.filter(assignment__application__call=call, sent_at__isnull=False)
    late = sent.exclude(sent_at__gte=window.opens_at, sent_at__lt=window.closes_at).order_by("pk")
    return [f"{sheet.pk}" for sheet in late]


def _off_scale(call):
    rows = Mark.objects.filter(sheet__assignment__application__call=call, value__isnull=False).order_by("pk")
    return [
        _("fiche %(sheet)s\u00a0: %(mark)s") % {"sheet": sheet, "mark": value}
        for sheet, value in rows.values_list("sheet", "value")
        if not is_on_scale(value, call.evaluation)
    ]


# The frozen list ----------------------------------------------------------------------------------------------------


def shortlisted(call, facts):
    """From the release of the shortlist on."""
    states = Counter(Application.objects.filter(call=call).values_list("state", flat=True))
    sent = ScoreSheet.objects.counting().filter(assignment__application__call=call)
    entries = ShortlistEntry.objects.filter(shortlist__call=call).select_related("application")
    yield Finding(_("fiches envoyées"), script("replay")["facts"]["scoring"]["sheets"], sent.count())
    yield Finding(_("présélectionnés"), facts["shortlisted"], sum(states[state] for state in HEARD))
    yield Finding(_("non présélectionnés"), facts["not_shortlisted"], states[State.NOT_SHORTLISTED])
    chosen = Submission.objects.counting().filter(application__shortlist_entry__is_shortlisted=True)
    names = sorted(chosen.filter(application__call=call).values_list("acronym", flat=True))
    yield Finding(_("projets présélectionnés"), sorted(marks.listed()), names)
    yield Finding(_("dossiers dont l’état n’est pas celui de la liste figée"), [], _other_states(entries))
    yield Finding(_("moyennes de la liste figée qui ne sont pas celles des fiches"), [], _other_means(call, entries))


def _other_states(entries):
    return sorted(
        entry.application.reference
        for entry in entries.order_by("rank")
        if entry.is_shortlisted != (entry.application.state in HEARD)
    )


def _other_means(call, entries):
    """Every mark weighs as its criterion says, whatever the sheet: the mean of a dossier is one query."""
    counting = ScoreSheet.objects.counting().filter(assignment__application__call=call)
    rows = Mark.objects.filter(sheet__in=counting.order_by().values("pk")).order_by()
    rows = rows.values("sheet__assignment__application").annotate(
        points=Sum(F("value") * F("criterion__weight")), weight=Sum("criterion__weight")
    )
    means = {row["sheet__assignment__application"]: row["points"] / row["weight"] for row in rows}
    return [
        entry.application.reference
        for entry in entries.order_by("rank")
        if abs(entry.mean - means.get(entry.application_id, 0)) > NEAR
    ]
