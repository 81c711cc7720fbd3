"""Which pages of the evaluation, of the jury and of the announcement are measured, for whom, and their budgets."""

from django.urls import reverse

from bench import evaluated, judged
from bench.journeys import Page, floor_of_exports, stand_at, touches
from tests.jury import deciding
from tests.jury.makers import HEARING
from tests.reviews.makers import COMMENT, RANKED, SCORING


def ready(at, prepare=None):
    """What makes ready for one request: the clock at an instant, and what a POST needs anew each time."""

    def before():
        stand_at(at)
        if prepare:
            prepare()

    return {"before": before}


def rapporteur(scene):
    """A rapporteur with the even share of sheets, some of them sent, during the evaluation."""
    found, slug, by = scene.evaluated, scene.call.slug, scene.manager.user
    person = {"who": "rapporteur", "cookie": scene.sign_in(found.rapporteur.user)} | ready(SCORING)
    again = ready(SCORING, lambda: evaluated.give_back(found.written, by))
    key = scene.call.criterion_set.first().key

    def at(name, assignment):
        return reverse(f"reviews:{name}", args=[slug, assignment.application.reference])

    def mark():
        return {f"mark-{key}": f"{next(touches) % 5 + 0.5:g}"}

    def whole():
        keys = scene.call.criterion_set.values_list("key", flat=True)
        marks = {f"mark-{one}": "3.5" for one in keys} | {f"comment-{one}": COMMENT for one in keys}
        return marks | {"opinion": "possible", "transmissible": "Projet utile.", "internal": ""}

    return [
        Page("worklist", path=reverse("reviews:worklist", args=[slug]), ms=10, sql=8, **person),
        Page("declaration", path=at("declaration_edit", found.closed), ms=10, sql=10, **person),
        Page("scoring form", path=at("sheet_edit", found.begun), ms=12, **person),
        Page("sheet, sent, with the others", path=at("sheet_edit", found.own[3]), ms=12, **person),
        Page("autosave of a mark", path=at("sheet_save", found.begun), ms=12, sql=6, is_part=True,
             **person | {"data": mark}),
        Page("sheet, saved and sent", path=at("sheet_send", found.written), ms=15, status=302,
             **person | again | {"data": whole}),
    ]  # fmt: skip


def managing(scene):
    """The manager who manages the evaluation: during it, and once it is over."""
    slug, reference = scene.call.slug, scene.evaluated.own[3].application.reference
    cookie = scene.sign_in(scene.manager.user)
    person, after = ({"who": "manager", "cookie": cookie} | ready(at) for at in (SCORING, RANKED))

    def at(name, *more):
        return reverse(f"reviews:{name}", args=[slug, *more])

    return [
        Page("my space", path=reverse("desk:my_space"), ms=10, sql=8, **person),
        Page("assignments, 50 rows", path=at("assignment_list"), ms=12, sql=8, **person),
        Page("assignments, one dossier", path=at("assignment_edit", reference), ms=10, sql=10, **person),
        Page("sheets, 50 rows", path=at("sheet_list"), ms=12, sql=8, **person),
        Page("sheets, one dossier", path=at("sheet_dossier", reference), ms=10, sql=10, **person),
        Page("ranking, 50 rows", path=at("ranking"), ms=12, sql=8, **after),
        Page("shortlist", path=at("shortlist"), ms=12, sql=8, **after),
    ]


def exports(scene):
    """What is streamed to the same manager, once every paper is made."""
    slug, person = scene.call.slug, {"who": "manager", "cookie": scene.sign_in(scene.manager.user)} | ready(RANKED)
    ranking, sheets = (reverse(f"reviews:{name}", args=[slug]) for name in ("ranking_csv", "sheet_archive"))
    return [
        floor_of_exports(),
        Page("ranking, as CSV", path=ranking, is_export=True, times=1.5, **person),
        Page("sheets, as ZIP", path=sheets, is_export=True, **person),
    ]


