"""Whether the portal can do its work now, part by part: for a monitor as words, for those who run a call as a page."""

import datetime
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import clock, french
from hdh_portal.ground.figures import rounded
from hdh_portal.operations import checks, preflight, readings
from hdh_portal.operations.stamps import SEEN
from hdh_portal.records import heartbeat
from hdh_portal.web import proxy

LONGEST_SWEEP = datetime.timedelta(seconds=60)
LONGEST_WAIT_SECONDS = {"document": 15 * 60, "message": 5 * 60}
# One mail that its server does not take now is that address's trouble; several are the server's.
MANY_RETRYING = 5
LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True)
class Part:
    """One thing that must be right. `key`: its word for machines; `sentence`: what a person is told of it."""

    key: str
    label: str
    is_ok: bool
    sentence: str


def parts():
    """Every `Part`, the database first; while it is away, what stands in it is not asked."""
    found = [_database()]
    if found[0].is_ok:
        found += [_clock(), _keys(), _sweep(), _queue("document"), _queue("message")]
    return [*found, _static(), _disk(), _proxy()]


def _part(key, is_ok, right, wrong):
    return Part(key, str(LABELS[key]), is_ok, right if is_ok else wrong)


LABELS = {
    "database": gettext_lazy("Base de données"),
    "clock": gettext_lazy("Horloge"),
    "keys": gettext_lazy("Clés"),
    "sweep": gettext_lazy("Tâches de fond"),
    "documents": gettext_lazy("Documents à préparer"),
    "mails": gettext_lazy("Courriels à envoyer"),
    "static": gettext_lazy("Fichiers des pages"),
    "disk": gettext_lazy("Espace disque"),
    "proxy": gettext_lazy("Serveur frontal"),
}


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_ok = True
    except DatabaseError:
        is_ok = False
    return _part("database", is_ok, _("Elle répond."), _("Elle ne répond pas."))


def _clock():
    """The widest of two gaps: to the database, and to the proxy as its stamps tell it."""
    apart = max(abs(readings.database_clock_offset()), abs(proxy.clock_offset()))
    said = _("%(seconds)s s d’écart au plus avec la base de données et le serveur frontal.")
    said %= {"seconds": french.number(rounded(apart, 1))}
    return _part("clock", apart <= preflight.MOST_OFFSET_SECONDS, said, said)


def _keys():
    faults = checks.settings_are_safe(None) + preflight.signing_key_is_known(databases=["default"])
    wrong = _("Une clé est faible, ou n’est pas celle des récépissés. Lancez la commande preflight.")
    return _part("keys", not faults, _("La clé des récépissés est connue."), wrong)


def _sweep():
    last = heartbeat.last("sweep")
    if last is None:
        return _part("sweep", False, "", _("Elles n’ont jamais tourné. Démarrez le worker et beat."))
    age = clock.real() - last
    said = _("Dernier passage il y a %(age)s.") % {"age": french.lapse(age)}
    return _part("sweep", age <= LONGEST_SWEEP, said, _("%(said)s Vérifiez le worker et beat.") % {"said": said})


def _queue(kind):
    key = {"document": "documents", "message": "mails"}[kind]
    queue = readings.queue_of(kind)
    if queue.retrying >= MANY_RETRYING:
        said = _("%(count)s ont échoué et seront réessayés. Vérifiez le serveur de courriel ou le worker.")
        return _part(key, False, "", said % {"count": french.number(queue.retrying)})
    if queue.oldest_seconds is None:
        return _part(key, True, _("Rien n’attend."), "")
    said = _("Le plus ancien attend depuis %(age)s.") % {"age": french.lapse(queue.oldest_seconds)}
    return _part(key, queue.oldest_seconds <= LONGEST_WAIT_SECONDS[kind], said, said)


def _static():
    faults = preflight.static_files_are_collected()
    return _part("static", not faults, _("Ils sont tous là."), _("Il en manque. Lancez la commande collectstatic."))


def _disk():
    free = readings.disk_free_bytes()
    said = _("%(size)s libres.") % {"size": french.size(free)}
    return _part("disk", free >= LEAST_FREE_BYTES, said, _("%(said)s Libérez de la place.") % {"said": said})


def _proxy():
    wrong = ""
    if SEEN.keeps_coming_from_strangers(clock.real()):
        wrong = _("Des demandes se disent transmises par un serveur qui n’est pas dans HDH_TRUSTED_PROXY.")
    elif SEEN.never_came():
        wrong = _("Aucune demande ne porte l’heure du serveur frontal. Vérifiez HDH_TRUSTED_PROXY.")
    return _part("proxy", not wrong, _("Rien d’anormal depuis le démarrage de ce processus."), wrong)
