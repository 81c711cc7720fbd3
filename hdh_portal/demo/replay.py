"""The call replayed: each event of the schedule is one real action at its historical instant, one after the other."""

import functools
import itertools

from applications import tasks
from applications.admissibility.actions import conclude_check, confirm_outcome, decide_outcome, save_check, take_check
from applications.admissibility.reading import outcome_digest
from applications.dossier.actions.draft import create_application, save_answers, withdraw_application
from applications.dossier.actions.submission import submit_application
from applications.dossier.actions.uploading import attach_file
from applications.dossier.reading import WorkingCopy
from applications.interests.actions import declare_interests
from applications.interests.reading import list_digest, shown_to
from applications.models import Check, Release
from applications.officers import appoint_officer
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.demo import annexes, evaluation_acts, jury_acts
from hdh_portal.demo.cast import Cast, account, seat_address
from hdh_portal.demo.people import dossiers, everybody
from hdh_portal.demo.schedule import events
from hdh_portal.demo.script import CALL_FILE, script
from hdh_portal.demo.texts import answers_of
from hdh_portal.ground import clock
from hdh_portal.ground.garbage import spare_what_is_loaded
from hdh_portal.records import broker
from hdh_portal.records.exceptions import Refused

FIRST_SECTIONS = ("identity", "consortium")
BEGUN_ANSWERS = 4


def play(since, until, report):
    """Play the events of `[since, until[` (aware; None: from the start); `report(done, total)` after each."""
    mine = [event for event in events() if (since is None or event.at >= since) and event.at < until]
    cast = Cast()
    spare_what_is_loaded()
    with broker.spared():
        for done, event in enumerate(mine, 1):
            clock.set_own_offset(event.at)
            ACTS[event.act](cast, event)
            report(done, len(mine))
    clock.set_offset(until)


# Before the deposits ------------------------------------------------------------------------------------------------


def _load(_cast, event):
    load_call(schema.read(CALL_FILE.read_bytes()), at=event.at)


def _appoint(cast, event):
    seat = next(row for row in script("people")["seats"] if row["key"] == event.seat)
    user = account(seat["name"], seat_address(event.seat), event.at)
    appoint_officer(cast.call, user, body=cast.body(seat["body"]), power=seat["power"], at=event.at)


def _declare(cast, event):
    officer = cast.officer(event.seat)
    with_interest = [cast.application(acronym).pk for acronym in event.details["with_interest"]]
    digest = list_digest(shown_to(officer))
    declare_interests(officer, with_interest, digest, by=officer.user, at=event.at)


# Candidates ---------------------------------------------------------------------------------------------------------


def _sign_up(_cast, event):
    person = everybody()[event.acronym].person
    account(person.name, person.email, event.at)


def _create(cast, event):
    create_application(cast.call, by=cast.owner(event.acronym), at=event.at)


def _begin(cast, event):
    form = script("call")["form"]["sections"]
    first = [q["key"] for section in form if section["key"] in FIRST_SECTIONS for q in section["questions"]]
    _save(cast, event, event.details["keys"] or first)


def _write(cast, event):
    answers = answers_of(everybody()[event.acronym])
    _save(cast, event, [key for key in answers if key not in event.details["without"]])


def _save(cast, event, keys):
    answers = answers_of(everybody()[event.acronym])
    values = {key: answers[key] for key in keys if key in answers}
    save_answers(cast.application(event.acronym), values, by=cast.owner(event.acronym), at=event.at)


def _join(cast, event):
    """The financial annex, and the letter of each partner."""
    dossier, application = everybody()[event.acronym], cast.application(event.acronym)
    without, join = event.details["without"], functools.partial(attach_file, application)
    questions = {one.key: one for one in application.call.questions.filter(type="file").exclude(key__in=without)}
    said = {"by": cast.owner(event.acronym), "at": event.at}
    if "financial_annex" in questions:
        join(questions["financial_annex"], annexes.financial_annex(dossier), **said)
    for slot in WorkingCopy(application).partners if "commitment_letters" in questions else ():
        join(questions["commitment_letters"], annexes.commitment_letter(), slot, **said)


