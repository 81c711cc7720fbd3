"""Writing a dossier: one section a page, a save button, autosave of what was changed, and files."""

from django.contrib import messages
from django.forms import Textarea, TextInput
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.dossier import judging
from applications.dossier.actions import uploading
from applications.dossier.actions.draft import save_answers
from applications.dossier.limits import of_question
from applications.dossier.reading import WorkingCopy
from applications.dossier.views.draft import frame, own_application, section_states
from applications.models import Attachment, Question, Upload
from applications.questions.form import SectionForm
from applications.questions.types import File, type_of
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import downloads, once, saving


def _place(copy, key):
    """`(number, section, questions, following section or None)` of a section, or 404."""
    keys = [section.key for section, _questions in copy.sections]
    if key not in keys:
        raise Http404
    at = keys.index(key)
    section, questions = copy.sections[at]
    following = copy.sections[at + 1][0] if at + 1 < len(keys) else None
    return at + 1, section, questions, following


def _page(request, context, form, *, merged=None, seen=None, status=200, refusal=None):
    """The page of a section with a form, whether it was just opened, just refused, or has fields in conflict."""
    copy, application = context["copy"], context["application"]
    uploads = _uploads(application) if any(one.type == File.key for one in form.questions) else {}
    number, section, _questions, following = _place(copy, form.section.key)
    context |= {
        "form": form,
        "number": number,
        "section": section,
        "following": following,
        "parts": [_part(part, copy, uploads) for part in form.parts()],
        "asks": bool(form.fields),
        "sections": section_states(copy),
        "refusal": refusal,
        "answers": [],
        **saving.shown(form, form.cells(), merged, seen),
    }
    if not context["editable"]:
        _close(context, form, gives_back=refusal is not None and "refused_file" not in context)
    return render(request, "applications/dossier/section_edit.html", context, status=status)


def _close(context, form, *, gives_back):
    """A dossier that can no longer be written has answers to read; what was typed in vain is given back instead."""
    if gives_back:
        for field in form.fields.values():
            is_text = isinstance(field.widget, TextInput | Textarea)
            field.widget.attrs["readonly" if is_text else "disabled"] = True
        return
    copy, key = context["copy"], context["section"].key
    [shown] = [section for section in copy.shown()["sections"] if section["key"] == key]
    context["answers"] = [one | {"attached": copy.attachments.get(one["key"], [])} for one in shown["answers"]]


def _uploads(application):
    """`{question pk: [Upload]}` of what is not joined; while somebody looks, what waits does not wait for long."""
    found = {}
    for upload in application.uploads.shown():
        found.setdefault(upload.question_id, []).append(upload)
    if any(not upload.is_refused for uploads in found.values() for upload in uploads):
        judging.wake()
    return found


def _files(question, attachments, uploads):
    """The files of one question: those that are joined, and those that are not yet or not at all."""
    return {
        "question": question,
        "attachments": attachments,
        "uploads": uploads,
        "is_pending": any(not upload.is_refused for upload in uploads),
    }


def _part(part, copy, uploads):
    question = part["question"]
    if question.type == File.key:
        part |= _files(question, copy.attachments.get(question.key, []), uploads.get(question.pk, []))
        part["limits"] = of_question(copy.call, question)
    if question.rules.get("per_partner"):
        part |= {"template": "applications/dossier/_slots.html"} | _slots(part, copy)
    return part


def _slots(part, copy):
    """The places of the partners, each with its file or what waits to be it, and the files that stand in none."""
    joined, uploads = ({one.slot: one for one in part[name] if one.slot} for name in ("attachments", "uploads"))
    return {
        "slots": [
            {"key": key, "name": name, "file": joined.get(key), "upload": uploads.get(key)}
            for key, name in copy.partners.items()
        ],
        **_files(part["question"], *_in_no_slot(copy, part["attachments"], part["uploads"])),
        "partners_url": _address_of(copy, "partners"),
        "is_checked": any(item.finding == "partner_letters" for item in copy.call.checklistitem_set.all()),
    }


def _in_no_slot(copy, attachments, uploads):
    """Those of these files that stand at the place of no partner: joined before there were any, or theirs has left."""
    return [[one for one in files if one.slot not in copy.partners] for files in (attachments, uploads)]


def _address_of(copy, column):
    """The place of the question that fills a column."""
    question = next(one for one in copy.form.questions.values() if one.column == column)
    section = reverse("applications:section_edit", args=[copy.application.reference, question.section.key])
    return f"{section}#part-{question.key}"


@require_safe
def section_edit(request, reference, key):
    """A section of the dossier, to write; to read once the dossier can no longer change."""
    application = own_application(request, reference)
    context = frame(application)
    _number, section, questions, _following = _place(context["copy"], key)
    form = SectionForm(section, questions, context["copy"].stored, call=application.call)
    return _page(request, context, form)


