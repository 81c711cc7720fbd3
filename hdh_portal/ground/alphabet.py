"""The order of every list that people read by name: one key, the same in Python, on SQLite and on PostgreSQL.

Accents, case, apostrophes and points do not count (É stands with E), œ is oe, hyphens are spaces, numbers count as
numbers (« Lot 2 » before « Lot 10 »). Keys are compared sign by sign. What has the same key stands in the order of the
next thing by which the list is sorted: name it.
"""

import re
import string
import unicodedata

from django.db.models import Func, TextField

LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# What is done to a text in NFD, in this order. Both databases' regular expressions read these alike.
STEPS = (
    ("[\u0300-\u036f]", ""),
    ("[œŒ]", "oe"),
    ("[æÆ]", "ae"),
    ("[øØ]", "o"),
    ("[łŁ]", "l"),
    ("[đĐ]", "d"),
    ("ß", "ss"),
    ("['’‘ʼ.,;:!?()«»\"]", ""),
    ("[-‐‑–—_/& \u00a0\u202f]+", " "),
    ("^ | $", ""),
    # The last ten digits of each number, zeros before them.
    ("([0-9]+)", r"0000000000\1"),
    ("[0-9]*([0-9]{10})", r"\1"),
)


def alphabetical(text):
    """The key of a text, "" of nothing: `sorted(rows, key=lambda row: (alphabetical(row.name), row.pk))`."""
    key = unicodedata.normalize("NFD", text or "")
    for pattern, instead in STEPS:
        key = re.sub(pattern, instead, key)
    return key.translate(LOWER)


class Alphabetical(Func):
    """The same key in SQL: `order_by(Alphabetical("user__name"), "pk")`."""

    function = "alphabetical"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        """The steps one in another, compared byte by byte whatever the database's own collation."""
        sql, parameters = compiler.compile(self.source_expressions[0])
        sql = f"normalize(COALESCE({sql}, ''), NFD)"
        for step in STEPS:
            sql, parameters = f"regexp_replace({sql}, %s, %s, 'g')", [*parameters, *step]
        return f'lower({sql} COLLATE "C") COLLATE "C"', parameters
