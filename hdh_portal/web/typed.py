"""What a person typed into a posted form, and how a page gives it back.

Passwords and whatever is sent to the pages of accounts are never kept nor shown, nor are files.
"""

import re

ACCOUNTS = "/comptes/"
DIGEST = re.compile("[0-9a-f]{64}")


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
    """What of these fields is worth reading again: no blanks, none of the digests that a form carries unseen."""
    return [value for _name, value in fields if value.strip() and not DIGEST.fullmatch(value)]


def given_back(request):
    """`{"given": …}`: what a page needs to show the typed texts and send them again; empty where none was typed."""
    fields = typed(request)
    if not texts(fields):
        return {}
    files = bool(request.FILES)
    return {"given": {"path": request.get_full_path(), "fields": fields, "texts": texts(fields), "files": files}}
