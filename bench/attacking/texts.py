"""Texts that no person types: what is sent to every route, to the page that verifies receipts, and as names."""

import json
import sys
from html.parser import HTMLParser
from urllib.parse import quote

from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import get_resolver, reverse
from django.utils.regex_helper import normalize

from bench.attacking.web import FORM, Visitor
from tests.factories import PDF, make_officer
from tests.service.portal import TOKEN, signed_in

NUL, SURROGATE = "%00", "%ED%A0%80"
RECEIPT, TOO_MUCH = 15_900, (300_000, 600_000)
POSTS, POST_BYTES = 60, 200_000
LONG = "n" * 5_000
ERRORS = (0, 500, 502, 504)  # Of a 503 the portal says itself that it is not ready, or what it waited for.


# The page that verifies a receipt ----------------------------------------------------------------------------------


def verifier(stage):
    """The worst JSON that a receipt's weight allows, and more than it."""
    path, visitor = reverse("desk:receipt_verify_check"), Visitor(stage.proxy)
    worst = (
        "[" * RECEIPT,
        '{"a":' * (RECEIPT // 5),
        json.dumps({"receipt": {f"{n:x}": n for n in range(RECEIPT // 12)}, "digests": {}, "key_id": "0"}),
        f'{{"receipt":{"9" * RECEIPT}}}',
        f'{{"receipt":"{chr(92)}ud800"}}'.ljust(RECEIPT),
    )

    def sent(text):
        return visitor.upload(path, "recepisse.json", text.encode(), field="receipt").of(200, 400, 413, 422)

    for _turn in range(4):  # The first answers of a process are slower than the others.
        sent("{}")
    slowest = max(min(sent(text).seconds for _turn in range(3)) for text in worst)
    return {"verifier time": slowest, "verifier more": sum(sent("x" * size).status == 200 for size in TOO_MUCH)}


def anonymous(stage):
    """Big forms of people whom nobody knows: what is left of them in the database."""
    dossier = stage.dossier()
    path = dossier.path("section_save", dossier.section)
    before, visitor = sessions(), Visitor(stage.proxy, source="127.0.0.67")
    for _turn in range(POSTS):
        visitor.post(path, {dossier.title: "x" * POST_BYTES})
    return {"anonymous rows": sessions() - before}


def sessions():
    count = Session.objects.count()
    connection.close()
    return count


# Every route -------------------------------------------------------------------------------------------------------


class Forms(HTMLParser):
    """The forms of a page: `found`, `[(method, action, [(name, value, is typed)])]`."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("method", "get").lower(), given.get("action") or "", []))
        elif self.found and given.get("name") and tag in ("input", "textarea", "select", "button"):
            typed = tag == "textarea" or given.get("type", "text") in ("text", "search", "email", "password", "tel")
            self.found[-1][2].append((given["name"], given.get("value") or "", typed))


def paths(values, resolver=None, above=""):
    """`{route: address}` of the portal; `values` stand for what an address names, "1" for numbers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        shape, names = normalize(pattern.pattern.regex.pattern)[0]
        own = above + shape % {name: values.get(name, "1") for name in names}
        if hasattr(pattern, "url_patterns"):
            yield from paths(values, pattern, own)
        else:
            yield f"/{own}"


def fuzz(stage):
    """NUL and lone surrogates in every address, query and form that a stranger, a candidate or an officer finds."""
    dossier, officer = stage.dossier(), make_officer(stage.call, power="manager")
    values = {"slug": stage.call.slug, "reference": dossier.application.reference, "key": dossier.title}
    sections = (values | {"key": section.key} for section in stage.call.section_set.all())
    people = (f"csrf={TOKEN}", dossier.cookies, signed_in(officer.user))
    connection.close()
    faults, sent = set(), set()
    for path in sorted({path for given in (values, *sections) for path in paths(given)}):
        for cookies in people:
            visitor = Visitor(stage.web, cookies=cookies, tls=False)
            acts = [("GET", f"{path}?q={bad}&page={bad}&next={bad}", b"") for bad in (NUL, SURROGATE)]
            acts += [("GET", path.replace(value, bad), b"") for value in values.values() for bad in (NUL, SURROGATE)]
            acts += [act for form in Forms(visitor.get(path).text).found for act in poisoned(path, *form)]
            acts = [act for act in acts if (*act, cookies) not in sent]
            sent.update((*act, cookies) for act in acts)
            faults |= {act for act in acts if visitor.ask(*act, Content_Type=FORM).status in ERRORS}
    for method, path, body in sorted(faults):
        print(f"fault: {method} {path} {body[:200]!r}", file=sys.stderr)
    return {"fuzz": len(faults), "fuzz forms": sum(method == "POST" for method, *_rest in sent)}


def poisoned(path, method, action, fields):
    """The sendings of a form with a bad sign in each field that is typed."""
    for bad in (NUL, SURROGATE) if any(typed for _name, _value, typed in fields) else ():
        pairs = [(name, f"{quote(value)}a{bad}b" if typed else quote(value)) for name, value, typed in fields]
        body = "&".join(f"{quote(name)}={value}" for name, value in with_token_of(pairs))
        if method == "get":
            yield "GET", f"{action or path}?{body}", b""
        else:
            yield "POST", action or path, body.encode()


def with_token_of(pairs):
    return [(name, TOKEN if name == "csrfmiddlewaretoken" else value) for name, value in pairs]


# Names -------------------------------------------------------------------------------------------------------------


def names(stage):
    """A file, an address and a line of the head, each with a name of 5 kB; and one that is none."""
    dossier = stage.dossier()
    annex = stage.call.questions.filter(type="file").first().key
    visitor, add = dossier.visitor(stage.web, tls=False), dossier.path("attachment_add", annex)
    asked = (
        visitor.upload(add, f"{LONG}.pdf", PDF),
        visitor.upload(add, f"{LONG * 4}.pdf", PDF),
        visitor.upload(add, "a\x01b.pdf", PDF),
        visitor.get(f"/{LONG}/"),
        visitor.get("/", X_Odd=LONG * 2),
        visitor.post(add, b"no form", Content_Disposition="form-data"),
    )
    return {"names": sum(answer.is_fault or 'lang="fr"' not in answer.text for answer in asked if not is_well(answer))}


def is_well(answer):
    """A redirect says nothing, and needs not."""
    return answer.status in (302, 303)
