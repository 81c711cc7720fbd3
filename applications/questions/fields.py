"""The fields behind each type of question: what was typed is read, limits are named, nothing is ever cut.

An answer is stored as it was read (`int` months, `int` cents, text) or, where it could not be read, as the text that
was typed: the candidate finds it again, with the reason beside it.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hdh_portal.accounts import sirene
from hdh_portal.ground import french
from hdh_portal.ground.text import clean


def clean_text(text):
    """Typed text without what cannot be seen, in NFC with line ends as LF, outer blanks removed."""
    return clean(text or "").strip()


class TextAnswer(forms.CharField):
    """A text with a limit counted in code points after normalisation."""

    def __init__(self, *, limit, rows=0, counted=True, **options):
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"class": "w-full"})
        super().__init__(required=False, widget=widget, strip=False, **options)
        self.most, self.is_long = limit, bool(rows)
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
        return text


class NumberAnswer(forms.CharField):
    """A whole number within bounds."""

    def __init__(self, *, minimum, maximum, unit, **options):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-year"})
        super().__init__(required=False, widget=widget, **options)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit

    def clean(self, value):
        """`int`, or None for an empty answer."""
        text = re.sub(r"[\s\u00a0\u202f]", "", super().clean(value))
        if not text:
            return None
        number = int(text) if re.fullmatch(r"\d{1,9}", text) else None
        if number is None or not self.minimum <= number <= self.maximum:
            bounds = {"unit": self.unit, "low": french.number(self.minimum), "high": french.number(self.maximum)}
            sentence = (
                _("Indiquez un nombre entier de %(unit)s, de %(low)s à %(high)s.")
                if self.unit
                else _("Indiquez un nombre entier, de %(low)s à %(high)s.")
            )
            raise ValidationError(sentence % bounds)
        return number

    def prepare_value(self, value):
        return "" if value is None else str(value)


class MoneyAnswer(forms.CharField):
    """An amount in euros, typed as people type it (« 268 300,50 », « 250K€ »), kept in whole cents."""

    PATTERN = re.compile(r"(\d+)(?:[.,](\d{1,2}))?(k?)€?", re.IGNORECASE)

    def __init__(self, *, minimum_cents, maximum_cents, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-short"})
        super().__init__(required=False, widget=widget, **options)
        self.minimum_cents, self.maximum_cents, self.unit = minimum_cents, maximum_cents, "€"

    def clean(self, value):
        """`int` cents, or None for an empty answer."""
        text = re.sub(r"[\s\u00a0\u202f]|euros?", "", super().clean(value), flags=re.IGNORECASE)
        if not text:
            return None
        found = self.PATTERN.fullmatch(text)
        if not found or len(text) > 15:
            raise ValidationError(_("Indiquez un montant en euros, par exemple 268\u202f300,00."))
        whole, decimals, thousands = found.groups()
        cents = (int(whole) * 100 + int((decimals or "").ljust(2, "0"))) * (1000 if thousands else 1)
        self._refuse_outside(cents)
        return cents

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
    """Any of the choices."""

    def __init__(self, *, choices, **options):
        super().__init__(required=False, choices=choices, widget=forms.CheckboxSelectMultiple(), **options)

    def clean(self, value):
        """Keys in the order of the call's own list."""
        try:
            chosen = super().clean([key for key in value or [] if key])
        except ValidationError as error:
            raise ValidationError(_("Choisissez parmi les réponses proposées.")) from error
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
