"""Where each key of a TOML text stands."""

import tomllib

import pytest

from hdh_portal.ground.toml_lines import line_of, lines_of
from tests.factories import CALLS

pytestmark = pytest.mark.embedded
TEXT = '''# A comment with [brackets] and a = sign.
title = "a # b = [c]"
list = [ # of texts
  "one, two",
  'three',
]
"quoted.key" = 1
inline = { x = 1, y = [ { z = """
a = 1
""" } ] }
long = """
key = "not a key"
[table]
\\""" end"""
at = 2031-06-30 12:00:00+02:00

[a.b]
c.d = 1

[[rows]]
name = "first"

[[rows.parts]]
n = 1

[[rows.parts]]
n = 2

[[rows]]
[[rows.parts]]
n = 3
[rows.last]
n = 4
'''


def test_each_key_has_its_line():
    tomllib.loads(TEXT)
    assert lines_of(TEXT) == {
        **{"title": 2, "list": 3, "list[1]": 4, "list[2]": 5, "quoted.key": 7, "inline": 8, "inline.x": 8},
        **{"inline.y": 8, "inline.y[1]": 8, "inline.y[1].z": 8, "long": 11, "at": 15, "a.b": 17, "a.b.c.d": 18},
        **{"rows": 20, "rows[1]": 20, "rows[1].name": 21, "rows[1].parts": 23, "rows[1].parts[1]": 23},
        **{"rows[1].parts[1].n": 24, "rows[1].parts[2]": 26, "rows[1].parts[2].n": 27, "rows[2]": 29},
        **{"rows[2].parts": 30, "rows[2].parts[1]": 30, "rows[2].parts[1].n": 31, "rows[2].last": 32},
        "rows[2].last.n": 33,
    }


@pytest.mark.parametrize(
    ("key", "line"),
    [("rows[1].parts[2].missing", 26), ("rows[2].name", 29), ("list[7]", 3), ("a.b.c.x", 17), ("nothing", None)],
)
def test_key_that_is_not_there_is_looked_for_around_it(key, line):
    assert line_of(lines_of(TEXT), key) == line


@pytest.mark.parametrize("name", CALLS)
def test_every_key_of_a_call_is_found_on_a_line_that_names_it(name):
    text = CALLS[name].read_text()
    lines, rows = lines_of(text), text.split("\n")

    def keys(value, path=""):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            yield here, key.rpartition(".")[2]
            tables = [(here, inner)] if isinstance(inner, dict) else []
            if isinstance(inner, list):
                tables = [(f"{here}[{n}]", one) for n, one in enumerate(inner, 1) if isinstance(one, dict)]
            for place, table in tables:
                yield from keys(table, place)

    wrong = [key for key, word in keys(tomllib.loads(text)) if key in lines and word not in rows[lines[key] - 1]]
    missing = [key for key, _word in keys(tomllib.loads(text)) if key not in lines]
    assert (wrong, missing) == ([], ["calendar", "form"])
