"""The web server's own refusals, in French: a request that gunicorn cannot read never reaches Django.

Sources: gunicorn's `workers/base.py`, whose statuses stay; RFC 9110, 15.5.
"""

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

SENTENCES = {
    414: "L’adresse demandée est trop longue.",
    431: "Les en-têtes de cette demande sont trop longs : effacez les cookies de ce site, puis recommencez.",
}
PLAIN = "Le portail n’a pas compris cette demande. Revenez à la page précédente, puis recommencez."
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Demande incomprise</title></head>
<body><main><h1>Demande incomprise</h1><p>{sentence}</p>
<p>Rien n’a changé, et ce que vous aviez enregistré est gardé.</p><p><a href="/">Revenir à l’accueil</a></p></main>
</body></html>
"""


class Worker(ThreadWorker):
    """gunicorn's worker of threads, whose own pages of an error are ours."""

    def init_process(self):
        util.write_error = write_error
        super().init_process()


def write_error(client, status, reason, message):
    """Answer a request that could not be read; `message` repeats what was sent, and is not shown."""
    body = PAGE.format(sentence=SENTENCES.get(status, PLAIN)).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Security-Policy: default-src 'none'\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(client, head.encode() + body)
