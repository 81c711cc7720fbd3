"""The table of data kinds and periods.

Sources: RGPD art. 5 (1) e; Code du patrimoine art. L212-2, L213-2; règlement (UE) 651/2014 art. 12 (ten years for
the file of an aid); CNIL, recommandation du 14 octobre 2021 (logs: six months to one year).
"""

import calendar
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

TASK = _("mission d’intérêt public (RGPD, art. 6, 1, e)")
PROOF = _("preuve de la procédure (Code du patrimoine, art. L211-1)")
SECURITY = _("sécurité du portail (RGPD, art. 32)")
REMEDY_MONTHS = 2  # within which a decision may be brought before the judge (CJA, art. R421-1)


@dataclass(frozen=True)
class Kind:
    """One kind of data. `months`: how long it is kept, None for ever; `since`: from which instant.

    `fate`: what happens then. `archives`: public archives, destroyed with the consent of the archives alone.
    """

    key: str
    label: str
    months: int | None
    since: str
    fate: str
    basis: str
    archives: bool = False

    @property
    def period(self):
        """« deux ans »."""
        return PERIODS[self.months]


PERIODS = {
    None: _("sans limite"),
    1: _("un mois"),
    6: _("six mois"),
    12: _("douze mois"),
    24: _("deux ans"),
    120: _("dix ans"),
}
ERASED = _("effacé")
KINDS = [
    Kind("draft", _("brouillon jamais déposé"), 6, _("la clôture"), ERASED, TASK, archives=True),
    Kind(
        "dossier",
        _("contenu d’un dossier non retenu, irrecevable ou retiré\u00a0: réponses et pièces"),
        24,
        _("la décision définitive, deux mois après sa notification"),
        _("effacé sur bordereau\u00a0; récépissé, empreintes et courriers restent"),
        TASK,
        archives=True,
    ),
    Kind(
        "laureate",
        _("dossier financé"),
        120,
        _("le dernier versement, que le portail ne connaît pas"),
        _("versé ou éliminé par un acte à part, selon l’avis des archives"),
        TASK,
        archives=True,
    ),
    Kind(
        "selection",
        _("contrôles, fiches, liens d’intérêts, décisions, procès-verbaux, annonce"),
        None,
        _("l’acte"),
        _("conservé"),
        PROOF,
    ),
    Kind("opinion", _("notes privées d’un membre du jury"), 6, _("la publication des résultats"), ERASED, TASK),
    Kind(
        "journal",
        _("journal de preuve, récépissés, actes refusés, bordereaux\u00a0: des numéros et des empreintes"),
        None,
        _("l’acte"),
        _("conservé"),
        PROOF,
    ),
    Kind("message", _("courriel envoyé\u00a0: adresse et état de l’envoi"), 24, _("l’envoi"), ERASED, PROOF),
    Kind("invitation", _("adresse d’une invitation à tenir un rôle"), 12, _("son expiration"), ERASED, TASK),
    Kind("unconfirmed", _("compte dont l’adresse n’a jamais été confirmée"), 1, _("l’inscription"), ERASED, SECURITY),
    Kind("closed", _("nom porté par un compte fermé"), 24, _("la fermeture"), ERASED, PROOF),
    Kind(
        "session",
        _("trace de connexion\u00a0: adresse IP, navigateur"),
        12,
        _("la dernière page vue"),
        ERASED,
        SECURITY,
    ),
]
BY_KEY = {kind.key: kind for kind in KINDS}


def months_before(instant, months):
    """The same day and hour some months earlier, or the last day of a shorter month."""
    years, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return instant.replace(year=years, month=month + 1, day=min(instant.day, last))


def markdown():
    """The table as `docs/retention.md` holds it."""
    head = ["| Données | Durée | À compter de | Sort | Fondement |", "|---|---|---|---|---|"]
    rows = [f"| {row.label} | {row.period} | {row.since} | {row.fate} | {row.basis} |" for row in KINDS]
    return "\n".join(head + rows) + "\n"
