"""The bare floor: what this framework costs at least on this machine, in this very run.

No middleware but compression, no session, no user, no context processor: an empty page, one statement that fills a
table of fifty rows of six cells, and one joined statement that is streamed as CSV, every mark that was sent.
"""

import csv

from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Engine
from django.urls import path

from applications.models import Submission
from reviews.models import Mark

PAGE = "<!doctype html><html lang=fr><title>{{ title }}</title><body>{{ title }}</body></html>"
TABLE = """<!doctype html><html lang=fr><title>{{ title }}</title><body><table>{% for row in rows %}
<tr><td>{{ row.acronym }}</td><td>{{ row.title }}</td><td>{{ row.lead_name }}</td><td>{{ row.amount_cents }}</td>
<td>{{ row.arrived_at|date:"d/m/Y H:i" }}</td><td><a href="/{{ row.version }}/">{{ row.version }}</a></td></tr>
{% endfor %}</table></body></html>"""
ROWS = 50
engine = Engine()
page, table = engine.from_string(PAGE), engine.from_string(TABLE)


def empty(request):
    """A page that says one word."""
    return HttpResponse(page.render(Context({"title": "rien"})))


def fifty_rows(request):
    """One statement, fifty rows of six cells."""
    rows = Submission.objects.order_by("-pk").defer("receipt")[:ROWS]  # As fast however many there are.
    return HttpResponse(table.render(Context({"title": "liste", "rows": rows})))


class _Echo:
    def write(self, line):
        return line


def all_marks(request):
    """One joined statement, a line of CSV a mark."""
    names = ("assignment__application__reference", "submission__acronym", "assignment__rapporteur__user__name")
    columns = [*(f"sheet__{name}" for name in names), "criterion__label", "value"]
    rows = Mark.objects.filter(sheet__sent_at__isnull=False).order_by(columns[0], "sheet", "criterion__position")
    writer = csv.writer(_Echo(), delimiter=";")
    lines = (writer.writerow(row) for row in rows.values_list(*columns).iterator())
    return StreamingHttpResponse(lines, content_type="text/csv")


urlpatterns = [path("empty/", empty), path("rows/", fifty_rows), path("marks/", all_marks)]


def own_addresses(get_response):
    """The middleware that sends the floor's requests to its own addresses."""

    def answer(request):
        request.urlconf = __name__
        return get_response(request)

    return answer


MIDDLEWARE = ["bench.floor.own_addresses", "django.middleware.gzip.GZipMiddleware"]
