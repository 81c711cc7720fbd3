"""Rows of a portal that stood before renderers had keys: each is found again under its key."""

from importlib import import_module

import pytest
from django.apps import apps

from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message
from hdh_portal.records.renderers import all_renderers

pytestmark = pytest.mark.django_db
MIGRATION = import_module("hdh_portal.records.migrations.0006_renderer_keys")
# What rows held, in parts, so that no move of a module rewrites it.
HELD = {
    ("applications", "documents", "receipt"): "receipt",
    ("applications", "documents", "letter"): "admissibility_letter",
    ("applications", "documents", "annex_pages"): "annex_pages",
    ("reviews", "documents", "score_sheet"): "score_sheet",
    ("reviews", "documents", "letter"): "shortlist_letter",
    ("jury", "documents", "minutes"): "minutes",
    ("jury", "documents", "announcement"): "announcement",
    ("applications", "emails", "receipt"): "receipt_mail",
    ("applications", "emails", "decision"): "decision_mail",
    ("reviews", "emails", "assigned"): "assignment_mail",
    ("jury", "emails", "summons_of_team"): "team_summons_mail",
    ("hdh_portal", "accounts", "emails", "password_reset_key"): "password_reset_key_mail",
    ("hdh_portal", "desk", "emails", "invitation"): "invitation_mail",
    ("hdh_portal", "operations", "emails", "role_ended"): "role_ended_mail",
}


def leave(number, parts):
    """A row as it was left then."""
    left = {"renderer": ".".join(parts), "subject": number, "queued_at": clock.real()}
    if "emails" in parts:
        return Message.objects.create(to="a@exemple.fr", message_id=f"clef-{number}", **left)
    return Document.objects.create(digest=f"{number:064}", filename="papier.pdf", **left)


def held(rows):
    return [type(row).objects.get(pk=row.pk).renderer for row in rows]


def test_rows_that_held_a_path_hold_the_key_of_the_same_renderer():
    rows = [leave(number, parts) for number, parts in enumerate(HELD)]
    MIGRATION.to_keys(apps, None)
    assert held(rows) == list(HELD.values())
    MIGRATION.to_paths(apps, None)
    assert held(rows) == [".".join(parts) for parts in HELD]


def test_each_renderer_of_then_is_registered_now_and_none_is_forgotten():
    registered = {key for key, one in all_renderers().items() if one.floor != "tests"}
    assert set(MIGRATION.KEYS.values()) - registered == set()
    assert len(MIGRATION.KEYS) == len(set(MIGRATION.KEYS.values()))
