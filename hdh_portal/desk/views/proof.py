"""Verifying a receipt in public: the file is read, judged and forgotten."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from applications.evidence import receipts
from hdh_portal.web.entrance import takes_at_most

LARGEST = 16_000  # bytes of a receipt; `tests/desk/test_receipt_verify.py` holds the largest real one against it
AROUND = 2_000  # what a form adds to its file
TOO_BIG = _lazy("Ce fichier est trop gros pour être un récépissé\u00a0: un récépissé pèse 16\u00a0ko au plus.")


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
        context, status = {"error": _("Choisissez le fichier de votre récépissé (recepisse-….json).")}, 422
    elif upload.size > LARGEST:
        context, status = {"error": TOO_BIG}, 422
    else:
        context, status = {"verdict": receipts.verdict(upload.read()), "name": upload.name}, 200
    return render(request, "desk/receipt_verify.html", context, status=status)
