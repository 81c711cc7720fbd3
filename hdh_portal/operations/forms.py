"""Forms on people: what they post is judged by the actions alone; here it is shown again, errors beside it."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.interests.actions import LONGEST_REASON as LONGEST_LIFT
from hdh_portal.accounts.blocking import LONGEST_REASON as LONGEST_BLOCK
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground import french
from hdh_portal.operations.actions.people import LONGEST_REASON
from hdh_portal.operations.actions.second_factor import LONGEST_IDENTITY
from hdh_portal.web.addresses import judged_alone


class Typed(forms.Form):
    """A form that says nothing by itself: no star, no word of the browser's."""

    use_required_attribute = False

    def __init__(self, *args, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))

    def typed(self, name):
        """What was posted in a field, without the sign that PostgreSQL does not keep."""
        return self.data.get(name, "").replace("\x00", "")


class ReasonForm(Typed):
    """A reason, and nothing else."""

    limit = LONGEST_BLOCK
    reason = forms.CharField(label=_("Raison"), widget=forms.Textarea(attrs={"rows": 3}), required=False, strip=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].limit = self.limit


class LiftForm(ReasonForm):
    """Why an interest is lifted."""

    limit = LONGEST_LIFT


class RemovalForm(ReasonForm):
    """Why a role ends, who takes it over, and that its warnings were understood."""

    limit = LONGEST_REASON
    successor = forms.CharField(
        label=_("Adresse de la personne qui prend la suite"),
        help_text=_("Elle reçoit une invitation au même titre. Laissez vide pour retirer sans remplacer."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        required=False,
    )
    understood = forms.BooleanField(
        label=_("J’ai compris ce que l’appel ne pourra plus faire jusqu’à ce que quelqu’un d’autre accepte."),
        required=False,
    )

    def __init__(self, warnings, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("Gardée avec le départ, lue par l’équipe de l’appel.")
        self.fields["successor"].optional = True
        if not warnings:
            del self.fields["understood"]


class HeirForm(Typed):
    """Which colleague takes the begun checks over. `heirs`: of `applications.people`; `count`: of those checks."""

    heir = forms.ChoiceField(label=_("Qui reprend ces contrôles"), required=False)

    def __init__(self, heirs, count, *args, **options):
        super().__init__(*args, **options)
        able = [one for one in heirs if one.checks]
        self.is_possible = bool(able)
        labels = [(str(one.officer.pk), self._label(one, count)) for one in able]
        self.fields["heir"].choices = [("", gettext("— choisissez —")), *labels]

    @staticmethod
    def _label(one, count):
        if len(one.checks) == count:
            return french.ngettext(
                "%%(name)s\u00a0: reprend %(count)s\u00a0contrôle",
                "%%(name)s\u00a0: reprend %(count)s\u00a0contrôles",
                count,
            ) % {"name": one.officer.user}
        words = {"name": one.officer.user, "some": french.number(len(one.checks)), "all": french.number(count)}
        return gettext("%(name)s\u00a0: reprend %(some)s contrôles sur %(all)s, un lien lui ferme le reste") % words


class IdentityForm(Typed):
    """How the identity of the person was made sure of."""

    identity = forms.CharField(
        label=_("Comment avez-vous vérifié l’identité de la personne\u00a0?"),
        help_text=_("Par exemple\u00a0: rappelée au numéro de l’annuaire de son organisme. Un courriel ne suffit pas."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        strip=False,
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["identity"].limit = LONGEST_IDENTITY


class InvitationForm(Typed):
    """An address, and a role with its body or its seat: one choice, so that the two always fit."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Indiquez l’adresse de la personne."),
            "invalid": _("Cette adresse n’est pas complète\u00a0: corrigez-la, par exemple prenom.nom@exemple.fr."),
        },
    )
    offer = forms.ChoiceField(
        label=_("Rôle, et au titre de qui"),
        error_messages={
            "required": _("Choisissez un rôle."),
            "invalid_choice": _("Ce rôle n’est plus à offrir\u00a0: choisissez-en un de la liste."),
        },
    )

    def __init__(self, call, *args, **options):
        super().__init__(*args, **options)
        judged_alone(self.fields["email"])
        self.offers = {
            f"{role}-{body.pk if body else seat}": {"role": role, "body": body, "seat": seat}
            for role, offer in OFFERS.items()
            for body, seat in offer.choices(call)
        }
        self.fields["offer"].choices = [("", _("— choisissez —")), *self._groups()]

    def _groups(self):
        groups = {}
        for key, one in self.offers.items():
            title = capfirst(OFFERS[one["role"]].label)
            words = str(one["body"]) if one["body"] else f"{_('siège')} {one['seat']}"
            groups.setdefault(title, []).append((key, f"{title}, {words}"))
        return list(groups.items())

    def offered(self):
        """What was chosen, as `invite` takes it."""
        return {"email": self.cleaned_data["email"], **self.offers[self.cleaned_data["offer"]]}
