"""Verifying a receipt in public: the file is read, judged and forgotten."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications import proof

LARGEST = 1_000_000


@login_not_required
@require_safe
def receipt_verify(request):
    """Where to bring a receipt, and how to verify it without the portal."""
    return render(request, "desk/receipt_verify.html")


@login_not_required
@require_POST
def receipt_verify_check(request):
    """The verdict on a receipt; nothing is kept."""
    upload = request.FILES.get("receipt")
    if upload is None:
        context, status = {"error": _("Choisissez le fichier de votre récépissé (recepisse-….json).")}, 422
    elif upload.size > LARGEST:
        context, status = {"error": _("Ce fichier est trop gros pour être un récépissé.")}, 422
    else:
        context, status = {"verdict": proof.verdict(upload.read()), "name": upload.name}, 200
    return render(request, "desk/receipt_verify.html", context, status=status)
