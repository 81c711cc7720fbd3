"""Why a work of the outbox did not succeed: a word that a row keeps, and the sentence that people read.

A row never keeps what a server said: it holds addresses. The number of an SMTP answer (RFC 5321, 4.2.1) is kept: 4xx
may pass, 5xx about a recipient will not.
"""

import smtplib

from django.utils.translation import gettext_lazy as _

BOUNCED = "bounced"
DIED = "the worker died of it"
EXPIRED = "its time was over"
CHANGED = "the content changed since the act"
TOO_HEAVY = "over the limit of time or memory"
AWAY = ("SMTPServerDisconnected", "SMTPConnectError", "ConnectionRefusedError", "TimeoutError", "gaierror", "OSError")

MAIL_SERVER = {*AWAY, "SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError", "SMTPAuthenticationError"}
MAIL_SERVER |= {
    "SMTPHeloError",
    "SMTPResponseException",
    "SSLError",
    "SSLCertVerificationError",
    "ConnectionResetError",
}

SENTENCES = {
    BOUNCED: _("Le message est revenu\u00a0: l’adresse n’existe plus ou refuse nos messages."),
    DIED: _("La tâche s’est arrêtée plusieurs fois sans dire pourquoi."),
    EXPIRED: _("Le lien qu’il portait n’était plus valable\u00a0: il n’est pas parti, la personne peut le redemander."),
    CHANGED: _("Le contenu n’est plus celui qui a été décidé\u00a0: rien n’a été produit."),
    TOO_HEAVY: _("Le document demande trop de temps ou de mémoire."),
    "SMTPRecipientsRefused": _("Le serveur de messagerie refuse l’adresse."),
    "SMTPSenderRefused": _("Le serveur de messagerie refuse l’expéditeur du portail."),
    "SMTPDataError": _("Le serveur de messagerie refuse le message."),
    "SMTPAuthenticationError": _("Le serveur de messagerie refuse le mot de passe du portail."),
    **dict.fromkeys(AWAY, _("Le serveur de messagerie ne répond pas.")),
}
UNKNOWN = _("Une erreur du portail l’a empêché.")


def word_of(error):
    """The word of an exception: its name, and the number of the mail server's answer where there is one."""
    numbers = sorted({number for number in _numbers(error) if number})
    return " ".join([type(error).__name__, *map(str, numbers)])


def is_of_the_mail_server(word):
    """True for what a mail server, or the way to it, did: it may be mended without us, and a mail is kept for it."""
    return word.partition(" ")[0] in MAIL_SERVER


def is_final(error):
    """True where another try can only end the same way: every recipient was refused for good."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(number >= 500 for number in _numbers(error))


def _numbers(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [answer[0] for answer in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def sentence(word):
    """What people read of a word, empty for none; the number of the answer stands behind it."""
    if not word:
        return ""
    known = SENTENCES.get(word)
    if known is None:
        name, _space, number = word.partition(" ")
        known = SENTENCES.get(name, UNKNOWN)
        return f"{known} ({number})" if number.isdigit() else str(known)
    return str(known)
