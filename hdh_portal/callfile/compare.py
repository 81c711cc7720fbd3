"""Compares two parsed files key by key; lists are counted from 1, as in every message about a file."""


def dotted(path, key):
    """The dotted key of `key` in the table at `path`."""
    return f"{path}.{key}" if path else key


def changes(old, new, path=""):
    """Dotted keys at which two parsed files differ; a list of tables whose length differs is named as a whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        return [
            found
            for key in keys
            for found in (
                changes(old[key], new[key], dotted(path, key)) if key in old and key in new else [dotted(path, key)]
            )
        ]
    if _is_tables(old) and _is_tables(new) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True), 1)
        return [found for number, pair in pairs for found in changes(*pair, f"{path}[{number}]")]
    return [] if old == new and type(old) is type(new) else [path]


def _is_tables(value):
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def names(table, path=""):
    """Every dotted key of a parsed file without the numbers of lists: `{"axes", "axes.label", …}`."""
    found = set()
    for key, value in table.items():
        here = dotted(path, key)
        found.add(here)
        for inner in value if _is_tables(value) else [value]:
            found |= names(inner, here) if isinstance(inner, dict) else set()
    return found
