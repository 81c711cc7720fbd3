"""The typed reader: what each kind accepts, what it says of the rest, and that it never stops at a fault."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdh_portal.ground.toml import Reader

pytestmark = pytest.mark.embedded

PARIS_NOON = datetime.datetime.fromisoformat("2031-06-30T12:00:00+02:00")
MIDNIGHT = datetime.datetime.fromisoformat("2031-06-30T00:00:00+02:00")
NAIVE = datetime.datetime.fromisoformat("2031-06-30T12:00:00")
DAY = datetime.date(2031, 6, 30)


def one(kind, value, **rules):
    """What a reader gives for one value, and the keys it complains of."""
    reader = Reader({"key": value})
    result = getattr(reader, kind)("key", **rules)
    return result, [problem.key for problem in reader.finish()]


@pytest.mark.parametrize(
    ("kind", "value", "rules"),
    [
        ("text", "Une phrase.", {}),
        ("text", "", {"empty": True}),
        ("text", "a\nb", {"lines": True}),
        ("name", "HDH", {}),
        ("texts", ["a", "b"], {}),
        ("code", "rapid_benefits-2", {}),
        ("integer", 0, {}),
        ("integer", 12, {"least": 12, "most": 12}),
        ("number", 0.5, {"least": 0.0, "most": 5.0}),
        ("flag", False, {}),
        ("choice", "a", {"options": ["a", "b"]}),
        ("choices", ["b", "a"], {"options": ["a", "b"]}),
        ("day", DAY, {}),
        ("instant", PARIS_NOON, {}),
    ],
)
def test_sound_value_is_given_back(kind, value, rules):
    assert one(kind, value, **rules) == (value, [])


@pytest.mark.parametrize(
    ("kind", "value", "rules"),
    [
        ("text", 3, {}),
        ("text", "", {}),
        ("text", "   ", {"empty": True}),
        ("text", " a", {}),
        ("text", "a\nb", {}),
        ("text", "a\x00b", {"lines": True}),
        ("text", "e\u0301", {}),
        ("text", "abc", {"limit": 2}),
        ("code", "Majuscule", {}),
        ("code", "", {}),
        ("integer", True, {}),
        ("integer", 1.0, {}),
        ("integer", 11, {"least": 12}),
        ("integer", 2**70, {}),
        ("number", True, {"least": 0.0, "most": 5.0}),
        ("number", 6, {"least": 0.0, "most": 5.0}),
        ("number", float("nan"), {"least": 0.0, "most": 5.0}),
        ("number", 5.5, {"least": 0.0, "most": 5.0}),
        ("flag", 1, {}),
        ("choice", "c", {"options": ["a", "b"]}),
        ("day", PARIS_NOON, {}),
        ("day", "2031-06-30", {}),
        ("instant", NAIVE, {}),
        ("instant", MIDNIGHT, {}),
        ("instant", DAY, {}),
    ],
)
def test_faulty_value_is_named_and_left_out(kind, value, rules):
    result, problems = one(kind, value, **rules)
    assert (result or None, problems) == (None, ["key"])


@pytest.mark.parametrize("values", [["a", "a"], ["c"], [], [1], "a"])
def test_choices_want_different_known_values(values):
    assert one("choices", values, options=["a", "b"]) == ([], ["key"])


def test_problem_says_key_found_and_expected():
    reader = Reader({"jury": {"jurors": [{"seat": 1}, {"seat": "deux"}]}})
    for juror in reader.table("jury").items("jurors"):
        juror.integer("seat", least=1, most=12)
    sentence = "jury.jurors[2].seat\u00a0: trouvé «\u202fdeux\u202f»\u202f; attendu\u00a0: un entier de 1 à 12."
    assert [str(problem) for problem in reader.finish()] == [sentence]


def test_missing_key_is_a_fault_as_there_are_no_defaults():
    reader = Reader({})
    reader.text("title")
    reader.flag("checks")
    assert [(problem.key, problem.found) for problem in reader.finish()] == [("title", "rien"), ("checks", "rien")]


def test_missing_table_is_told_once():
    reader = Reader({})
    reader.table("jury").table("hearing").integer("questions")
    reader.table("jury").integer("quorum")
    assert [problem.key for problem in reader.finish()] == ["jury"]


def test_unknown_keys_are_faults_at_every_depth():
    reader = Reader({"title": "a", "colour": "b", "jury": {"quorum": 2, "size": 3}, "axes": [{"code": "a", "x": 1}]})
    reader.text("title")
    reader.table("jury").integer("quorum")
    for axis in reader.items("axes"):
        axis.code("code")
    assert [problem.key for problem in reader.finish()] == ["colour", "jury.size", "axes[1].x"]


def test_repeated_identity_is_named_where_it_repeats():
    reader = Reader({"axes": [{"code": "a"}, {"code": "b"}, {"code": "a"}]})
    for axis in reader.items("axes", unique=("code",)):
        axis.code("code")
    assert [problem.key for problem in reader.finish()] == ["axes[3].code"]


def test_table_is_the_same_reader_for_all_who_share_it():
    reader = Reader({"calendar": {"a": 1, "b": 2}})
    reader.table("calendar").integer("a")
    reader.table("calendar").integer("b")
    assert reader.finish() == []


def test_prose_is_what_was_read_as_words():
    reader = Reader({"title": "a", "slug": "b", "axes": [{"code": "c", "label": "d"}], "word": {"x": {"y": "z"}}})
    reader.text("title")
    reader.code("slug")
    for axis in reader.items("axes"):
        axis.code("code")
        axis.text("label")
    reader.plain("word", {"x": {"y": "text"}})
    asked = ("title", "slug", "axes[1].code", "axes[1].label", "axes[2].label", "axes", "word.x.y", "word.new", "words")
    assert [key for key in asked if reader.is_prose(key)] == ["title", "axes[1].label", "word.x.y", "word.new"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KINDS = {
    "text": {},
    "texts": {},
    "code": {},
    "integer": {},
    "number": {"least": 0.0, "most": 9.0},
    "flag": {},
    "choice": {"options": ["a"]},
    "choices": {"options": ["a"]},
    "day": {},
    "instant": {},
    "items": {},
    "table": {},
}


@given(VALUES, st.sampled_from(sorted(KINDS)))
def test_no_value_whatever_breaks_the_reader(value, kind):
    reader = Reader({"key": value})
    result = getattr(reader, kind)("key", **KINDS[kind])
    problems = reader.finish()
    assert all(str(problem).startswith("key") for problem in problems)
    if not problems and kind not in ("items", "table"):
        assert result == value
