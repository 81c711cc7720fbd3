"""The stages in the order of the pipeline, asked in turn for what they show on pages that gather."""

from applications import desk as applications_desk
from jury import desk as jury_desk
from reviews import desk as reviews_desk

STAGES = (applications_desk, reviews_desk, jury_desk)


def calendar(call, now):
    """Every step of a call's calendar, past ones marked, the current moment on the last step that began."""
    steps = [step for stage in STAGES for step in stage.calendar(call)]
    begun = [step for step in steps if step["from"] <= now]
    for step in steps:
        step["past"] = step["until"] <= now
        step["today"] = ""
    if begun and len(begun) < len(steps):
        begun[-1]["is_current"] = True
    return steps


def call_sections(call):
    """Every section of a call's page."""
    return [section for stage in STAGES for section in stage.call_sections(call)]


def items(user, at):
    """The next things that a person has to do, the soonest due first; what is never due comes last."""
    found = [item for stage in STAGES for item in stage.items(user, at)]
    return sorted(found, key=lambda item: (item.due is None, item.due or at))
