"""Every refusal says what to do, and links to the page where it is done, or stands here with the reason why none."""

import ast
from pathlib import Path

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from applications import links as of_applications
from hdh_portal.records.exceptions import Link
from jury import links as of_jury
from reviews import links as of_reviews
from tests.factories import make_deposited
from tests.portal.test_habits import CODE, relative

pytestmark = pytest.mark.embedded

PAGE = "the page that it came from shows what stands by now: « Relire la page » leads back to it"
FORM = "the form that was sent is shown again, with the sentence above it"
TIME = "time alone mends it, and the sentence says when"
OTHERS = "another person mends it, on pages that are closed to who reads this"
DONE = "it is done already, or there is nothing to do"
COMMAND = "said by a command, which has no page"
ROLE = "whoever has no such role, or has lost it, has no page for it"

# {code: why it has no link, where it is raised without one and without a field}
WITHOUT = {
    "account_closed": DONE,
    "account_in_use": OTHERS,
    "already_asked": PAGE,
    "already_done": DONE,
    "already_held": COMMAND,
    "already_in_office": DONE,
    "already_lifted": DONE,
    "already_published": DONE,
    "already_seated": DONE,
    "already_sent": OTHERS,
    "answered": PAGE,
    "asked_by_you": OTHERS,
    "asker_left": PAGE,
    "before_closing": TIME,
    "before_earliest": TIME,
    "body_does_not_check": FORM,
    "call_row_is_used": COMMAND,
    "came_after": OTHERS,
    "changed_since": PAGE,
    "changed_since_page": PAGE,
    "disk_full": TIME,
    "does_not_check": FORM,
    "expired": OTHERS,
    "factor_used": DONE,
    "frozen": OTHERS,
    "given_back": DONE,
    "incomplete": PAGE,
    "last": COMMAND,
    "list_changed": PAGE,
    "no_factor": DONE,
    "no_file": FORM,
    "no_operator": COMMAND,
    "no_rapporteur": PAGE,
    "no_reason": COMMAND,
    "no_such_partner": FORM,
    "no_visa": COMMAND,
    "nobody_chosen": FORM,
    "not_active": DONE,
    "not_allowed": ROLE,
    "not_blocked": DONE,
    "not_declared": OTHERS,
    "not_done": DONE,
    "not_held": COMMAND,
    "not_in_office": ROLE,
    "not_judged": FORM,
    "not_possible": COMMAND,
    "not_seated": ROLE,
    "nothing_due": COMMAND,
    "nothing_failed": DONE,
    "nothing_noted": DONE,
    "nothing_passes": FORM,
    "nothing_to_confirm": DONE,
    "nothing_to_prepare": TIME,
    "nothing_to_propose": DONE,
    "other_address": ROLE,
    "other_body": FORM,
    "other_count": COMMAND,
    "own_account": OTHERS,
    "own_role": OTHERS,
    "recused": OTHERS,
    "same_person": OTHERS,
    "seat_is_free": DONE,
    "seat_is_taken": FORM,
    "slot_is_taken": FORM,
    "state_is_past": PAGE,
    "too_early": TIME,
    "too_late": OTHERS,
    "too_many_files": FORM,
    "total_too_big": FORM,
    "unknown_seat": FORM,
    "unknown_value": PAGE,
    "uploads_waiting": FORM,
    "window_not_open": TIME,
    "window_open": TIME,
    "window_over": OTHERS,
}
# The code of these is computed: a file that is not let in says so beside its field.
COMPUTED = {"applications/dossier/uploads.py"}


def raised(path):
    """`(code or None, names of the arguments)` of each `Refused` that a file makes."""
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
            given = {one.arg: one.value for one in node.keywords}
            yield getattr(given.get("code"), "value", None), set(given)


def test_every_refusal_has_a_link_a_field_or_a_reason_why_none():
    bare = {(code, relative(path)) for path in CODE for code, given in raised(path) if not given & {"link", "fields"}}
    assert {path for code, path in bare if code is None} == COMPUTED
    assert {code for code, _path in bare if code} == set(WITHOUT)


def made():
    """Each link of the stages, made for one dossier."""
    application = make_deposited()
    for module in (of_applications, of_reviews, of_jury):
        for name, make in vars(module).items():
            if getattr(make, "__module__", "") == module.__name__:
                subject = {"application": application, "call": application.call}
                yield name, make(*(subject[one] for one in make.__code__.co_varnames[: make.__code__.co_argcount]))


@pytest.mark.django_db
def test_every_link_leads_to_a_page_that_is_asked_for_by_its_address_alone():
    for name, link in made():
        assert isinstance(link, Link), name
        try:
            url = reverse(link.page, args=link.args)
        except NoReverseMatch:
            pytest.fail(f"{name} leads nowhere")
        assert get_resolver().resolve(url).url_name == link.page.rpartition(":")[2]
