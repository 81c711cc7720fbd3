"""Who a person is to a jury, and duties across objects of the third stage, each a plain `bool`.

Who may look something up is the queryset's business (`hearings.hearings_open_to`). Source: guarantees.md §2 and §5.
"""

from dataclasses import dataclass

from applications.models import Call, CaseOfficer, Interest, InterestDeclaration
from applications.permissions import has_interest
from hdh_portal.accounts.models import User
from jury.models import Juror, JurorDeclaration

OFFICES = (CaseOfficer.Power.SECRETARY, CaseOfficer.Power.MANAGER)


@dataclass(frozen=True)
class Person:
    """What one user is to the jury of one call: a seat, an office (secretary or manager, interests declared), both."""

    call: Call
    user: User
    juror: Juror | None = None
    officer: CaseOfficer | None = None

    @property
    def is_known(self):
        return self.juror is not None or self.officer is not None

    @property
    def is_secretary(self):
        return self.officer is not None and self.officer.power == CaseOfficer.Power.SECRETARY


def person_at(call, user):
    """The `Person` (two statements); rights die at once with the seat or the office."""
    juror = Juror.objects.filter(call=call, user=user).first()
    declared = InterestDeclaration.objects.values("officer")
    held = CaseOfficer.objects.in_office().filter(call=call, user=user, power__in=OFFICES, pk__in=declared)
    officer = held.select_related("body").first()
    for role in (juror, officer):
        if role is not None:
            role.call, role.user = call, user
    return Person(call, user, juror, officer)


def has_interest_in_any(user, dossiers):
    """True if an interest that nobody lifted ties the person to any of the dossiers (a queryset)."""
    return Interest.objects.current().filter(user=user, application__in=dossiers).exists()


def can_place(person):
    """True for the secretary and managers: an interest closes its own hearing to them, never the timetable."""
    return person.officer is not None


def can_run(person, application):
    """True for the secretary without interest in the dossier: start, presence, end."""
    return person.is_secretary and not has_interest(person.user, application)


def can_sit(person, application):
    """True for a juror who has declared to have no interest in the dossier, and has none."""
    return (
        person.juror is not None
        and JurorDeclaration.objects.filter(juror=person.juror, user=person.user, application=application).exists()
        and not has_interest(person.user, application)
    )


def can_name_acting(person):
    """True for the presidency, the secretary and managers."""
    return person.officer is not None or (person.juror is not None and person.juror.presidency)


def can_read_set(person, dossiers):
    """True for the secretary, or a juror who has declared on each of the dossiers, without interest in any of them.

    `dossiers`: a queryset. Sums, counts and the minutes are for them only.
    """
    if has_interest_in_any(person.user, dossiers):
        return False
    if person.is_secretary:
        return True
    if person.juror is None:
        return False
    declared = JurorDeclaration.objects.filter(juror=person.juror, user=person.user).order_by().values("application")
    return not dossiers.exclude(pk__in=declared).exists()
