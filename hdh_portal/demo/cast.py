"""Who acts in the replay and on what: rows that many events name, looked up once."""

from collections import Counter

from allauth.account.models import EmailAddress

from applications.models import Application, Call, CaseOfficer, Submission
from hdh_portal.accounts.models import Organisation, User
from hdh_portal.demo.people import address, everybody
from hdh_portal.demo.script import script
from jury.models import Hearing, Juror
from reviews.models import Assignment, Rapporteur


def the_call():
    """The call of the demonstration."""
    return Call.objects.get(slug=script("call")["slug"])


def seat_address(key):
    """The address under which a seat signs in."""
    return address(f"siege-{key}")


class Cast:
    """Rows that many events name, looked up once: every action reads again what it changes."""

    def __init__(self):
        self._found = {}

    def _once(self, key, look_up):
        if key not in self._found:
            self._found[key] = look_up()
        return self._found[key]

    @property
    def call(self):
        """The call."""
        return self._once("call", the_call)

    def owner(self, acronym):
        """The candidate of a dossier."""
        email = everybody()[acronym].person.email
        return self._once(("owner", acronym), lambda: User.objects.get(email=email))

    def application(self, acronym):
        """The dossier that this acronym's candidate brought."""
        return self._once(("application", acronym), lambda: self._of(self.owner(acronym)).first())

    @staticmethod
    def _of(owner):
        return Application.objects.of(owner).select_related("call").order_by("pk")

    def officer(self, key):
        """The `CaseOfficer` of a seat."""
        return self._once(("officer", key), lambda: self._in_seat(key))

    @staticmethod
    def _in_seat(key):
        return CaseOfficer.objects.select_related("user", "call", "body").get(user__email=seat_address(key))

    def body(self, name):
        """The `Organisation` of this short name."""
        return self._once(("body", name), lambda: Organisation.objects.get(short_name=name))

    def rapporteur(self, key):
        """The `Rapporteur` of a seat."""
        rows = Rapporteur.objects.select_related("user", "call", "body")
        return self._once(("rapporteur", key), lambda: rows.get(user__email=seat_address(key)))

    def juror(self, number):
        """The `Juror` of a seat, with the person who sits there."""
        rows = Juror.objects.select_related("user", "call").filter(call=self.call)
        return self._once(("juror", number), lambda: rows.get(seat=number, user__isnull=False))

    def hearing(self, acronym):
        """The `Hearing` of a dossier."""
        rows = Hearing.objects.select_related("application__call")
        return self._once(("hearing", acronym), lambda: rows.get(application=self.application(acronym)))

    def sheets(self, key):
        """The confirmed `Assignment`s of a seat in the order in which it works; `acronym` and `place` are added."""
        return self._once("sheets", self._sheets)[seat_address(key)]

    def forget_sheets(self):
        """Read the assignments again: some were replaced."""
        self._found.pop("sheets", None)

    def _sheets(self):
        acronyms = Submission.objects.counting().filter(application__call=self.call)
        acronyms = dict(acronyms.values_list("application_id", "acronym"))
        rows = Assignment.objects.confirmed().without_interest().filter(application__call=self.call)
        found, places = {}, Counter()
        for row in rows.select_related("application__call", "rapporteur__user").order_by("application_id", "id"):
            row.acronym, row.place = acronyms[row.application_id], places[row.application_id]
            places[row.application_id] += 1
            found.setdefault(row.rapporteur.user.email, []).append(row)
        return found


def account(name, email, at):
    """A person whom no password lets in; their address counts as verified."""
    user = User.objects.create_user(email, name=name, joined_at=at)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
