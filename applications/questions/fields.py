"""The fields behind each type of question: what was typed is read, limits are named, nothing is ever cut.

An answer is stored as it was read (`int` months, `int` cents, text) or, where it could not be read, as the text that
was typed: the candidate finds it again, with the reason beside it.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.questions import typed as reading
from hdh_portal.accounts import identifiers, sirene
from hdh_portal.ground import french
from hdh_portal.ground.text import clean


def clean_text(text):
    """Typed text without what cannot be seen, in NFC with line ends as LF, outer blanks removed."""
    return clean(text or "").strip()


class TextAnswer(forms.CharField):
    """A text with a limit counted in code points after normalisation."""

    def __init__(self, *, limit, least=0, rows=0, counted=True, **options):
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"class": "w-full"})
        super().__init__(required=False, widget=widget, strip=False, **options)
        self.most, self.least, self.is_long = limit, least, bool(rows)
        # The page counts the signs under a field that has a `limit`.
        self.limit = limit if counted else None

    def clean(self, value):
        """Normal text; over the limit it is refused with the number of signs to remove."""
        text = clean_text(super().clean(value))
        if not self.is_long:
            text = text.replace("\n", " ")
        over = len(text) - self.most
        if over > 0:
            sentence = ngettext(
                "La réponse dépasse la limite\u00a0: retirez %(over)s caractère.",
                "La réponse dépasse la limite\u00a0: retirez %(over)s caractères.",
                over,
            )
            raise ValidationError(sentence % {"over": french.number(over)})
        if 0 < len(text) < self.least:
            raise ValidationError(_("Écrivez au moins %(least)s caractères.") % {"least": french.number(self.least)})
        return text


class ReadAnswer(forms.CharField):
    """What is read out of what was typed, and shown back beside it: « Lu : 24 mois », or why it could not be read."""

    def read_back(self, value):
        """The sentence to show under a field of which this was typed, "" of nothing."""
        try:
            found = self.clean(value)
        except ValidationError as error:
            return error.messages[0]
        return "" if found is None else _("Lu\u00a0: %(value)s") % {"value": self.words(found)}

    def words(self, found):
        """A value that `clean` gave, as people read it."""
        raise NotImplementedError


class NumberAnswer(ReadAnswer):
    """A whole number within bounds."""

    def __init__(self, *, minimum, maximum, unit, **options):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-year"})
        super().__init__(required=False, widget=widget, **options)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit

    def clean(self, value):
        """`int`, or None for an empty answer."""
        text = super().clean(value)
        if not text.strip():
            return None
        number = reading.whole_number(text, self.unit)
        if number is None or not self.minimum <= number <= self.maximum:
            bounds = {"unit": self.unit, "low": french.number(self.minimum), "high": french.number(self.maximum)}
            sentence = (
                _("Indiquez un nombre entier de %(unit)s, de %(low)s à %(high)s.")
                if self.unit
                else _("Indiquez un nombre entier, de %(low)s à %(high)s.")
            )
            raise ValidationError(sentence % bounds)
        return number

    def words(self, found):
        return f"{french.number(found)}\u00a0{self.unit}".strip()

    def prepare_value(self, value):
        return "" if value is None else str(value)


class MoneyAnswer(ReadAnswer):
    """An amount in euros, typed as people type it (« 268 300,50 », « 250K€ », « 0,25 M€ »), kept in whole cents."""

    def __init__(self, *, minimum_cents, maximum_cents, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-short"})
        super().__init__(required=False, widget=widget, **options)
        self.minimum_cents, self.maximum_cents, self.unit = minimum_cents, maximum_cents, "€"

    def clean(self, value):
        """`int` cents, or None for an empty answer."""
        text = super().clean(value)
        if not text.strip():
            return None
        cents = reading.cents(text)
        if cents is None:
            raise ValidationError(_("Indiquez un montant en euros, par exemple 268\u202f300,00."))
        self._refuse_outside(cents)
        return cents

    def words(self, found):
        return french.euros_cents(found)

    def _refuse_outside(self, cents):
        asked, over = french.euros_cents(cents), cents - self.maximum_cents
        if over > 0:
            sentence = _("L’aide demandée est de %(asked)s. Le plafond est de %(cap)s\u00a0: retirez %(over)s.")
            cap = french.euros_cents(self.maximum_cents)
            raise ValidationError(sentence % {"asked": asked, "cap": cap, "over": french.euros_cents(over)})
        if cents < self.minimum_cents:
            least = french.euros_cents(self.minimum_cents)
            raise ValidationError(_("Indiquez un montant d’au moins %(least)s.") % {"least": least})

    def prepare_value(self, value):
        if isinstance(value, int):
            return french.euros_cents(value).removesuffix("€").strip()
        return value or ""


class ChoiceAnswer(forms.ChoiceField):
    """One of the choices, as radio buttons; a lone choice is a box to tick (a declaration)."""

    def __init__(self, *, choices, **options):
        super().__init__(required=False, choices=choices, widget=forms.RadioSelect(), **options)

    def clean(self, value):
        """Key of the choice, or an empty text."""
        try:
            return super().clean(value)
        except ValidationError as error:
            raise ValidationError(_("Choisissez une des réponses proposées.")) from error


class DeclarationAnswer(forms.BooleanField):
    """A box to tick; the answer is the key of its one choice."""

    def __init__(self, *, key, text, **options):
        super().__init__(required=False, **(options | {"label": text}))
        self.key = key

    def clean(self, value):
        """The key when ticked, else an empty text."""
        return self.key if super().clean(value) else ""

    def prepare_value(self, value):
        return value == self.key or value is True


class ChoicesAnswer(forms.MultipleChoiceField):
    """Any of the choices; `alone`: the key of the one that goes with no other, or empty."""

    def __init__(self, *, choices, alone="", **options):
        super().__init__(required=False, choices=choices, widget=forms.CheckboxSelectMultiple(), **options)
        self.alone = alone

    def clean(self, value):
        """Keys in the order of the call's own list."""
        try:
            chosen = super().clean([key for key in value or [] if key])
        except ValidationError as error:
            raise ValidationError(_("Choisissez parmi les réponses proposées.")) from error
        if self.alone in chosen and len(chosen) > 1:
            sentence = _("«\u202f%(label)s\u202f» exclut les autres réponses\u00a0: gardez-la seule, ou décochez-la.")
            raise ValidationError(sentence % {"label": dict(self.choices)[self.alone]})
        return [key for key, _label in self.choices if key in chosen]


