"""Verifying a receipt in public: the file is read, judged and forgotten."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from applications.evidence import receipts
from hdh_portal.web.entrance import takes_at_most

LARGEST = 250_000  # bytes of a file that is brought: a receipt as PDF has some 100 000
AROUND = 2_000  # what a form adds to its file
TOO_BIG = _lazy("Ce fichier est trop gros pour être un récépissé\u00a0: un récépissé pèse 250\u00a0ko au plus.")
TOO_LONG = _lazy("Ce fichier est trop gros pour être un récépissé\u00a0: un récépissé signé pèse 16\u00a0ko au plus.")
UNSIGNED = _lazy(
    "Ce PDF ne contient plus le récépissé signé\u00a0: il a été imprimé, réenregistré, ou ne vient pas du portail. "
    "Déposez le fichier recepisse-….json, joint au courriel de dépôt."
)


@login_not_required
@require_safe
def receipt_verify(request):
    """Where to bring a receipt, and how to verify it without the portal."""
    return render(request, "desk/receipt_verify.html")


@takes_at_most(LARGEST + AROUND, TOO_BIG)
@login_not_required
@require_POST
def receipt_verify_check(request):
    """The verdict on a receipt; nothing is kept."""
    upload = request.FILES.get("receipt")
    if upload is None:
        context, status = {"error": _("Choisissez le fichier de votre récépissé (recepisse-….json ou .pdf).")}, 422
    elif upload.size > LARGEST:
        context, status = {"error": TOO_BIG}, 422
    else:
        context, status = _judged(upload.read(), upload.name)
    return render(request, "desk/receipt_verify.html", context, status=status)


def _judged(content, name):
    """`(context, status)` for the bytes of a receipt, or of a PDF that carries one."""
    is_pdf = content.lstrip()[:5] == b"%PDF-"
    signed = receipts.signed_part(content) if is_pdf else content
    if signed is None:
        return {"error": UNSIGNED}, 422
    if len(signed) > receipts.LARGEST:
        return {"error": TOO_LONG}, 422
    return {"verdict": receipts.verdict(signed), "is_pdf": is_pdf, "name": name}, 200
