"""Asking for a page as somebody, and the one letter that its answer is."""

import re

from django.template.loader import render_to_string
from django.test import Client

from hdh_portal.web.typed import written
from tests.permissions.addresses import address, posted
from tests.permissions.world import ACTORS
from tests.worlds import rolled_back

# L sign-in page · o the page · r done, or the way to another page · x refused, with the reason on the page (403, 409,
# 422) · - the page of what does not exist · m this method is not taken here · ! anything else
SIGN_IN = "/comptes/login/"
REASONS = (400, 403, 409, 422)
VARYING = (
    (re.compile(rb'name="csrfmiddlewaretoken" value="\w+"'), b"CSRF"),
    (re.compile(rb'name="once" value="[\w-]+"'), b"ONCE"),
    (re.compile(rb"\b\d[A-Z]{2}-\d{3}\b"), b"REFERENCE"),
    (re.compile(rb"<time [^>]*>[^<]*</time>"), b"INSTANT"),
    (re.compile(rb' aria-current="\w+"'), b""),
)


def sign_in(world):
    """One session cookie for each person, so that no request has to sign in."""
    world.cookies = {}
    for name, user in world.people.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        world.cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}


def client_of(world, actor, **headers):
    """A browser of this person, fresh: nothing that another request left."""
    client = Client(raise_request_exception=False, headers=headers)
    client.cookies.load(world.cookies[actor])
    return client


def masked(content):
    """Bytes of a page without what is new in each, and without the menu’s mark, which follows the address alone."""
    for pattern, word in VARYING:
        content = pattern.sub(word, content)
    return content


def body(response):
    """The bytes of a response, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def letter(world, actor, response):
    """What the answer is, in one letter; `-` only if it is the very page of what does not exist."""
    status, content = response.status_code, body(response)
    if status in (301, 302, 303):
        return "L" if response.url.partition("?")[0] == SIGN_IN else "r"
    if status == 401:  # what was posted is given back in the page
        return "L" if f'href="{SIGN_IN}"'.encode() in content else "!"
    if status == 404:
        return "-" if masked(_without_texts(response)) == nothing(world, actor) else "!"
    # Words for machines are a page like any other, whether the portal is ready or not.
    if status == 503 and response.headers["Content-Type"] == "application/json":
        return "o"
    known = {200: "o", 204: "o", 405: "m"} | dict.fromkeys(REASONS, "x")
    return known.get(status, "!")


def _without_texts(response):
    """The page of what does not exist without what the person themselves wrote into the form, and nothing else."""
    given, none = (
        render_to_string("includes/_written.html", {"written": texts}).encode()
        for texts in (written(response.wsgi_request), [])
    )
    return response.content.replace(given, none)


def nothing(world, actor):
    """The page that this person gets for what does not exist."""
    if actor not in world.nothing:
        world.nothing[actor] = masked(client_of(world, actor).get("/n-existe/pas-du-tout/").content)
    return world.nothing[actor]


def ask(world, route, method, dossier, actor, changes=None):
    """The response to a request, of which nothing is left afterwards; `changes`: ids from elsewhere."""
    with rolled_back():
        path = address(world, route, dossier, **(changes or {}))
        data = posted(world, route, dossier, actor) if method == "POST" else {}
        return getattr(client_of(world, actor), method.lower())(path, data or None)


def answers(world, route, method, dossier, actors=ACTORS):
    """The letters of a row, one for each actor."""
    return "".join(letter(world, actor, ask(world, route, method, dossier, actor)) for actor in actors)
