"""Where a request enters: its texts are made clean, what no form could send is refused with a sentence.

After it no control, override of direction or half of a character is in any field, search, address or cookie: neither
database would take them, each in its own way. Passwords are left as they were typed; files are judged elsewhere.
"""

import contextlib

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, QueryDict
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve

from hdh_portal.ground import text
from hdh_portal.web.saving import with_both

LIGHT = 10_000  # bytes that any page takes: what the page of a shorter body says of itself need not be looked up


class TooHeavy(RequestDataTooBig):
    """A body over what its page takes; the sentence is for the person who sent it."""


def takes_at_most(size, sentence):
    """Decorate a view whose requests weigh `size` bytes at most: more is refused unread, with the sentence."""

    def limit(view):
        view.takes_at_most = (size, sentence)
        return view

    return limit


class EntranceMiddleware:
    """Stands before whatever reads a cookie, a field or an address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        for name in [name for name, value in request.META.items() if name.startswith("HTTP_") and "\0" in value]:
            del request.META[name]
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if not text.has_unseen(name + value)}
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Refuse an address with hidden signs and a body that cannot be read; clean the rest."""
        if text.has_unseen(request.path):
            raise Http404
        request.GET = cleaned(request.GET)
        if request.method == "POST":
            clean_posted(request)
            request.POST = with_both(request.POST)


def refuse_too_heavy(request):
    """`TooHeavy` for a body over what its page takes, by its announced length, before anything of it is read."""
    told = request.META.get("CONTENT_LENGTH") or ""
    length = int(told[:18]) if told.isascii() and told.isdigit() else 0
    if length <= LIGHT:
        return
    with contextlib.suppress(Resolver404):
        size, sentence = getattr(resolve(request.path_info).func, "takes_at_most", (length, ""))
        if length > size:
            raise TooHeavy(sentence)


def clean_posted(request):
    """Make the posted fields clean. `BadRequest` for a body that was cut off or names an encoding that is none."""
    try:
        posted = request.POST
    except (UnreadablePostError, LookupError, UnicodeError) as error:
        request._mark_post_parse_error()
        raise BadRequest("The body could not be read.") from error
    request.POST = cleaned(posted)


def cleaned(fields):
    """A `QueryDict` whose names and values are clean, the values of passwords apart."""
    if all(text.clean(value) == value for name, values in fields.lists() for value in (name, *values)):
        return fields
    result = QueryDict(mutable=True)
    for name, values in fields.lists():
        kept = values if "password" in name else [text.clean(value) for value in values]
        result.setlist(text.clean(name), kept)
    result._mutable = False
    return result
