"""The merge of a save, field by field: what was typed, what stands, and what the page showed."""

import json

import pytest
from django.http import QueryDict

from hdh_portal.web import saving
from hdh_portal.web.typed import texts

pytestmark = pytest.mark.embedded


def page(**shown):
    return saving.Seen({name: saving.mark(value) for name, value in shown.items()})


@pytest.mark.parametrize(
    ("typed", "current", "seen", "written", "clashes"),
    [
        ("new", "old", page(a="old"), {"a": "new"}, {}),
        ("old", "new", page(a="old"), {}, {}),
        ("", "new", page(a=""), {}, {}),
        ("mine", "theirs", page(a="old"), {}, {"a": ("mine", "theirs")}),
        ("same", "same", page(a="old"), {}, {}),
        ("", "theirs", page(a="old"), {}, {"a": ("", "theirs")}),
        ("mine", "", page(a="old"), {}, {"a": ("mine", "")}),
        ("mine", "theirs", saving.Seen({}), {}, {"a": ("mine", "theirs")}),
        ("mine", None, saving.Seen({}), {"a": "mine"}, {}),
        ("mine", "theirs", None, {"a": "mine"}, {}),
        (4.0, 2.5, page(a=2.5), {"a": 4.0}, {}),
        (False, True, page(a=True), {"a": False}, {}),
    ],
)
def test_merge_of_one_field(typed, current, seen, written, clashes):
    merged = saving.merge({"a": typed}, {"a": current}, seen)
    assert (merged.written, merged.clashes) == (written, clashes)


def test_untouched_field_is_behind_where_something_else_stands():
    merged = saving.merge({"a": "old", "b": "old"}, {"a": "new", "b": "old"}, page(a="old", b="old"))
    assert (merged.behind, merged.marks) == ({"a"}, {"b": saving.mark("old")})


def test_choice_holds_for_the_text_that_was_shown_only():
    for side, kept in (("mine", {"a": "mine"}), ("theirs", {})):
        data = QueryDict(mutable=True)
        data.update({"seen": json.dumps({"a": "0" * 16}), "keep-a": f"{side} {saving.mark('theirs')}"})
        seen = saving.seen_in(data)
        merged = saving.merge({"a": "mine"}, {"a": "theirs"}, seen)
        assert (merged.written, merged.clashes) == (kept, {})
        assert saving.merge({"a": "mine"}, {"a": "third"}, seen).clashes == {"a": ("mine", "third")}


@pytest.mark.parametrize("sent", ["", "x", "[]", "3", '{"a": 3}', '{"a": {"b": "c"}}', "null", '{"a"'])
def test_what_no_page_of_ours_carries_shows_nothing(sent):
    seen = saving.seen_in({"seen": sent, "keep-a": "neither", "keep-": ""})
    assert saving.merge({"a": "mine"}, {"a": "theirs"}, seen).clashes == {"a": ("mine", "theirs")}


def test_empty_values_have_one_mark_and_every_other_its_own():
    assert {saving.mark(value) for value in (None, "", [], {})} == {""}
    assert len({saving.mark(value) for value in ("0", 0, False, "a", ["a"], 1.5, "1.5")}) == 7


def test_what_a_page_carries_unseen_is_not_given_back_as_a_text():
    fields = [("seen", '{"a":"b"}'), ("once", "k" * 22), ("keep-a", "mine 0123"), ("title", "Un titre")]
    assert texts(fields) == ["Un titre"]
