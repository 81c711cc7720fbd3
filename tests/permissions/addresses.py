"""How each route is asked for: its address in the world, and what a form of it posts."""

import io

from django.urls import get_resolver, reverse

from applications.admissibility.reading import outcome_digest
from applications.dossier.reading import WorkingCopy
from applications.interests.reading import list_digest, shown_to
from applications.models import Notice
from hdh_portal.desk import invitations
from hdh_portal.records.models import Message
from tests.factories import PDF, pdf_upload
from tests.permissions import people_addresses, selection_addresses


def routes(resolver=None, namespace="", above=()):
    """`{name: converters}` of every route of the portal, from its resolver."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        names = [*above, *(pattern.pattern.converters or pattern.pattern.regex.groupindex)]
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= routes(pattern, inner, names)
        else:
            found[f"{namespace}{pattern.name}"] = names
    return found


ROUTES = routes()


# Addresses ---------------------------------------------------------------------------------------------------------
def address(world, route, dossier, **changes):
    """The path of a route for a dossier; `changes` puts another value in the place of one of its own."""
    return reverse(route, kwargs={name: value(world, route, name, dossier) for name in ROUTES[route]} | changes)


def value(world, route, name, dossier):
    """What stands for one converter of a route."""
    return VALUES.get((route, name)) or FINDERS[name](world, route, dossier)


def _pk(world, route, dossier):
    if route.endswith("delivery_again"):
        return getattr(Message.objects.filter(dossier=dossier.pk).first(), "pk", 0)
    if route.startswith("operations:"):
        return people_addresses.pk(world, route, dossier)
    if (found := selection_addresses.pk(route, dossier)) is not None:
        return found
    if route.startswith("applications:annex_"):
        sealed = dossier.last_submission()
        return sealed.files.first().pk if sealed else 0
    if route in ("applications:notice_letter", "applications:notice_open"):
        return getattr(Notice.objects.filter(application=dossier).first(), "pk", 0)
    if route == "applications:upload_dismiss":
        return getattr(dossier.uploads.shown().first(), "pk", 0)
    return getattr(dossier.attachments.first(), "pk", 0)


def _key(world, route, dossier):
    questions = dossier.call.questions
    if "section" in route:
        return dossier.call.section_set.first().key
    if "attachment" in route:
        return questions.filter(type="file").last().key
    return questions.get(column="title").key


VALUES = {
    ("account_confirm_email", "key"): "rien",
    ("account_reset_password_from_key", "uidb36"): "1",
    ("applications:check_list_export", "kind"): "csv",
    ("account_reset_password_from_key", "key"): "rien-rien",
    ("mfa_remove_webauthn", "pk"): 9_999_999,
    ("mfa_edit_webauthn", "pk"): 9_999_999,
    **{
        (f"operations:{portal}delivery_{act}", "kind"): "courriers"
        for portal in ("", "portal_")
        for act in ("again", "all_again")
    },
}
FINDERS = {
    "kind": lambda world, route, dossier: "equipe",
    "stage": lambda world, route, dossier: world.stage,
    "part": lambda world, route, dossier: "etat",
    "slug": lambda world, route, dossier: dossier.call.slug,
    "reference": lambda world, route, dossier: dossier.reference,
    "version": lambda world, route, dossier: 1,
    "number": lambda world, route, dossier: 1,
    "head": lambda world, route, dossier: "0" * 64,
    "token": lambda world, route, dossier: invitations.token_of(world.offer),
    "pk": _pk,
    "key": _key,
}


# What is posted ----------------------------------------------------------------------------------------------------
def posted(world, route, dossier, actor):
    """The fields that the page of this route would post."""
    make = POSTED.get(route)
    return make(world, dossier, actor) if make else {}


def _other_pdf():
    return pdf_upload("autre.pdf", PDF.replace(b"200 200", b"200 201"))


def _whole_check(world, dossier, actor):
    keys = dossier.call.checklistitem_set.values_list("key", flat=True)
    return {f"item-{key}": "yes" for key in keys} | {"conclusion": "admissible", "ground": "", "reason": ""}


def _reopened(world, dossier, actor):
    check = dossier.checks.filter(done_at__isnull=False).first()
    return {"what": str(check.pk) if check else "", "reason": "Une pièce a été mal lue."}


def _outcome_digest(world, dossier, actor):
    outcome = getattr(dossier, "outcome", None)
    return {"digest": outcome_digest(outcome) if outcome else ""}


def _release_digest(world, dossier, actor):
    return {"digest": world.release_digest()}


def _declaration(world, dossier, actor):
    officer = world.offices.get(actor)
    return {"read": "on", "digest": list_digest(shown_to(officer)) if officer else ""}


def _receipt(world, dossier, actor):
    content = bytes(world.dossiers["free"].last_submission().receipt)
    file = io.BytesIO(content)
    file.name = "recepisse.json"
    return {"receipt": file}


POSTED = (
    selection_addresses.POSTED
    | people_addresses.POSTED
    | {
        "applications:section_save": lambda world, dossier, actor: {"acronym": "AUTRE"},
        "applications:attachment_add": lambda world, dossier, actor: {"file": _other_pdf()},
        "applications:application_submit": lambda world, dossier, actor: {"digest": WorkingCopy(dossier).digest},
        "applications:interest_declare_save": _declaration,
        "applications:check_save": lambda world, dossier, actor: {"conclusion": "admissible"},
        "applications:check_conclude": _whole_check,
        "applications:check_interest_declare": lambda world, dossier, actor: {"nature": "work"},
        "applications:check_reopen_save": _reopened,
        "applications:outcome_decide": lambda world, dossier, actor: {"conclusion": "admissible", "reason": "Vu."},
        "applications:outcome_confirm": _outcome_digest,
        "applications:release_propose": _release_digest,
        "applications:release_confirm": _release_digest,
        "desk:receipt_verify_check": _receipt,
        "account_login": lambda world, dossier, actor: {"login": "personne@exemple.fr", "password": "rien du tout"},
    }
)
