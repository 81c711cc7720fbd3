"""What `--check` finds of the jury and its result: seats, sittings, recusals, decisions, the announcement's facts."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from applications.models import Application, Interest, Release, Submission
from applications.states import State
from hdh_portal.demo.finding import Finding
from hdh_portal.demo.script import script
from hdh_portal.ground import clock
from jury.models import Announcement, Decision, Hearing, Juror, Presence


def heard(call, facts):
    """From the first hearing on."""
    jurors = Juror.objects.filter(call=call).order_by("position")
    names = [row["name"] for row in script("call")["jury"]["jurors"]]
    yield Finding(_("sièges occupés"), facts["seats"], jurors.filter(user__isnull=False).count())
    yield Finding(_("présidence du jury"), facts["presidencies"], jurors.filter(presidency=True).count())
    yield Finding(_("composition publiée du jury"), names, [juror.name for juror in jurors])
    days = [row.opens_at.astimezone(clock.PARIS).date() for row in call.sittings.order_by("position")]
    yield Finding(_("séances du jury"), facts["sittings"], days)
    hearings = Hearing.objects.filter(application__call=call).select_related("application", "sitting")
    yield Finding(_("auditions"), facts["hearings"], hearings.count())
    yield Finding(_("auditions hors des séances, ou qui se chevauchent"), [], _misplaced(call, hearings))
    yield Finding(_("déports du jury"), facts["recused"], _recused(call))
    declared = [str(row.user) for row in _interests(call).exclude(kind=Interest.Kind.SAME_BODY)]
    yield Finding(_("déports du jury que la règle ne donne pas"), [], declared)
    yield Finding(_("présents malgré un lien"), [], _present_with_interest(call))


def _misplaced(call, hearings):
    length, found, free = datetime.timedelta(minutes=call.jury.hearing_minutes), [], None
    for hearing in hearings.order_by("starts_at"):
        ends, sitting = hearing.starts_at + length, hearing.sitting
        fits = sitting.opens_at <= hearing.starts_at and ends <= sitting.closes_at
        if not fits or (free is not None and hearing.starts_at < free):
            found.append(hearing.application.reference)
        free = ends
    return found


def _interests(call):
    """Every interest that stands between a seat and a dossier that is heard."""
    seated = Juror.objects.filter(call=call, user__isnull=False).values("user")
    with_interest = Interest.objects.current().filter(user__in=seated, application__hearing__isnull=False)
    return with_interest.select_related("user").order_by("application", "user", "kind")


def _recused(call):
    """« Siège 1 : PROJET »."""
    acronyms = dict(Submission.objects.counting().filter(application__call=call).values_list("application", "acronym"))
    return [f"{row.user}\u00a0: {acronyms[row.application_id]}" for row in _interests(call)]


def _present_with_interest(call):
    with_interest = Interest.objects.current().filter(
        application=OuterRef("hearing__application"), user=OuterRef("juror__user")
    )
    rows = Presence.objects.filter(
        Exists(with_interest), hearing__application__call=call, status=Presence.Status.PRESENT
    )
    return [f"{row.hearing_id}, {row.juror.user}" for row in rows.select_related("juror__user").order_by("id")]


# The result ---------------------------------------------------------------------------------------------------------


def announced(call, facts):
    """From the announcement on."""
    decisions = Decision.objects.filter(call=call).select_related("application").order_by("application")
    for key, label in (("laureates", _("lauréats")), ("reserve", _("liste complémentaire")), ("not_selected", "")):
        state = State.LAUREATE if key == "laureates" else State(key)
        count = Application.objects.filter(call=call, state=state).count()
        yield Finding(label or _("entendus et non retenus"), facts[key], count)
    yield Finding(_("projets lauréats"), [row["acronym"] for row in _published()], _laureates(call))
    yield Finding(_("liste complémentaire, dans l’ordre"), script("course")["decisions"]["reserve"], _reserve(call))
    wrong = [row.application.reference for row in decisions if row.application.state != row.conclusion]
    yield Finding(_("dossiers dont l’état n’est pas celui de la décision"), [], wrong)
    yield Finding(_("montants au-delà de la demande ou du plafond"), [], _too_much(call))
    yield Finding(_("euros au-delà de l’enveloppe"), 0, _over(call))
    yield Finding(_("décisions sans quorum"), [], _without_quorum(call))
    yield Finding(_("décisions de qui a un lien"), [], _decided_with_interest(call))
    yield from _announcement(call, facts)


def _published():
    return sorted(script("people")["laureates"], key=lambda row: row["acronym"])


def _sealed(call, **dossiers):
    return Submission.objects.counting().filter(application__call=call, **dossiers)


def _laureates(call):
    return sorted(_sealed(call, application__state=State.LAUREATE).values_list("acronym", flat=True))


def _reserve(call):
    rows = _sealed(call, application__state=State.RESERVE).order_by("application__decision__rank")
    return list(rows.values_list("acronym", flat=True))


def _too_much(call):
    """Beside what was sealed, not beside what the decision itself keeps of it."""
    over = Q(application__decision__amount_cents__gt=F("amount_cents"))
    over |= Q(application__decision__amount_cents__gt=call.max_grant_cents)
    return sorted(_sealed(call).filter(over).values_list("application__reference", flat=True))


def _over(call):
    granted = Decision.objects.filter(call=call).aggregate(cents=Sum("amount_cents"))["cents"] or 0
    return max(0, granted - call.jury.envelope_cents) // 100


def _without_quorum(call):
    rows = Decision.objects.filter(call=call, present__lt=call.jury.quorum).order_by("application")
    return list(rows.values_list("application__reference", flat=True))


def _decided_with_interest(call):
    with_interest = Interest.objects.current().filter(application=OuterRef("application"))
    by = Exists(with_interest.filter(user=OuterRef("decided_by"))) | Exists(
        with_interest.filter(user=OuterRef("confirmed_by"))
    )
    rows = Decision.objects.filter(by, call=call).order_by("application")
    return list(rows.values_list("application__reference", flat=True))


# The announcement ---------------------------------------------------------------------------------------------------


def _announcement(call, facts):
    release = Release.objects.get(call=call, stage=Release.Stage.RESULTS)
    early = release.confirmed_at < call.jury.announcement_earliest
    yield Finding(_("jour de l’annonce"), facts["announced_on"], release.confirmed_at.astimezone(clock.PARIS).date())
    yield Finding(_("annonce avant l’heure fixée"), _("non"), _("oui") if early else _("non"))
    content, counted = Announcement.objects.get(call=call, version=1).content, script("replay")["facts"]
    notified = [
        content["candidates"]["count"],
        content["selection"]["evaluation"]["shortlisted"],
        content["selection"]["hearings"]["heard"],
        content["result"]["laureates"],
    ]
    wanted = [counted["candidates"], counted["shortlisted"]["shortlisted"], counted["jury"]["hearings"]]
    wanted.append(facts["laureates"])
    yield Finding(_("annonce\u00a0: candidats, présélectionnés, entendus, lauréats"), wanted, notified)
    shares = {row["code"]: row["percent"] for row in content["candidates"]["shares"]}
    yield Finding(_("annonce\u00a0: parts, en %"), counted["shares"], shares)
    members = content["jury"]["members"]
    presidencies = sum(member["presidency"] for member in members)
    wanted = [counted["jury"]["seats"], counted["jury"]["presidencies"]]
    yield Finding(_("annonce\u00a0: jury et présidence"), wanted, [len(members), presidencies])
    yield Finding(
        _("annonce\u00a0: lauréats, porteurs et partenaires"), _lines(_published()), _lines(content["laureates"])
    )


def _lines(rows):
    """« PROJET, porteur, partenaires »."""
    return [", ".join([row["acronym"], row["lead"], *row["partners"]]) for row in rows]
