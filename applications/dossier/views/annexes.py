"""Annexes of a dossier that is open to somebody who selects: their pages as pictures, and the file itself.

One set for every role: a stage gives `annex_paths` its `Reader`, which knows what is open to whom.
"""

from django.shortcuts import redirect, render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.actions.annex import prepare_annex
from applications.dossier.annexes import ITSELF, PICTURE, PREPARE, pages_of, picture_of, sealed_file
from hdh_portal.web import downloads


def annex_paths(prefix, reader):
    """The addresses of annexes below `prefix`, which has the slug of a call, the reference of a dossier and a pk."""
    known = {"reader": reader}
    return [
        path(prefix, annex_pages, known, "annex_pages"),
        path(prefix + PREPARE, annex_prepare, known, "annex_prepare"),
        path(prefix + PICTURE.format(number="<int:number>"), annex_page_image, known, "annex_page_image"),
        path(prefix + ITSELF, annex_file, known, "annex_file"),
    ]


def _annex(request, slug, reference, pk, reader):
    """`(dossier, what its pages show, sealed file)`: the file belongs to the version that counts, or 404."""
    application, context = reader.find(request, slug, reference)
    return application, context, sealed_file(request.user, application, pk)


@require_safe
def annex_pages(request, slug, reference, pk, reader):
    """The pages of one annex with their text; while they are being made, the part that asks again."""
    application, context, file = _annex(request, slug, reference, pk, reader)
    annex = pages_of(file, reader.address(application, pk))
    context |= {"application": application, "submission": file.submission, "annex": annex}
    context |= {"back": reader.back(application), "with_text": not request.htmx}
    template = "applications/dossier/_annex_pages.html" if request.htmx else reader.template
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def annex_prepare(request, slug, reference, pk, reader):
    """Ask the worker again for pages that failed."""
    application, _context, file = _annex(request, slug, reference, pk, reader)
    prepare_annex(application, file, reader, by=request.user)
    return redirect(reader.address(application, pk))


@require_safe
def annex_page_image(request, slug, reference, pk, number, reader):
    """One page picture."""
    _application, _context, file = _annex(request, slug, reference, pk, reader)
    return downloads.page_picture(picture_of(file, number).file)


@require_safe
def annex_file(request, slug, reference, pk, reader):
    """The file as it was sealed, as an attachment, inert in the browser."""
    _application, _context, file = _annex(request, slug, reference, pk, reader)
    return downloads.file_download(file.file, file.name)
