"""Texts that no person types: what is sent to every route, to the page that verifies receipts, and as names."""

import json

from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import get_resolver, reverse
from django.utils.regex_helper import normalize

from bench.attacking.web import Visitor
from tests.factories import PDF, make_officer
from tests.service.portal import TOKEN, signed_in

NUL, SURROGATE = "%00", "%ED%A0%80"
RECEIPT = 16_000
POSTS, POST_BYTES = 60, 200_000
LONG = "n" * 5_000


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
    for name in ("receipt", "file"):  # The first answer of a process is slower than the others.
        visitor.post(path, {name: "{}"})
    slowest = max(min(visitor.post(path, {"receipt": text}).seconds for _turn in range(3)) for text in worst)
    read = [visitor.post(path, {"receipt": "x" * size}).status in (200, 422) for size in (17_000, 300_000)]
    return {"verifier time": slowest, "verifier more": sum(read)}


def anonymous(stage):
    """Big forms of people whom nobody knows: what is left of them in the database."""
    dossier = stage.dossier()
    path = dossier.path("answer_save", dossier.title)
    before, visitor = sessions(), Visitor(stage.proxy, source="127.0.0.67")
    for _turn in range(POSTS):
        visitor.post(path, {dossier.title: "x" * POST_BYTES})
    return {"anonymous rows": sessions() - before}


def sessions():
    count = Session.objects.count()
    connection.close()
    return count


# Every route -------------------------------------------------------------------------------------------------------


def paths(value, resolver=None, above=""):
    """Every address of the portal, `value` in the place of whatever stands in one."""
    for pattern in (resolver or get_resolver()).url_patterns:
        shape, names = normalize(pattern.pattern.regex.pattern)[0]
        own = above + shape % {name: "1" if "pk" in name or "number" in name else value for name in names}
        if hasattr(pattern, "url_patterns"):
            yield from paths(value, pattern, own)
        else:
            yield f"/{own}"


def fuzz(stage):
    """NUL and lone surrogates to every route: in the address, in a query, in the fields of a form."""
    officer = make_officer(stage.call, power="manager", factor=True)
    cookies = [f"csrf={TOKEN}", stage.dossier().cookies, signed_in(officer.user)]
    connection.close()
    faults = set()
    for place, path in enumerate(sorted(set(paths("x")))):
        visitor = Visitor(stage.web, cookies=cookies[place % len(cookies)], tls=False)
        names = ("q", "email", "login", "password", "receipt", "digest", "next", "title", "reference", "code")
        for bad in (NUL, SURROGATE):
            form = "&".join([f"csrfmiddlewaretoken={TOKEN}", *(f"{name}=a{bad}b" for name in names)]).encode()
            asked = (
                visitor.get(f"{path}?q=a{bad}b&page={bad}&next={bad}"),
                visitor.post(path, form),
                visitor.get(path.replace("x", f"a{bad}b", 1)),
            )
            faults |= {(path, bad, place) for place, answer in enumerate(asked) if answer.is_fault}
    return {"fuzz": len(faults)}


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
