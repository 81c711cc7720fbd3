"""Find the parts of an Office Open XML package as its programs do: by relationships, then by type. Runs in the sandbox.

A part has the type of its own declaration, or else the default of its extension (ECMA-376-2, 10.1.2.2). Names of parts
are compared in lower case, as the standard asks (9.1.1.3), and are given here without the first slash.
"""

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree


@dataclass(frozen=True)
class Relation:
    """One relationship. `kind`: the last word of its type in lower case, of both editions of the standard (« image »);
    `target`: the name of a part, or None where it leads out of the package."""

    id: str
    kind: str
    target: str | None


def relations(name, data):
    """The `[Relation]` of a `.rels` part, by its name (`xl/_rels/workbook.xml.rels`) and its bytes."""
    folder = posixpath.dirname(posixpath.dirname(name))
    found = []
    for one in ElementTree.fromstring(data):  # noqa: S314 - no entities: judged by office.py
        kind = one.get("Type", "").rpartition("/")[2].lower()
        leads_out = one.get("TargetMode", "").lower() == "external"
        found.append(Relation(one.get("Id", ""), kind, None if leads_out else _part(folder, one.get("Target", ""))))
    return found


def _part(folder, target):
    """The name of the part that a target names: from the root if it begins with a slash, else from its folder."""
    path = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0])))
    return path.strip("/").lower()


def types(data):
    """`(declared, usual)` of `[Content_Types].xml`: types by the name of a part, and by extension."""
    declared, usual = {}, {}
    for one in ElementTree.fromstring(data):  # noqa: S314 - no entities: judged by office.py
        kind = one.get("ContentType", "")
        if name := one.get("PartName", ""):
            declared[unquote(name).lower().removeprefix("/")] = kind
        elif extension := one.get("Extension", ""):
            usual[extension.lower()] = kind
    return declared, usual


def related(archive, part=""):
    """The `[Relation]` of a part, or those of the package itself; none where it has no list of them."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
    known = {entry.lower(): entry for entry in archive.namelist()}
    return relations(path, archive.read(known[path])) if path in known else []
