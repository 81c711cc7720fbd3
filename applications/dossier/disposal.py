"""What a disposal takes away and what it leaves: bodies, working copies and bytes of annexes go, every digest stays.

A sealed row names its file for ever; its bytes are erased once only disposed dossiers name them.
"""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from applications.dossier.actions.submission import DOSSIER
from applications.dossier.pages import ANNEX_PAGES
from applications.models import (
    Answer,
    Attachment,
    Disposal,
    DisposedDossier,
    Interest,
    SealedFile,
    Submission,
    SubmissionBody,
    Upload,
)
from hdh_portal.ground import clock
from hdh_portal.records import files, sweeping
from hdh_portal.records.models import Document, DocumentPage, JournalEntry, StoredFile


def erase_draft(application):
    """Delete a dossier that was never deposited; its lines in the journal stay."""
    for model in (Answer, Attachment, Upload, Interest):
        model.objects.filter(application=application).delete()
    application.delete()


def erase_content(application, disposal):
    """Erase what a deposited dossier says: bodies, working copy, the papers and page pictures that repeat it."""
    sealed = Submission.objects.filter(application=application)
    SubmissionBody.objects.filter(submission__in=sealed).delete()
    for model in (Answer, Attachment, Upload):
        model.objects.filter(application=application).delete()
    annexes = SealedFile.objects.filter(submission__in=sealed)
    for renderer, subjects in ((DOSSIER, sealed), (ANNEX_PAGES, annexes)):
        papers = Document.objects.filter(renderer=renderer, subject__in=subjects.values("pk"))
        DocumentPage.objects.filter(document__in=papers).delete()
        papers.delete()
    DisposedDossier.objects.create(application=application, disposal=disposal)


def disposed_files():
    """Stored files that nothing names but sealed versions whose content was disposed of."""
    current = SealedFile.objects.filter(submission__application__disposed=None, file=OuterRef("pk"))
    found = StoredFile.objects.filter(Exists(SealedFile.objects.filter(file=OuterRef("pk")))).exclude(Exists(current))
    others = [field for field in sweeping.references() if field.model is not SealedFile]
    return found.filter(*(~Exists(one.model._base_manager.filter(**{one.name: OuterRef("pk")})) for one in others))


def erase_files():
    """Erase the bytes of disposed files (after the commit, and again by the next disposal); returns how many."""
    return sum(_erase(stored) for stored in disposed_files().order_by("pk").iterator(chunk_size=500))


def _erase(stored):
    """Erase the bytes of one file, unless somebody stores or has stored them; returns whether they went."""
    if not sweeping.is_old(stored.path, clock.real()):
        return False
    with files.lock(stored.path.parent, alone=True) as is_alone:
        if not is_alone or not disposed_files().filter(pk=stored.pk).exists():
            return False
        stored.path.unlink(missing_ok=True)
    return True


def faults():
    """What of the disposals the journal does not say, as French sentences."""
    lines = JournalEntry.objects.filter(verb="data_disposed")
    lists = dict(lines.values_list("data__disposal", "data__list"))
    for disposal in Disposal.objects.select_related("file").order_by("pk"):
        if lists.get(disposal.pk) != disposal.file.sha256:
            yield _("Le bordereau d’élimination %(pk)s n’est pas celui que nomme le journal.") % {"pk": disposal.pk}
    noted = set(JournalEntry.objects.filter(verb="dossier_disposed").values_list("data__application", flat=True))
    for row in DisposedDossier.objects.select_related("application").order_by("pk"):
        if row.application.reference not in noted:
            yield _("%(reference)s\u00a0: son élimination ne figure pas dans le journal.") % {
                "reference": row.application.reference
            }
