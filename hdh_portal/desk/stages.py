"""The stages in the order of the pipeline, asked in turn for what they show on pages that gather."""

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from applications import desk as applications_desk
from applications.models import Call, CallBody, Release
from hdh_portal.ground import french
from jury import desk as jury_desk
from reviews import desk as reviews_desk

STAGES = (applications_desk, reviews_desk, jury_desk)
ORGANISERS = Prefetch("bodies", CallBody.objects.select_related("organisation"))
WHOLE = ("extensions", ORGANISERS)
# `{step of the calendar: the release after which the call goes on to the next one}`.
ENDS = {
    "admissibility": Release.Stage.ADMISSIBILITY,
    "evaluation": Release.Stage.SHORTLIST,
    "hearings": Release.Stage.RESULTS,
}


def dated_calls():
    """Queryset of calls with their windows, as the list of home reads them."""
    return Call.objects.select_related("evaluation", "jury").prefetch_related("window_set")


def whole_calls():
    """Queryset of calls with all that a calendar and a call's page read of them."""
    return dated_calls().prefetch_related(*WHOLE)


def made_whole(call):
    """One of `dated_calls` with what `whole_calls` reads besides."""
    prefetch_related_objects([call], *WHOLE)
    return call


def calendar(call, now):
    """Every step of a call's calendar, past ones marked, today named on the last step that began."""
    steps = [step for stage in STAGES for step in stage.calendar(call)]
    begun = [step for step in steps if step["from"] <= now]
    for step in steps:
        step["past"] = step["until"] <= now
        step["today"] = ""
    if begun and len(begun) < len(steps):
        current, following = begun[-1], steps[len(begun)]
        current["today"] = _("Aujourd’hui, %(day)s") % {"day": french.day_month(now)}
        current["today_at"] = _place(current["from"], now, following["from"])
    return steps


def _place(start, now, end):
    """Where `now` stands between two ticks, in tenths of their distance: 2, 5 or 8, for which the theme has a class."""
    share = (now - start) / (end - start)
    return 2 if share < 1 / 3 else 5 if share < 2 / 3 else 8


def reached(steps, notified, now):
    """Index of the step at which things stand: the last that has begun, and no later than what was told allows.

    `told`: kinds of the releases that are done. A stage whose decisions are late is not over because its days are.
    """
    for index, step in enumerate(steps):
        is_last = index + 1 == len(steps) or steps[index + 1]["from"] > now
        if is_last or (step["key"] in ENDS and ENDS[step["key"]] not in notified):
            return index
    return 0


def call_sections(call):
    """Every section of a call's page."""
    return [section for stage in STAGES for section in stage.call_sections(call)]


def items(user, at):
    """The next things that a person has to do, the soonest due first; what is never due comes last."""
    # Who holds no role in a selection has nothing to do in the later stages: one who signs in is known to have one.
    stages = STAGES if getattr(user, "has_role", True) else STAGES[:1]
    found = [item for stage in stages for item in stage.items(user, at)]
    return sorted(found, key=lambda item: (item.due is None, item.due or at))
