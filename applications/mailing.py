"""A mail of a call, whatever the stage: who signs it, who answers for it, and to whom an answer goes."""

from applications.words import contact_of
from hdh_portal.records.mail import Mail
from hdh_portal.web.mails import one_line, wrapped_text


def mail_of(call, subject, template, words, attached=()):
    """The `Mail` of a template of `templates/mail/`; an answer to it is read by the service that the call names.

    Every template may say `call`, `service` and `contact` beside its own `words`.
    """
    contact = call.texts["contact"]
    common = {"call": call.title, "service": contact["service"], "contact": contact_of(call, "email", "phone")}
    return Mail(one_line(subject), wrapped_text(template, common | words), attached, reply_to=contact["email"])
