"""The forms that pages show, and posting them raw: what no browser's own field would send."""

from html.parser import HTMLParser
from urllib.parse import urlencode

from django.db import connection
from django.urls import Resolver404, resolve

from tests.permissions import asking
from tests.permissions.addresses import ROUTES, address, posted
from tests.worlds import rolled_back

FORM_TYPE = "application/x-www-form-urlencoded"
# Percent-encoded bytes: NUL, half of a character, an override of direction, a line separator, bytes that are no text.
HOSTILE = {
    "nul": "Texte%00+suite",
    "surrogate": "%ED%A0%80suite",
    "override": "%E2%80%AEeriotcerid",
    "separator": "ligne%E2%80%A8suite",
    "not-utf-8": "%FF%FE%00d",
    "5-kB": "x" * 5000,
    "digits": "9" * 5000,
    "huge": "99999999999999999999",
    "negative": "-1",
    "not-finite": "1e999",
    "escaped": "%7B%22id%22%3A%22%5Cu0000%5Cud800%22%7D",
    "nested": "%5B" * 2000,
}
# What no database sees otherwise than another: characters that it keeps as they are, and what no parser lets through.
SAME_IN_SQL = {"override", "separator", "nested"}
TYPED = ("input", "textarea", "select", "button")


class Forms(HTMLParser):
    """`found`: `[(action, {field: value})]` of the forms of a page that are posted."""

    def __init__(self, page, path):
        super().__init__()
        self.found, self.path, self.fields = [], path, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        notified = dict(attributes)
        if tag == "form":
            self.fields = {} if notified.get("method") == "post" else None
            if self.fields is not None:
                self.found.append((notified.get("action") or self.path, self.fields))
        elif (
            tag in TYPED
            and self.fields is not None
            and notified.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken"
        ):
            self.fields[notified["name"]] = notified.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.fields = None


def shown_to(world, rows, actors, dossier_of):
    """`{route: (actor, path, fields)}` of every form on the pages of a table's rows, each seen by the first who may."""
    found = {}
    for row in rows:
        welcome = [actor for actor, letter in zip(actors, row.letters, strict=True) if letter in "orx"]
        if not welcome:
            continue
        dossier, actor = dossier_of(row), welcome[0]
        path = address(world, row.route, dossier)
        if row.method == "POST":
            _add(found, actor, path, posted(world, row.route, dossier, actor))
            continue
        page = asking.client_of(world, actor).get(path)
        content = asking.body(page)
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            for action, fields in Forms(content.decode(), path).found:
                _add(found, actor, action, fields)
    return found


def _add(found, actor, path, fields):
    try:
        route = resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return
    before = found.get(route)
    if route in ROUTES and (before is None or len(before[2]) < len(fields)):
        found[route] = (actor, path, {name: value for name, value in fields.items() if isinstance(value, str)})


def post_raw(client, path, fields, hostile, names):
    """Post a form in which the fields `names` hold `hostile`, which is percent-encoded bytes."""
    pairs = [
        f"{urlencode({name: ''})}{hostile}" if name in names else urlencode({name: fields[name]}) for name in fields
    ]
    return client.post(path, "&".join(pairs), content_type=FORM_TYPE)


def attack(found, built):
    """What went wrong when every form that was found was posted, as `(route, actor, fields, value, fault)`.

    Each hostile value in all fields at once, then one of them in each field alone, the others as the page has them.
    PostgreSQL is asked for the values that it may take otherwise than SQLite.
    """
    faults, left_out = [], () if connection.vendor == "sqlite" else SAME_IN_SQL
    for route, (actor, path, fields) in found.items():
        together = [(name, list(fields)) for name in HOSTILE if name not in left_out]
        for name, names in [*together, *(("huge", [field]) for field in fields)]:
            with rolled_back():
                answer = post_raw(asking.client_of(built, actor), path, fields, HOSTILE[name], names)
                if fault := fault_of(answer):
                    faults.append((route, actor, names[:3], name, fault))
    return faults


def fault_of(response):
    """An error, or a page in English (each of ours names its language); else None."""
    content = asking.body(response)
    if response.status_code >= 500:
        return str(response.status_code)
    if response.status_code < 400 or not content or not response.headers["Content-Type"].startswith("text/html"):
        return None
    return None if b'<html lang="fr">' in content or response.status_code == 409 else f"English {response.status_code}"
