"""The states of a dossier: the table of transitions, the one way along it, and that nothing goes round it."""

import ast
import itertools
from pathlib import Path

import pytest

from applications import states
from applications.dossier.actions.draft import withdraw_application
from applications.models import Application
from applications.states import State, may_move_to, move_to
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from tests.factories import OPEN, deposit, make_draft, owner_of

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for name in ("hdh_portal", "applications", "reviews", "jury")
    for path in sorted((ROOT / name).rglob("*.py"))
    if "migrations" not in path.parts and path != Path(states.__file__)
]
WRITERS = {"Application", "save", "update", "bulk_update", "create", "bulk_create", "get_or_create", "update_or_create"}
OTHER_TABLES = ("Outbox.State.", "Upload.State.")


def writes(tree):
    """What writes a column `state`, as source: an assignment, a call that saves; not to the rows that wait for work."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "state" and not isinstance(node.ctx, ast.Load):
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {*WRITERS, "setattr"}:
            given = [*node.args, *(word.value for word in node.keywords)]
            named = any(isinstance(part, ast.Constant) and part.value == "state" for a in given for part in ast.walk(a))
            by_word = any(
                word.arg == "state" and not ast.unparse(word.value).startswith(OTHER_TABLES) for word in node.keywords
            )
            if named or by_word:
                yield ast.unparse(node)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("application.state = State.WITHDRAWN", 1),
        ("row.state, row.withdrawn_draft = State.DRAFT, False", 1),
        ("setattr(application, 'state', 'draft')", 1),
        ("application.save(update_fields=['state'])", 1),
        ("Application.objects.filter(call=call).update(state=State.SUBMITTED)", 1),
        ("Application.objects.bulk_update(rows, ['state'])", 1),
        ("Application.objects.update_or_create(pk=1, defaults={'state': 'draft'})", 1),
        ("Application(call=call, state='draft')", 1),
        ("Application.objects.filter(state=State.DRAFT).count()", 0),
        ("model.objects.filter(pk=pk).update(state=Outbox.State.DONE)", 0),
        ("found = application.state", 0),
    ],
)
def test_lint_of_the_column_sees_a_writer(source, count):
    assert len(list(writes(ast.parse(source)))) == count


def test_only_move_to_writes_the_state_of_a_dossier():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in CODE
        if (lines := list(writes(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


def test_each_state_has_its_transitions_and_its_tag():
    assert set(states.TRANSITIONS) == set(states.TAGS) == set(State)


def test_groups_name_each_state_once():
    groups = ("EDITABLE", "NO_CANDIDATES", "RUNNING", "HEARD", "EVALUATED", "GONE", "NOT_RETAINED")
    for name in groups:
        assert len(set(getattr(states, name))) == len(getattr(states, name)), name


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_dossier_goes_where_the_table_leads_and_nowhere_else(before, after):
    is_back = before == State.WITHDRAWN and after == State.DRAFT
    application = Application(state=before, withdrawn_draft=is_back)
    assert may_move_to(application, after) == (after in states.TRANSITIONS[before])


@pytest.mark.django_db
def test_move_that_no_transition_allows_is_refused_and_changes_nothing():
    application = make_draft()
    lines = JournalEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        move_to(application, State.LAUREATE, by=None, at=OPEN)
    assert refusal.value.code == "state_is_past"
    application.refresh_from_db()
    assert (application.state, JournalEntry.objects.count()) == (State.DRAFT, lines)


@pytest.mark.django_db
def test_move_leaves_a_line_that_names_both_states():
    application = make_draft()
    owner = owner_of(application)
    entry = move_to(application, State.SUBMITTED, by=owner, at=OPEN, version=1)
    assert (entry.verb, entry.actor_id, entry.occurred_at) == ("application_submitted", owner.pk, OPEN)
    reference = application.reference
    assert entry.data == {"application": reference, "version": 1, "from": "draft", "to": "submitted"}
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


@pytest.mark.django_db
def test_what_was_withdrawn_comes_back_as_what_it_was():
    draft, deposited = make_draft(), make_draft()
    deposit(deposited)
    draft = withdraw_application(draft, by=owner_of(draft), at=OPEN)
    deposited = withdraw_application(deposited, by=owner_of(deposited), at=OPEN)
    assert (draft.withdrawn_draft, deposited.withdrawn_draft) == (True, False)
    assert [may_move_to(draft, state) for state in (State.DRAFT, State.SUBMITTED)] == [True, False]
    assert [may_move_to(deposited, state) for state in (State.DRAFT, State.SUBMITTED)] == [False, True]
    assert move_to(draft, State.DRAFT, by=None, at=OPEN).verb == "draft_restored"
    assert draft.withdrawn_draft is False
