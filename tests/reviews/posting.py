"""What the tests of a rapporteur's pages post and where."""

from django.urls import reverse

from tests.reviews.makers import whole_sheet


def at(name, assignment, *more):
    application = assignment.application
    return reverse(f"reviews:{name}", args=[application.call.slug, application.reference, *more])


def posted(call, **changes):
    """A whole sheet as a browser posts it."""
    sheet = whole_sheet(call, **changes)
    marks = {f"mark-{key}": f"{value:g}" for key, value in sheet["marks"].items()}
    comments = {f"comment-{key}": value for key, value in sheet["comments"].items()}
    return marks | comments | {name: sheet[name] for name in ("opinion", "transmissible", "internal")}


def first_key(assignment):
    return assignment.application.call.criterion_set.first().key
