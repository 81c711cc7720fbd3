"""What the announcement says, as JSON: its sections, every number from a query, every word from the call's rows.

`docs/annonce.md` tells the keys. Dates are ISO days of Paris, money is whole cents, shares are whole percentages. A
section whose data is absent is left out.
"""

from django.db.models import Count, Q

from applications.models import Axis, Bucket, Submission
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.ground.figures import shares
from hdh_portal.records.models import JournalEntry
from jury.announcement.laureates import laureates
from jury.announcement.people import composition
from jury.models import Hearing, JuryField
from reviews.models import Criterion, ShortlistEntry

FORMAT = 1


def content_of(call, at):
    """The whole announcement of a call, as it would be released at the instant `at`; a constant number of statements.

    Before the release it reads confirmed decisions: whoever calls it answers for who sees what it returns.
    """
    chosen = laureates(call)
    sections = {
        "title": {"day": _day(at), "call": call.title, "slug": call.slug},
        "context": call.texts["context"],
        "previous_call": _previous_call(call),
        "call": _this_call(call),
        "programme": call.texts["programme"],
        "award": _award(call),
        "eligibility": {name: call.texts[name] for name in ("who_may_apply", "conditions", "sharing_clause")},
        "candidates": _candidates(call),
        "selection": _selection(call),
        "jury": _jury(call),
        "result": {"laureates": len(chosen), "reason": call.jury.texts["common_reason"]},
        "laureates": chosen,
        "ceremony": _ceremony(call),
        "round_table": _round_table(call),
    }
    return {"format": FORMAT} | {name: section for name, section in sections.items() if section}


def _day(instant):
    return french.in_paris(instant).date().isoformat()


# From the texts of the call -----------------------------------------------------------------------------------------


def _previous_call(call):
    said = call.texts["previous_call"]
    return {name: said[name] for name in ("when", "introduction", "objectives", "gained", "success_story")}


def _this_call(call):
    bodies = call.bodies.select_related("organisation")
    organisers = [{**_body(row.organisation), "role": row.role} for row in bodies]
    return {"purpose": call.texts["purpose"], "organisers": organisers}


def _body(organisation):
    return {"name": organisation.short_name or organisation.name, "full_name": organisation.name}


def _award(call):
    support = call.texts["support"]
    limits = {"max_cents": call.max_grant_cents, "min_months": call.min_months, "max_months": call.max_months}
    return limits | support


# Counted ------------------------------------------------------------------------------------------------------------


def candidates(call):
    """Sealed versions that count, of dossiers that were not withdrawn before the closing."""
    # The state does not tell when; who withdraws after the closing was a candidate.
    withdrawn = JournalEntry.objects.filter(chain=call.chain_id, verb="application_withdrawn")
    late = withdrawn.filter(occurred_at__gte=call.submission.closes_at).values_list("data__application", flat=True)
    stood = Q(application__reference__in=list(late)) | ~Q(application__state=State.WITHDRAWN)
    sealed = Submission.objects.counting().filter(stood, application__call=call)
    return sealed.exclude(application__state=State.DRAFT)


def _candidates(call):
    """How many there are, and their shares by published category."""
    rows = candidates(call).order_by().values_list("lead_category__bucket").annotate(count=Count("pk"))
    counts = dict(rows)
    buckets = list(Bucket.objects.filter(call=call))
    parts = shares([counts.get(bucket.pk, 0) for bucket in buckets])
    return {
        "count": sum(counts.values()),
        "closed_on": _day(call.submission.closes_at),
        "shares": [
            {"code": bucket.key, "label": bucket.label, "percent": part}
            for bucket, part in zip(buckets, parts, strict=True)
        ],
        "comment": call.jury.texts.get("on_candidates", ""),
        "axes": [{"code": axis.key, "label": axis.label} for axis in Axis.objects.filter(call=call)],
    }


def _selection(call):
    shortlisted = ShortlistEntry.objects.filter(shortlist__call=call, is_shortlisted=True)
    heard = Hearing.objects.filter(application__call=call, ended_at__isnull=False)
    bodies = call.rapporteur_bodies.select_related("organisation")
    criteria = Criterion.objects.filter(call=call)
    return {
        "admissibility": {
            **_days(call.admissibility),
            "bodies": [_body(row.organisation) for row in call.checking_bodies],
        },
        "evaluation": {
            **_days(call.evaluation),
            "bodies": [_body(row.organisation) for row in bodies],
            "criteria": [{"code": row.key, "label": row.label} for row in criteria],
            "shortlisted": shortlisted.count(),
        },
        "hearings": {"days": _sitting_days(call), "heard": heard.count()},
    }


def _days(window):
    return {"first_day": _day(window.opens_at), "last_day": _day(window.last_moment)}


def _sitting_days(call):
    return sorted({_day(sitting.opens_at) for sitting in call.sittings.all()})


# The jury and the day of the announcement ---------------------------------------------------------------------------


def _jury(call):
    members = composition(call)
    if not members:
        return None
    return {
        "introduction": call.jury.texts["introduction"],
        "fields": [field.label for field in JuryField.objects.filter(call=call)],
        "members": members,
    }


def _ceremony(call):
    said = call.jury.texts["ceremony"]
    names = ("mode", "place", "openers", "laureates_named_by", "plenary")
    return {"day": call.jury.announcement_day.isoformat()} | {name: said[name] for name in names}


def _round_table(call):
    said, speakers = call.jury.texts["ceremony"], call.jury.texts["speakers"]
    if not said["round_table"] or not speakers:
        return None
    return {"subject": said["round_table"], "text": said["round_table_text"], "speakers": speakers}
