"""A password that is a common one with figures around it, or twice, is a common password."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What Django's list of twenty thousand lacks, and what one would type here.
MORE = {"hopital", "hôpital", "sante", "santé", "docteur", "dossier", "candidature"}


class CommonCoreValidator(CommonPasswordValidator):
    """Refuses « motdepasse2020 », « Azerty123456 », « passwordpassword »; twelve signs of which few are one's own."""

    def validate(self, password, user=None):
        """Raise `ValidationError` if what is left without figures, signs and repetition is common."""
        super().validate(password, user)
        core = re.sub(r"[\W\d_]+", "", password.lower())
        core = re.sub(r"^(.+?)\1+$", r"\1", core)
        if core in MORE or core in self.passwords or len(core) < 4:
            raise ValidationError(
                _("Ce mot de passe est trop courant\u00a0: choisissez quelques mots sans rapport entre eux."),
                code="password_too_common",
            )

    def get_help_text(self):
        """What to do instead."""
        return _("Quelques mots sans rapport entre eux se retiennent bien.")
