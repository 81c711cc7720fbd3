"""The first stage's part of a call's file.

Each stage offers the same three functions: `read(reader)` gives checked plain data (and leaves problems in the
reader), `load(call, data)` makes the rows equal to the data, `write(call)` gives that part of the file back.
"""

from applications.callfile.reading import midnight, read, read_days
from applications.callfile.rows import in_paris, load, organisation_named, store_rows, write, write_days, written

__all__ = [
    "in_paris",
    "load",
    "midnight",
    "organisation_named",
    "read",
    "read_days",
    "store_rows",
    "write",
    "write_days",
    "written",
]
