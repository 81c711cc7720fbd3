"""The bare floor: what this framework costs at least on this machine, in this very run.

No middleware but compression, no session, no user, no context processor: an empty page, and one statement that fills
a table of fifty rows of six cells.
"""

from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

from applications.models import Submission

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
    rows = Submission.objects.order_by("-arrived_at", "-pk").defer("receipt")[:ROWS]
    return HttpResponse(table.render(Context({"title": "liste", "rows": rows})))


urlpatterns = [path("empty/", empty), path("rows/", fifty_rows)]


def own_addresses(get_response):
    """The middleware that sends the floor's requests to its own addresses."""

    def answer(request):
        request.urlconf = __name__
        return get_response(request)

    return answer


MIDDLEWARE = ["bench.floor.own_addresses", "django.middleware.gzip.GZipMiddleware"]
