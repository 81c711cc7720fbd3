"""What a person typed into a posted form, and how a page gives it back.

Passwords and whatever is sent to the pages of accounts are never kept nor shown, nor are files.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from django.utils.http import escape_leading_slashes

from hdh_portal.web import once, saving

ACCOUNTS = "/comptes/"
DIGEST = re.compile("[0-9a-f]{64}")
UNSEEN = (saving.SEEN, once.FIELD)


def typed(request):
    """`[(name, value)]` of what a person typed into the posted form; nothing of the pages of accounts."""
    if request.method != "POST" or request.path.startswith(ACCOUNTS):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def texts(fields):
    """What of these fields is worth reading again: no blanks, nothing that a form carries unseen."""
    typed_by_hand = [value for name, value in fields if name not in UNSEEN and not name.startswith(saving.CHOICE)]
    return [value for value in typed_by_hand if value.strip() and not DIGEST.fullmatch(value)]


def written(request):
    """The sentences, not the choices, that a person wrote into the posted form: a page shows them to be copied."""
    return [text for text in texts(typed(request)) if re.search(r"\s", text)]


def came_from(request):
    """The path of the page of ours from which a form was sent, "" where the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    is_own = page.scheme == request.scheme and page.netloc == request.get_host()
    return escape_leading_slashes(urlunsplit(("", "", page.path, page.query, ""))) if is_own else ""


def given_back(request):
    """`{"given": …}`: what a page needs to show the typed texts and send them again; empty where none was typed."""
    fields = typed(request)
    if not texts(fields):
        return {}
    files = bool(request.FILES)
    return {"given": {"path": request.get_full_path(), "fields": fields, "texts": texts(fields), "files": files}}
