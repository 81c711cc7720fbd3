"""What the portal holds of one person, for that person (RGPD, art. 15 and 20): JSON values under French names.

No secret of theirs (password, seeds, keys of sessions), no row number (it would tell how many others there are), and
nothing that another person wrote. Of what they did for a call, the acts are told by the journal's verbs; its tables
are counted, since their content is also about others.
"""

from applications.models import Answer, Member, Submission
from hdh_portal.accounts.models import User
from hdh_portal.records.models import Attempt, JournalEntry, Message
from jury.models import Opinion


def of(user):
    """Everything, in the order in which a person would look for it."""
    return {
        "compte": _values(user, "email", "name", "joined_at", "last_login", "is_active"),
        "adresses": [_values(row, "email", "verified", "primary") for row in user.emailaddress_set.order_by("pk")],
        "seconds facteurs": [
            _values(row, "type", "created_at", "last_used_at") for row in user.authenticator_set.order_by("pk")
        ],
        "connexions": [
            _values(row, "ip", "user_agent", "created_at", "last_seen_at")
            for row in user.usersession_set.order_by("pk")
        ],
        "invitations": [
            _values(row, "email", "role", "call_slug", "sent_at", "expires_at", "accepted_at")
            for row in user.invitation_set.order_by("pk")
        ],
        "rôles": list(_roles(user)),
        "dossiers": [_dossier(member) for member in _memberships(user)],
        "liens d’intérêts": [
            {"dossier": row.application.reference, **_values(row, "kind", "declared_at", "lifted_at")}
            for row in user.interests.select_related("application").order_by("pk")
        ],
        "notes privées du jury": [
            {"dossier": row.hearing.application.reference, **_values(row, "leaning", "notes", "saved_at")}
            for row in Opinion.objects.filter(user=user).select_related("hearing__application").order_by("pk")
        ],
        "courriels": [_values(row, "to", "queued_at", "done_at", "state") for row in _mails(user)],
        "actes": [
            _values(row, "verb", "occurred_at") for row in JournalEntry.objects.filter(actor_id=user.pk).order_by("pk")
        ],
        "actes refusés": [
            _values(row, "reference", "verb", "code", "occurred_at")
            for row in Attempt.objects.filter(actor_id=user.pk).order_by("pk")
        ],
        "lignes qui vous nomment": _counts(user),
    }


def _values(row, *names):
    values = ((name, getattr(row, name)) for name in names)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values}


def _memberships(user):
    return Member.objects.filter(user=user).select_related("application__call").order_by("pk")


def _dossier(member):
    application = member.application
    answers = Answer.objects.filter(application=application).select_related("question__section")
    files = application.attachments.order_by("pk").values_list("name", flat=True)
    sealed = Submission.objects.filter(application=application).order_by("version")
    return {
        "référence": application.reference,
        "appel": application.call.slug,
        "état": application.get_state_display(),
        "votre rôle": member.get_role_display(),
        "depuis": member.since.isoformat(),
        "réponses": {answer.question.key: answer.value for answer in answers.order_by("question_id")},
        "pièces": list(files),
        "dépôts": [_values(row, "version", "arrived_at", "digest") for row in sealed],
    }


def _roles(user):
    for row in user.case_offices.select_related("call", "body").order_by("pk"):
        yield {"rôle": row.get_power_display(), "appel": row.call.slug, "pour": str(row.body)} | _values(row, "since")
    for row in user.rapporteurships.select_related("call", "body").order_by("pk"):
        yield {"rôle": "rapporteur", "appel": row.call.slug, "pour": str(row.body)}
    for row in user.seats.select_related("call").order_by("pk"):
        yield {"rôle": "membre du jury", "appel": row.call.slug} | _values(row, "name", "civility", "quality")


def _mails(user):
    addresses = [user.email, *user.emailaddress_set.values_list("email", flat=True)]
    return Message.objects.filter(to__in=addresses).order_by("pk")


def _counts(user):
    """`{"table.column": number of rows}` of every column that names the person."""
    counts = {}
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.is_relation and relation.auto_created:
            field = relation.field
            number = relation.related_model._default_manager.filter(**{field.name: user}).count()
            if number:
                counts[f"{relation.related_model._meta.label_lower}.{field.name}"] = number
    return dict(sorted(counts.items()))
