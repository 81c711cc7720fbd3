"""Taking the pictures of `bench/shown.py`: which routes there are, the demonstration that is served, each page.

Imported once Django stands in the environment of the demonstration (`bench/screenshots.py`).
"""

import contextlib
import http.client
import inspect
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection
from django.urls import get_resolver, reverse
from playwright.sync_api import sync_playwright

from applications.models import Interest, Outcome, SealedFile
from bench import shown
from hdh_portal.demo.visit import examples
from reviews.models import Rapporteur
from tests.browser.looking import Visit

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "screenshots"
WIDTHS = (1280, 375)
READY_SECONDS = 600
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def run(words):
    """Take the pictures whose name holds one of the words, all without any; True if something is wrong."""
    problems = unaccounted(shown)
    wanted = [one for one in shown.PICTURES if not words or any(word in one.name for word in words)]
    with demonstration() as address:
        problems += take(wanted, address)
    for problem in problems:
        print(f"screenshots: {problem}", file=sys.stderr)
    print(f"{len(wanted)} pages at {' and '.join(map(str, WIDTHS))} px in {OUT.relative_to(ROOT)}")
    return bool(problems)


# Which routes there are ---------------------------------------------------------------------------------------------


def unaccounted(shown):
    """A sentence for each route that the list forgets, or names although it does not answer a GET."""
    routes = {name for name, view in routes_of(get_resolver()) if answers_get(view)}
    taken = {one.route for one in shown.PICTURES}
    told = taken | set(shown.REASONS)
    forgotten = [f"{name} has neither a picture nor a reason" for name in sorted(routes - told)]
    twice = [f"{name} has a picture and a reason" for name in sorted(taken & set(shown.REASONS))]
    return forgotten + twice + [f"{name} is no route that answers a GET" for name in sorted(told - routes)]


def routes_of(resolver, namespace=""):
    """`(name with its namespaces, view)` of each route."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes_of(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


def answers_get(view):
    """Whether a view answers a GET, read from its decorator or its class."""
    if hasattr(view, "view_class"):
        return hasattr(view.view_class, "get")
    while view is not None:
        methods = (
            inspect.getclosurevars(view).nonlocals.get("request_method_list") if inspect.isfunction(view) else None
        )
        if methods:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


# The demonstration --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def demonstration():
    """Address of the demonstration, served by the supervisor of `make demo`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen([sys.executable, "-m", "hdh_portal.demo.supervise", str(port)], cwd=ROOT)
    try:
        wait_for(served, port)
        yield f"http://localhost:{port}"
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait()


def wait_for(served, port):
    """Until it answers."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and served.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
        finally:
            connection.close()
    sys.exit("screenshots: the demonstration does not answer (see above)")


# The pictures -------------------------------------------------------------------------------------------------------


def take(wanted, address):
    """Take each picture, stage after stage and role after role; what went wrong comes back as sentences."""
    problems, stood = [], None
    with sync_playwright() as playwright:
        path = os.environ.get("HDH_CHROMIUM") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        visit = Visit(browser.new_page(base_url=address, locale="fr-FR"), address)
        for number, one in enumerate(wanted, start=1):
            if (one.stage, one.role) != stood:
                stand(visit.page, one)
                stood, known = (one.stage, one.role), references()
            problems += photograph(visit, one, f"{number:02}-{one.name}", known)
        browser.close()
    return problems + visit.said


def stand(page, one):
    """Go to the picture's stage and become its role by the demonstration's bar."""
    page.set_viewport_size({"width": 1280, "height": 900})
    for field, value in (("stage", one.stage), ("role", one.role)):
        page.goto("/contact/")
        with page.expect_navigation():
            page.locator(f".demo button[name={field}][value={value}]").click()


def references():
    """References of the stage at which the live database stands, for `reverse`."""
    connection.close()
    found = examples()
    annex = SealedFile.objects.select_related("submission__application").filter(pk=found["annex"]).first()
    agreed = Outcome.objects.select_related("application").filter(source="agreement").order_by("pk").first()
    found["annexed"] = annex and annex.submission.application.reference
    for key, of in (("scoring_annex", "scoring"), ("heard_annex", "under_way")):
        files = SealedFile.objects.filter(submission__application__reference=found.get(of, "")).order_by("-pk")
        found[key] = files.values_list("pk", flat=True).first()
    found["rapporteur_role"] = Rapporteur.objects.in_office().order_by("pk").values_list("pk", flat=True).first()
    people = Rapporteur.objects.in_office().order_by().values("user")
    found["interest"] = Interest.objects.filter(user__in=people).order_by("pk").values_list("pk", flat=True).first()
    found["agreed"] = agreed and agreed.application.reference
    connection.close()
    return found


def photograph(visit, one, name, known):
    """Both widths of a page; a sentence for each thing that is wrong with it."""
    values = {key: value[1:] if value.startswith("=") else known.get(value) for key, value in one.of.items()}
    if None in values.values():
        return [f"{name}: the stage has no {', '.join(key for key, value in values.items() if value is None)}"]
    page = visit.page
    answer = page.goto(reverse(one.route, kwargs=values) + one.query, wait_until="networkidle")
    if answer.status != 200:
        return [f"{name}: {answer.url} answered {answer.status}"]
    flaws = visit.flaws()  # before the pictures, for which Playwright sets styles of its own
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=OUT / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    return flaws
