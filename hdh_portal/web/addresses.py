"""Electronic addresses as people type and paste them: what is wrong with one has its own sentence."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from hdh_portal.ground import text

NAMED = re.compile(r".*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>.*", re.DOTALL)
CURLED = "’‘ʼ′´`"


def clean_address(typed):
    """An address without what cannot be seen, in lower case: two that look alike are one."""
    return text.clean(typed or "").strip().lower()


def judge_address(address):
    """`ValidationError` for what is no address, in words for what was met; codes "named", "curled", "invalid"."""
    if found := NAMED.fullmatch(address):
        sentence = _("Indiquez l’adresse seule, sans nom ni chevrons\u00a0: %(address)s")
        raise ValidationError(sentence % {"address": found[1]}, code="named")
    if "@" in address and any(character in address for character in CURLED):
        sentence = _(
            "Cette adresse contient une apostrophe courbe (’)\u00a0: remplacez-la par une apostrophe droite (')."
        )
        raise ValidationError(sentence, code="curled")
    EmailValidator()(address)


def judged_alone(field):
    """Let a field of Django's judge its addresses by our sentences only."""
    others = [one for one in field.validators if not isinstance(one, EmailValidator)]
    field.validators = [judge_address, *others]
    return field
