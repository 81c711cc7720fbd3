"""Writing a dossier: one section a page, a save button, autosave of a field, and files."""

from django.contrib import messages
from django.db.models import JSONField, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.dossier import judging
from applications.dossier.actions import uploading
from applications.dossier.actions.draft import save_answers
from applications.dossier.reading import WorkingCopy
from applications.dossier.uploads import FORMATS
from applications.dossier.views.draft import frame, own_application, section_states
from applications.models import Answer, Attachment, Question, Upload
from applications.questions.form import SectionForm
from applications.questions.types import File
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import downloads


def _place(copy, key):
    """`(number, section, questions, following section or None)` of a section, or 404."""
    keys = [section.key for section, _questions in copy.sections]
    if key not in keys:
        raise Http404
    at = keys.index(key)
    section, questions = copy.sections[at]
    following = copy.sections[at + 1][0] if at + 1 < len(keys) else None
    return at + 1, section, questions, following


def _page(request, context, form, *, status=200, refusal=None):
    """The page of a section with a form, whether it was just opened or just refused."""
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
    }
    _autosave(form, application)
    return render(request, "applications/dossier/section_edit.html", context, status=status)


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
        limits = copy.call.files | question.rules
        part |= _files(question, copy.attachments.get(question.key, []), uploads.get(question.pk, [])) | {
            "limits": limits,
            "formats": [FORMATS[name].label for name in limits["formats"]],
            "accept": ",".join(ext for name in limits["formats"] for ext in FORMATS[name].extensions),
        }
    return part


def _autosave(form, application):
    """Each field carries the address where it alone is saved."""
    for question in form.questions:
        url = reverse("applications:answer_save", args=[application.reference, question.key])
        for name, field in form.fields.items():
            if name == question.key or name.startswith(f"{question.key}-"):
                field.widget.attrs["data-autosave-url"] = url


@require_safe
def section_edit(request, reference, key):
    """A section of the dossier, to write; to read once the dossier can no longer change."""
    application = own_application(request, reference)
    context = frame(application)
    _number, section, questions, _following = _place(context["copy"], key)
    form = SectionForm(section, questions, context["copy"].stored, call=application.call)
    return _page(request, context, form)


@require_POST
def section_save(request, reference, key):
    """Keep everything that was typed; on to the next section unless something is wrong here."""
    application = own_application(request, reference)
    copy = WorkingCopy(application)
    _number, section, questions, following = _place(copy, key)
    form = SectionForm(section, questions, copy.stored, call=application.call, data=request.POST)
    try:
        save_answers(application, form.values(), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _page(request, frame(application), form, status=409, refusal=refusal)
    if not form.is_valid():
        return _page(request, frame(application), form, status=422)
    if "add" in request.POST:
        return redirect(reverse("applications:section_edit", args=[reference, key]) + f"#part-{request.POST['add']}")
    messages.success(request, _("Vos réponses sont enregistrées."))
    if following is None:
        return redirect("applications:application_review", reference)
    return redirect("applications:section_edit", reference, following.key)


@require_POST
def answer_save(request, reference, key):
    """Autosave of one question: the state of saving comes back, as a part of the page."""
    application = own_application(request, reference)
    answered = Answer.objects.filter(application=application, question=OuterRef("pk")).values("value")
    asked = Question.objects.select_related("section").annotate(stored=Subquery(answered, output_field=JSONField()))
    question = get_object_or_404(asked, call=application.call, key=key)
    form = SectionForm(question.section, [question], {key: question.stored}, call=application.call)
    posted = request.POST.copy()
    posted.pop("csrfmiddlewaretoken", None)
    form = SectionForm(
        question.section, [question], form.stored, call=application.call, data=form.posted_over_stored(posted)
    )
    try:
        save_answers(application, form.values(), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return render(request, "includes/_saved.html", {"problem": refusal.sentence}, status=409)
    if request.htmx:
        return render(request, "includes/_saved.html", {"at": request.arrived_at})
    return redirect("applications:section_edit", reference, question.section.key)


@require_POST
def attachment_add(request, reference, key):
    """Join a file to the dossier; a refused one says why beside its question."""
    application = own_application(request, reference)
    question = get_object_or_404(
        Question.objects.select_related("section"), call=application.call, key=key, type=File.key
    )
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused(_("Choisissez un fichier, puis ajoutez-le."), code="no_file")
        upload = uploading.receive_file(application, question, file, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _refused_file(request, application, question, refusal)
    judging.judge_soon(upload)
    if upload.is_refused:
        return _refused_file(request, application, question, upload)
    if not upload.is_waiting and not upload.is_quarantined:
        messages.success(request, _("« %(name)s » est jointe au dossier.") % {"name": upload.name})
    return _files_of(application, question)


def _files_of(application, question):
    section = reverse("applications:section_edit", args=[application.reference, question.section.key])
    return redirect(f"{section}#part-{question.key}")


def _refused_file(request, application, question, refusal):
    """The page of a section beside whose question it says why a file was refused, now."""
    context = frame(application)
    _number, section, questions, _following = _place(context["copy"], question.section.key)
    form = SectionForm(section, questions, context["copy"].stored, call=application.call)
    context["refused_question"] = question.key
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
    attachments = application.attachments.filter(question=question).select_related("file")
    part = _files(question, attachments, _uploads(application).get(question.pk, []))
    return render(request, "applications/dossier/_files.html", frame(application) | {"part": part})


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
    messages.success(request, _("« %(name)s » n’est plus jointe au dossier.") % {"name": attachment.name})
    return _files_of(application, attachment.question)


@require_safe
def attachment_file(request, reference, pk):
    """A file of the working copy, for its own members."""
    application = own_application(request, reference)
    attachment = get_object_or_404(Attachment.objects.select_related("file"), application=application, pk=pk)
    return downloads.file_download(attachment.file, attachment.name)
