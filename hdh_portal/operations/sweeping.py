"""What is swept from the disk: each kind of file with where it is found and how it goes."""

from django.conf import settings

from applications.models import Upload
from hdh_portal.records import sweeping
from hdh_portal.records.models import OnceKey
from hdh_portal.records.sweeping import AGE, delete_stored, delete_temporary, is_old

REFUSALS = 30 * AGE  # how long a refusal stands that nobody closes
PAGES = 30 * AGE  # how long a page that was posted is known: the browser of a closed laptop may post it again


def found(at):
    """Paths that a sweep at `at` (aware, real time) would delete, by kind."""
    return {"stored": list(sweeping.stored(at)), "temporary": sweeping.temporary(at), "uploads": uploads(at)}


def uploads(at):
    """Bytes of uploads that wait for no verdict, a day old."""
    pending = set(Upload.objects.pending().values_list("token", flat=True))
    paths = sorted((settings.DATA_DIR / "uploads").glob("*"))
    return [path for path in paths if path.name not in pending and is_old(path, at)]


def sweep(at):
    """Delete what is found; returns `[path]` of what is gone. Rows of uploads that are settled go with them."""
    settled = Upload.objects.exclude(pk__in=Upload.objects.pending().values("pk"))
    settled.filter(state=Upload.State.JOINED, settled_at__lt=at - AGE).delete()
    settled.filter(state=Upload.State.REFUSED, settled_at__lt=at - REFUSALS).delete()
    OnceKey.objects.filter(at__lt=at - PAGES).delete()
    paths = found(at)
    gone = [path for path in paths["stored"] if delete_stored(path, at)]
    return gone + [path for path in paths["temporary"] + paths["uploads"] if delete_temporary(path)]