class SiretAnswer(forms.CharField):
    """Fourteen digits with a valid checksum, kept without spaces."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-medium"})
        hint = gettext_lazy("14 chiffres, sur votre avis de situation.")
        super().__init__(required=False, widget=widget, **({"help_text": hint} | options))

    def clean(self, value):
        """Digits, or an empty text."""
        number = sirene.compact(super().clean(value))
        if number and not sirene.is_siret(number):
            raise ValidationError(
                _("Ce SIRET n’est pas exact\u00a0: vérifiez les 14 chiffres sur votre avis de situation.")
            )
        return number

    def prepare_value(self, value):
        return french.siret(value) if value and re.fullmatch(r"\d{14}", value) else value


class IdentifierAnswer(SiretAnswer):
    """A SIRET, or what identifies a body that has none: kept as `identifiers.read` gives it."""

    def __init__(self, **options):
        hint = gettext_lazy(
            "14\u00a0chiffres, sur votre avis de situation. Une association sans SIRET indique son numéro RNA "
            "(W et 9\u00a0caractères)\u202f; un organisme étranger, son pays puis son numéro, par exemple "
            "Belgique 0403.170.701."
        )
        super().__init__(**({"help_text": hint} | options))
        self.widget.attrs.pop("inputmode")  # a country has letters

    def clean(self, value):
        """The identifier, or an empty text."""
        typed = forms.CharField.clean(self, value)
        found = identifiers.read(typed)
        if found is None:
            raise ValidationError(self._said_of(typed))
        return found

    def _said_of(self, typed):
        digits = sirene.compact(typed)
        if sirene.is_siren(digits):
            return _("Ce numéro est un SIREN, de 9\u00a0chiffres\u00a0: indiquez le SIRET, qui en a 14.")
        if re.fullmatch(r"[\d\s]*", digits):
            return _("Ce SIRET n’est pas exact\u00a0: vérifiez les 14 chiffres sur votre avis de situation.")
        return _(
            "Cet identifiant n’est pas reconnu\u00a0: indiquez un SIRET (14\u00a0chiffres), un numéro RNA (W et "
            "9\u00a0caractères) ou, pour un organisme étranger, le nom du pays puis son numéro."
        )
