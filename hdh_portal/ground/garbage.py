"""Cycles are looked for where they are made: what a process has loaded stays out of every search.

The portal's code, forms and templates are some hundred thousand objects that live as long as their process. Python's
collector walks them all again and again for a handful of cycles (docs.python.org/3/library/gc.html, `gc.freeze`).
"""

import gc

YOUNG = 10_000  # objects made since the last search of the young, before the next one
MIDDLE, OLD = 10, 10  # searches of one generation before the next older one is searched too


def spare_what_is_loaded():
    """To be called once a process has loaded what it works with; cycles made later are found as before, later."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