@require_POST
@once.may_be_repeated
def section_save(request, reference, key):
    """Keep what was changed: of the whole form, then on to the next section; or of what the autosave sends of it."""
    application = own_application(request, reference)
    copy = WorkingCopy(application)
    _number, section, questions, following = _place(copy, key)
    form = SectionForm(section, questions, copy.stored, call=application.call, data=request.POST)
    typed, seen = form.typed_in(saving.sent_in(form, request.POST)), saving.seen_in(request.POST)
    try:
        merged = save_answers(application, typed, seen=seen, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        if request.htmx:
            return saving.refused(request, refusal)
        return _page(request, frame(application), form, status=409, refusal=refusal)
    if request.htmx:
        return saving.saved(request, merged, form, request.arrived_at)
    form = SectionForm(section, questions, WorkingCopy(application).stored, call=application.call)
    if merged.clashes:
        form = form.with_posted(request.POST, merged.clashes)
        return _page(request, frame(application), form, merged=merged, seen=seen, status=409)
    if not form.is_valid():
        return _page(request, frame(application), form, status=422)
    return redirect(_after(request, reference, key, following))


def _after(request, reference, key, following):
    """Where the button leads: on to the next section, or back to this one for another row or after a choice."""
    here = reverse("applications:section_edit", args=[reference, key])
    if "add" in request.POST:
        return f"{here}#part-{request.POST['add']}"
    messages.success(request, _("Vos réponses sont enregistrées."))
    if "choose" in request.POST:
        return here
    if following is None:
        return reverse("applications:application_review", args=[reference])
    return reverse("applications:section_edit", args=[reference, following.key])


@require_POST
def attachment_add(request, reference, key):
    """Join a file to the dossier; a refused one says why beside its question."""
    application = own_application(request, reference)
    question = get_object_or_404(
        Question.objects.select_related("section"), call=application.call, key=key, type=File.key
    )
    file, slot = request.FILES.get("file"), request.POST.get("slot", "")
    try:
        if file is None:
            raise Refused(_("Choisissez un fichier, puis ajoutez-le."), code="no_file")
        upload = uploading.receive_file(application, question, file, slot, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _refused_file(request, application, question, refusal, slot)
    judging.judge_soon(upload)
    if upload.is_refused:
        return _refused_file(request, application, question, upload, slot)
    if not upload.is_waiting and not upload.is_quarantined:
        messages.success(request, _("«\u202f%(name)s\u202f» est jointe au dossier.") % {"name": upload.name})
    return _files_of(application, question)


def _files_of(application, question):
    section = reverse("applications:section_edit", args=[application.reference, question.section.key])
    return redirect(f"{section}#part-{question.key}")


def _refused_file(request, application, question, refusal, slot=""):
    """The page of a section beside whose question it says why a file was refused, now."""
    context = frame(application)
    _number, section, questions, _following = _place(context["copy"], question.section.key)
    form = SectionForm(section, questions, context["copy"].stored, call=application.call)
    if not context["editable"]:  # No field is there to lead to: the refusal says what counts.
        context["refused_file"] = True
        return _page(request, context, form, status=409, refusal=refusal)
    slot = slot if slot in context["copy"].partners else ""
    anchor = f"piece-{question.key}-{slot}" if slot else type_of(question).first_id(question)
    context |= {"refused_question": question.key, "refused_slot": slot, "refused_anchor": anchor}
    return _page(request, context, form, status=422, refusal=refusal)


@require_safe
def attachment_list(request, reference, key):
    """The files of one question, asked for again while one of them waits to be judged."""
    application = own_application(request, reference)
    question = get_object_or_404(
        Question.objects.select_related("section"), call=application.call, key=key, type=File.key
    )
    if not request.htmx:
        return _files_of(application, question)
    context = frame(application)
    attachments = application.attachments.filter(question=question).select_related("file")
    uploads = _uploads(application).get(question.pk, [])
    if question.rules.get("per_partner"):
        attachments, uploads = _in_no_slot(context["copy"], attachments, uploads)
    context["part"] = _files(question, attachments, uploads)
    return render(request, "applications/dossier/_files.html", context)


@require_POST
def upload_dismiss(request, reference, pk):
    """Take back a file that is not joined, or close the message of one that was refused."""
    application = own_application(request, reference)
    upload = get_object_or_404(
        Upload.objects.shown().select_related("question__section"), application=application, pk=pk
    )
    uploading.dismiss_upload(upload, by=request.user, at=request.arrived_at)
    return _files_of(application, upload.question)


@require_POST
def attachment_remove(request, reference, pk):
    """Take a file out of the working copy."""
    application = own_application(request, reference)
    attachment = get_object_or_404(
        Attachment.objects.select_related("question__section"), application=application, pk=pk
    )
    uploading.detach_file(application, pk, by=request.user, at=request.arrived_at)
    messages.success(request, _("«\u202f%(name)s\u202f» n’est plus jointe au dossier.") % {"name": attachment.name})
    return _files_of(application, attachment.question)


@require_safe
def attachment_file(request, reference, pk):
    """A file of the working copy, for its own members."""
    application = own_application(request, reference)
    attachment = get_object_or_404(Attachment.objects.select_related("file"), application=application, pk=pk)
    return downloads.file_download(attachment.file, attachment.name)
