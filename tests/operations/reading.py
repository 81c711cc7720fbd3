"""The routes on which somebody who selects reads a dossier, and reading one as a browser does."""

from django.urls import reverse

from hdh_portal.operations import lecture
from tests.permissions import asking
from tests.permissions.addresses import ROUTES


class Match:
    """What the resolver would say of a route."""

    def __init__(self, name):
        # A route's address with any id, so that it is told apart by its floor.
        values = {key: 1 if key in ("pk", "number", "version") else "x" for key in ROUTES[name]}
        self.view_name, self.kwargs = name, values
        self.route = reverse(name, kwargs=values)[1:]


SELECTING = sorted(name for name in ROUTES if Match(name).route.startswith(lecture.AREAS))


def first_rows(rows, actors):
    """`[(row, actor)]`: for each route that is read, the first row of a table that lets somebody in, and who."""
    found = {}
    for row in rows:
        shown = [actor for actor, letter in zip(actors, row.letters, strict=True) if letter == "o"]
        if row.route in SELECTING and row.method == "GET" and shown and lecture.is_reading(Match(row.route)):
            found.setdefault(row.route, (row, shown[0]))
    return list(found.values())


def told_of(world, row, actor):
    """What the log must say once this person has read the page."""
    dossier = "*" if row.route in lecture.OF_ALL else world.dossiers[row.dossier].reference
    return (row.route, dossier, world.people[actor].pk)


def read(world, route, dossier, actor):
    """Read a page or a file to its end, as a browser does; returns the status."""
    answer = asking.ask(world, route, "GET", dossier, actor)
    asking.body(answer)
    return answer.status_code
