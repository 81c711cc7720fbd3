"""Reading everything that a person can reach, to compare two worlds that differ in one secret."""

import contextlib
import re
from html import unescape

from tests.permissions import asking
from tests.worlds import rolled_back

LINK = re.compile(rb'(?:href|src|hx-get)="(/[^"#]*)')
OF_THE_MACHINE = "/readyz"  # tells of a machine from one second to the next, of no dossier and no call
NOT_FOLLOWED = ("/static/", "/comptes/", OF_THE_MACHINE)


def followed(content, left_out=()):
    """Addresses in a page, but files of the theme, accounts, and what names one of `left_out`."""
    for link in LINK.findall(content):
        path = unescape(link.decode())
        if not path.startswith(NOT_FOLLOWED) and "?" not in path and not any(one in path for one in left_out):
            yield path


def seen(response):
    """All that a reader gets: status, headers and bytes."""
    headers = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    return response.status_code, headers, asking.masked(asking.body(response))


def crawl(world, actor, starts, left_out=(), *, follow=True):
    """`{(path, kind): what is seen}` of every page, of its part where it has one, and of every page that it names.

    `left_out`: what an address does not hold that is followed; `follow`: False reads the starts alone.
    """
    waiting, found = [path for path in starts if path != OF_THE_MACHINE], {}
    while waiting:
        path = waiting.pop()
        if (path, "page") in found:
            continue
        page = found[path, "page"] = seen(asking.client_of(world, actor).get(path))
        if "HX-Request" in page[1].get("Vary", ""):
            found[path, "part"] = seen(asking.client_of(world, actor, **{"HX-Request": "true"}).get(path))
        waiting += followed(page[2], left_out) if follow else ()
    return found


def unlike(one, other):
    """Addresses of what is not the same in two readings, in order."""
    return sorted(key for key in one.keys() | other if one.get(key) != other.get(key))


@contextlib.contextmanager
def happened(world, happen):
    """The world once something has happened, which is undone afterwards."""
    with rolled_back():
        happen(world)
        yield


def leak(settings, folder, name, addition):
    """A template that shows more at the end of its content: the negative control of a comparison."""
    page = folder / name
    page.parent.mkdir(parents=True)
    page.write_text(f'{{% extends "{name}" %}}{{% block content %}}{{{{ block.super }}}}{addition}{{% endblock %}}')
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [folder, *engine["DIRS"]]}]