def _deposit(cast, event):
    application = cast.application(event.acronym)
    submit_application(application, digest=WorkingCopy(application).digest, by=cast.owner(event.acronym), at=event.at)


def _change(cast, event):
    benefits = answers_of(dossiers()[event.acronym])["benefits"]
    added = {"benefits": f"Nous précisons le calendrier. {benefits}"}
    save_answers(cast.application(event.acronym), added, by=cast.owner(event.acronym), at=event.at)


def _miss(cast, event):
    """A deposit that arrives seconds after the closing: refused, and kept as an attempt."""
    try:
        _deposit(cast, event)
    except Refused as refusal:
        if refusal.code == "window_over":
            return
        raise
    raise RuntimeError(f"{event.acronym} was deposited after the closing")


def _withdraw(cast, event):
    withdraw_application(cast.application(event.acronym), by=cast.owner(event.acronym), at=event.at)


def _publish(_cast, _event):
    tasks.publish_heads()


# Checks -------------------------------------------------------------------------------------------------------------


def _take(cast, event):
    officer = cast.officer(event.seat)
    return take_check(cast.application(event.acronym), officer, by=officer.user, at=event.at)


def _look(cast, event):
    """A check that was begun: its first points answered, nothing concluded."""
    check = _take(cast, event)
    items = [item["key"] for item in script("call")["checklist"][:BEGUN_ANSWERS]]
    _save_check(check, dict.fromkeys(items, "yes"), None, event.at)


def _check(cast, event):
    officer = cast.officer(event.seat)
    check = Check.objects.select_related("officer__user", "application").get(
        application=cast.application(event.acronym), body=officer.body
    )
    against = _reason_against(event.acronym, officer.body.short_name)
    answers = {item["key"]: "yes" for item in script("call")["checklist"]}
    if against:
        answers[against["item"]] = "no"
    _save_check(check, answers, against or {}, event.at)
    conclude_check(check, by=officer.user, at=event.at)


def _reason_against(acronym, body):
    """The row of the file that makes this body find this dossier inadmissible, or None."""
    plan = script("replay")["checks"]
    rows = itertools.chain(plan["refused"], (row for row in plan["disagreed"] if row["by"] == body))
    return next((row for row in rows if row["acronym"] == acronym), None)


def _save_check(check, answers, against, at):
    """Write a check; `against`: None while nothing is concluded, {} for an admissible dossier."""
    conclusion = None if against is None else "inadmissible" if against else "admissible"
    against = against or {}
    save_check(
        check,
        answers=answers,
        conclusion=conclusion,
        ground_key=against.get("ground"),
        reason=against.get("reason"),
        by=check.officer.user,
        at=at,
    )


def _decide(cast, event):
    row, officer = event.details, cast.officer(event.seat)
    decide_outcome(
        cast.application(event.acronym),
        conclusion=row["conclusion"],
        ground_key=row["ground"],
        reason=row["because"],
        by=officer.user,
        at=event.at,
    )


def _confirm(cast, event):
    officer, application = cast.officer(event.seat), cast.application(event.acronym)
    confirm_outcome(application, outcome_digest(application.outcome), by=officer.user, at=event.at)


def _propose(cast, event):
    _sign(propose_release, cast, event)


def _release(cast, event):
    _sign(confirm_release, cast, event)


def _sign(act, cast, event):
    """Both signatures of a release, of whatever stage."""
    stage = event.details.get("stage", Release.Stage.ADMISSIBILITY)
    digest = release_plan(cast.call, stage).digest
    act(cast.call, digest, stage, by=cast.officer(event.seat).user, at=event.at)


ACTS = (
    {
        "load": _load,
        "appoint": _appoint,
        "declare": _declare,
        "sign_up": _sign_up,
        "create": _create,
        "begin": _begin,
        "write": _write,
        "join": _join,
        "deposit": _deposit,
        "change": _change,
        "miss": _miss,
        "withdraw": _withdraw,
        "publish": _publish,
        "take": _take,
        "look": _look,
        "check": _check,
        "decide": _decide,
        "confirm": _confirm,
        "propose": _propose,
        "release": _release,
    }
    | evaluation_acts.ACTS
    | jury_acts.ACTS
)