def frozen(scene):
    """The same list once it is frozen."""
    person = {"who": "manager", "cookie": scene.sign_in(scene.manager.user)} | ready(RANKED)

    def at(name):
        return reverse(f"reviews:{name}", args=[scene.call.slug])

    return [
        Page("ranking, frozen", path=at("ranking"), ms=12, sql=8, **person),
        Page("shortlist, frozen", path=at("shortlist"), ms=12, sql=8, **person),
    ]


def hearing(scene):
    """A juror and the secretary while the first dossier is heard."""
    room, slug = scene.room, scene.call.slug
    juror = {"who": "juror", "cookie": scene.sign_in(room.seats[judged.WITH_INTEREST].user)} | ready(HEARING)
    secretary = {"who": "secretary", "cookie": scene.sign_in(room.secretary.user)} | ready(HEARING)
    agenda = reverse("jury:sitting_list", args=[slug])
    reference, key = room.dossiers[0].reference, scene.call.criterion_set.first().key

    def at(name, *more):
        return reverse(f"jury:{name}", args=[slug, reference, *more])

    def note():
        return {f"mark-{key}": f"{next(touches) % 5 + 0.5:g}"}

    return [
        Page("agenda", path=agenda, ms=10, sql=8, **juror),
        Page("agenda", path=agenda, ms=10, sql=8, **secretary),
        Page("hearing", path=at("hearing_detail"), ms=10, sql=10, **juror),
        Page("hearing", path=at("hearing_detail"), ms=10, sql=10, **secretary),
        Page("hearing, who is present", path=at("hearing_progress", "presences"), ms=10, is_part=True, **juror),
        Page("dossier of a hearing", path=at("hearing_dossier"), ms=10, sql=10, **juror),
        Page("autosave of a private mark", path=at("opinion_save"), ms=12, sql=6, is_part=True,
             **juror | {"data": note}),
    ]  # fmt: skip


def deliberation(scene):
    """The secretary and the presidency, with one decision to confirm."""
    room, slug = scene.room, scene.call.slug
    secretary, president = (
        {"who": who, "cookie": scene.sign_in(person.user)} | ready(deciding.EVENING)
        for who, person in (("secretary", room.secretary), ("president", room.president))
    )
    whole = reverse("jury:deliberation", args=[slug])
    one = reverse("jury:decision_edit", args=[slug, room.dossiers[-1].reference])
    return [
        Page("deliberation", path=whole, ms=10, sql=8, **secretary),
        Page("deliberation", path=whole, ms=10, sql=8, **president),
        Page("decision", path=one, ms=10, sql=10, **secretary),
        Page("decision", path=one, ms=10, sql=10, **president),
    ]


def notified(scene):
    """What anyone reads once the results are released, and a laureate."""
    slug, public = scene.call.slug, {"who": "anonymous"} | ready(deciding.NOTIFIED)
    owner = scene.room.dossiers[0].members.get(role="owner").user
    team = public | {"who": "candidate", "cookie": scene.sign_in(owner)}
    laureate = scene.room.dossiers[0].reference
    return [
        Page("home", path="/", ms=4, sql=3, **public),
        Page("call", path=reverse("desk:call_detail", args=[slug]), ms=6, sql=8, **public),
        Page("results", path=reverse("desk:results", args=[slug]), ms=6, sql=8, **public),
        Page("announcement", path=reverse("jury:announcement", args=[slug]), ms=6, sql=8, **public),
        Page("announcement, as JSON", path=reverse("jury:announcement_json", args=[slug]), ms=6, sql=8, **public),
        Page("jury", path=reverse("jury:composition", args=[slug]), ms=6, sql=8, **public),
        Page("my space, laureate", path=reverse("desk:my_space"), ms=10, sql=8, **team),
        Page("dossier, laureate", path=reverse("applications:application_detail", args=[laureate]), ms=10, sql=10,
             **team),
        Page("minutes", path=reverse("jury:minutes", args=[slug]), ms=10, sql=10,
             **team | {"who": "secretary", "cookie": scene.sign_in(scene.room.secretary.user)}),
    ]  # fmt: skip
