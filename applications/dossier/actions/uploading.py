"""Files of a draft: received while a request waits, judged apart from it, then joined, refused or kept apart."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.dossier.actions.draft import refuse_unless_editable
from applications.dossier.limits import of_question, refuse_over_person
from applications.dossier.reading import WorkingCopy
from applications.dossier.uploads import inspect, look
from applications.locking import lock
from applications.models import Attachment, Upload
from hdh_portal.accounts.models import User
from hdh_portal.ground import clock, french
from hdh_portal.records import database, files
from hdh_portal.records.actions import action, recorded
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.intake import LostFile

MOST_AT_ONCE = 2  # of one person in the queue
RETRY = datetime.timedelta(seconds=60)  # after which the antivirus is asked again
State = Upload.State


@recorded
def receive_file(application, question, file, slot="", *, by, at):
    """Take a file in: what costs nothing is judged, its bytes go to the disk, it waits to be judged; the `Upload`.

    `slot`: the id of the partner whose file it is, where the question asks for one of each.

    The bytes are fsynced before the transaction begins: no lock is held while they are written.
    """
    limits = of_question(application.call, question)
    if isinstance(file, LostFile):
        raise disk_full()
    refuse_unless_editable(application, by, at)
    _refuse_queue_jumper(by)
    _refuse_too_many(application, question, file.size, limits)
    refuse_over_person(application, file.size, by)
    name = look(file, file.name, formats=limits["formats"], max_bytes=limits["max_bytes"])
    upload = Upload(application=application, question=question, person=by, name=name, size=file.size, arrived_at=at)
    try:
        _store(upload, file)
        with transaction.atomic(durable=True):
            locked = lock(application)
            refuse_unless_editable(locked, by, at)
            User.objects.select_for_update(no_key=True).get(pk=by.pk)  # Files of one person come in one at a time.
            _refuse_queue_jumper(by)
            _refuse_too_many(locked, question, file.size, limits)
            upload.slot = _slot_of(locked, question, slot)
            refuse_over_person(locked, file.size, by)
            Upload.objects.filter(application=locked, question=question, slot=upload.slot, state=State.REFUSED).delete()
            upload.save()
    except BaseException:
        upload.path.unlink(missing_ok=True)
        raise
    return upload


def disk_full():
    """What a person is told whose file the disk cannot take."""
    return Refused(
        _(
            "Le portail n’a plus de place pour recevoir ce fichier. Rien n’en a été gardé\u00a0; votre dossier est "
            "intact et peut être déposé. Réessayez dans quelques minutes, puis écrivez à l’équipe de l’appel."
        ),
        code="disk_full",
    )


def _store(upload, file):
    """Write the bytes of an upload to the disk, apart from the files that are kept."""
    try:
        upload.path.parent.mkdir(parents=True, exist_ok=True)
        files.write(upload.path, file.chunks())
        files.sync(upload.path.parent)
    except OSError as error:
        if error.errno not in files.FULL:
            raise
        raise disk_full() from None


def _refuse_queue_jumper(person):
    if Upload.objects.filter(person=person, state=State.WAITING).count() >= MOST_AT_ONCE:
        sentence = _(
            "Deux de vos fichiers sont encore en cours de contrôle. "
            "Attendez que l’un d’eux soit joint ou refusé, puis ajoutez celui-ci."
        )
        raise Refused(sentence, code="uploads_waiting")


def _refuse_too_many(application, question, size, limits):
    """What still waits to be judged counts as if it were joined."""
    pending = list(application.uploads.pending())
    attached = list(application.attachments.select_related("file"))
    count = sum(one.question_id == question.pk for one in [*attached, *pending])
    if count >= limits["max_count"]:
        sentence = french.ngettext(
            "Cette question accepte %(count)s\u00a0pièce au plus\u00a0: retirez-en une d’abord.",
            "Cette question accepte %(count)s\u00a0pièces au plus\u00a0: retirez-en une d’abord.",
            limits["max_count"],
        )
        raise Refused(sentence, code="too_many_files")
    total = sum(one.file.size for one in attached) + sum(one.size for one in pending)
    if total + size > limits["max_total_bytes"]:
        sentence = _(
            "Les pièces du dossier dépasseraient %(limit)s en tout\u00a0: réduisez ce fichier ou retirez-en un."
        )
        raise Refused(sentence % {"limit": french.size(limits["max_total_bytes"])}, code="total_too_big")


def _slot_of(application, question, slot):
    """The free place that a file takes among those of the partners; empty where the question has no such places.

    A file that comes without one (from a page that is older than the places) is kept, and stands apart.
    """
    if not slot or not question.rules.get("per_partner"):
        return ""
    if slot not in WorkingCopy(application).partners:
        raise Refused(
            _("Ajoutez cette pièce sous le nom du partenaire qu’elle engage\u00a0: indiquez-le d’abord s’il manque."),
            code="no_such_partner",
        )
    taken = application.attachments.filter(question=question, slot=slot).exists()
    if taken or application.uploads.pending().filter(question=question, slot=slot).exists():
        raise Refused(_("Ce partenaire a déjà sa pièce\u00a0: retirez-la d’abord."), code="slot_is_taken")
    return slot


@recorded
def join_file(upload, verdict, *, by, at):
    """Join an upload to the working copy, if it is let in; returns the `Attachment`, or None if it was taken back.

    `verdict`: a function that gives what `inspect` gives, or raises. `at`: the instant at which the file arrived.
    """
    inspected = verdict()
    with upload.path.open("rb") as content:
        stored = files.store(content, inspected.media_type)
    with transaction.atomic(durable=True):
        locked = lock(upload.application)
        refuse_unless_editable(locked, by, at)
        if not _settle(upload, state=State.JOINED):
            return None
        # The same bytes again are the same annex, under the name that they have now.
        attachment, _new = Attachment.objects.update_or_create(
            application=locked,
            question=upload.question,
            slot=upload.slot,
            file=stored,
            defaults={"name": upload.name},
            create_defaults={"name": upload.name, "added_at": at, "added_by": by},
        )
    upload.path.unlink(missing_ok=True)
    return attachment


def refuse_file(upload, refusal):
    """Keep the sentence of a refusal until the candidate has read it; the bytes go."""
    database.find_again()
    _settle(upload, state=State.REFUSED, sentence=refusal.sentence, reference=refusal.reference or "")
    upload.path.unlink(missing_ok=True)


def quarantine_file(upload, reason):
    """Keep a file apart that the antivirus did not judge; it is tried again in a minute."""
    at = clock.real()
    database.find_again()
    since = upload.quarantined_at or clock.now()
    _change(upload, state=State.QUARANTINED, reason=reason, claimed_until=at + RETRY, tries=0, quarantined_at=since)


def _settle(upload, **changes):
    return _change(upload, claimed_until=None, reason="", settled_at=clock.real(), **changes)


def _change(upload, **changes):
    """Write what became of an upload, unless somebody took it back or settled it; returns whether it was written."""
    vars(upload).update(changes)
    return Upload.objects.pending().filter(pk=upload.pk).update(**changes) == 1


def attach_file(application, question, file, slot="", *, by, at):
    """Receive a file and judge it at once, where nobody waits for a page; returns the `Attachment`."""
    upload = receive_file(application, question, file, slot, by=by, at=at)
    try:
        return join_file(upload, lambda: inspect(upload.path, upload.name), by=by, at=at)
    except Refused as refusal:
        refuse_file(upload, refusal)
        raise


@action
def dismiss_upload(upload, *, by, at):
    """Take back a file that is not joined yet, or forget why one was refused."""
    locked = lock(upload.application)
    refuse_unless_editable(locked, by, at)
    Upload.objects.shown().filter(application=locked, pk=upload.pk).delete()
    transaction.on_commit(lambda: upload.path.unlink(missing_ok=True))


@action
def detach_file(application, attachment_id, *, by, at):
    """Take a file out of the working copy; what was sealed keeps it."""
    locked = lock(application)
    refuse_unless_editable(locked, by, at)
    Attachment.objects.filter(application=locked, pk=attachment_id).delete()
