"""Files that nothing refers to any more, a day after they were last stored, and what killed processes left.

The references are read from the models: a table that one day points at `StoredFile` keeps its files without a word
here. Whoever stores the same bytes at the same moment is safe: the sweep is alone with a folder while it deletes, and
what was stored a moment ago is young.
"""

import datetime
import os
import shutil
from contextlib import ExitStack

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from hdh_portal.records import files
from hdh_portal.records.models import StoredFile

AGE = datetime.timedelta(days=1)


def references():
    """Every foreign key that points at a stored file, those without a way back included."""
    relations = StoredFile._meta.get_fields(include_hidden=True)
    return [relation.field for relation in relations if relation.auto_created and not relation.concrete]


def unreferenced():
    """Rows of stored files to which no other row refers."""
    held = [field.model._base_manager.filter(**{field.name: OuterRef("pk")}) for field in references()]
    return StoredFile.objects.filter(*(~Exists(rows) for rows in held))


def is_old(path, at):
    """True for what was last written more than a day before `at` (aware); False where it is no longer there."""
    try:
        return datetime.datetime.fromtimestamp(path.lstat().st_mtime, datetime.UTC) < at - AGE
    except FileNotFoundError:
        return False


def stored(at):
    """Paths of files of the store that nothing refers to, a day old, with or without a row."""
    for row in unreferenced().order_by("id").iterator():
        if is_old(row.path, at):
            yield row.path
    for folder in sorted((settings.DATA_DIR / "files").glob("[0-9a-f][0-9a-f]")):
        known = set(StoredFile.objects.filter(sha256__startswith=folder.name).values_list("sha256", flat=True))
        yield from (path for path in sorted(folder.glob("?*")) if _is_lost(path, known) and is_old(path, at))


def _is_lost(path, known):
    return not path.name.startswith(".") and path.name not in known


def delete_stored(path, at):
    """Delete a file of the store and its row, unless something refers to it by now; returns whether it is gone."""
    with ExitStack() as alone:
        # The database first: whoever stores within a transaction of SQLite's holds it while they wait for the folder.
        with transaction.atomic(durable=True):
            list(StoredFile.objects.select_for_update().filter(sha256=path.name))
            if not alone.enter_context(files.lock(path.parent, alone=True)) or not is_old(path, at):
                return False
            unreferenced().filter(sha256=path.name).delete()
            if StoredFile.objects.filter(sha256=path.name).exists():
                return False
        path.unlink()
    return True


def temporary(at):
    """Paths of what a process was writing when it was killed, a day ago: in the store and in the temporary folder.

    A folder whose lock a living process holds is in use, however old.
    """
    begun = [*(settings.DATA_DIR / "files").glob(".new-*"), *settings.TEMPORARY_DIR.iterdir()]
    return [path for path in sorted(begun) if is_old(path, at) and not files.is_held(path)]


def delete_temporary(path):
    """Delete a file, or a folder with what it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not os.path.lexists(path)
