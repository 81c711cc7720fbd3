"""The stages in the order of the pipeline, asked in turn for what they show on pages that gather."""

from django.utils.translation import gettext as _

from applications import desk as applications_desk
from hdh_portal.ground import french
from jury import desk as jury_desk
from reviews import desk as reviews_desk

STAGES = (applications_desk, reviews_desk, jury_desk)


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


def call_sections(call):
    """Every section of a call's page."""
    return [section for stage in STAGES for section in stage.call_sections(call)]


def items(user, at):
    """The next things that a person has to do, the soonest due first; what is never due comes last."""
    # Who holds no role in a selection has nothing to do in the later stages: one who signs in is known to have one.
    stages = STAGES if getattr(user, "has_role", True) else STAGES[:1]
    found = [item for stage in stages for item in stage.items(user, at)]
    return sorted(found, key=lambda item: (item.due is None, item.due or at))
