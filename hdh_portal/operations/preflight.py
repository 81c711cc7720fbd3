"""What is looked at before a process of the portal starts: each fault one English line that says what to do.

`manage.py preflight` runs all of it, `check --deploy` what needs no other server to answer. The messages are Django's
(`Error` stops a start, `Warning` does not). Nothing here repairs anything.
"""

import ipaddress
import os
import smtplib
import ssl
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from applications.dossier.antivirus import answers
from hdh_portal.celery import app
from hdh_portal.operations import checks, readings
from hdh_portal.records import sandbox, signing
from hdh_portal.records.models import SigningKey

PROCESSES = ("serve", "worker", "beat")
MOST_OFFSET_SECONDS = 2.0
LEAST_FREE_BYTES = 2_000_000_000
# A network as wide as a /8 is no proxy's: whoever stands in it could say when a deposit arrived.
WIDEST_IPV4, WIDEST_IPV6 = 8, 32
PROBES = []


def probe(*tags, processes=PROCESSES, deploy=True):
    """Decorate a check `(process=, **others) -> [CheckMessage]`; `processes`: whose start it belongs to.

    `deploy`: False for what asks a server that a deployment check may not need to reach.
    """

    def keep(function):
        PROBES.append((function, processes))
        return register("preflight", *tags, deploy=True)(function) if deploy else function

    return keep


def faults(process=None):
    """Every fault that concerns a process (all of them unless named), those of the start-up checks among them."""
    found = checks.settings_are_safe(None) + checks.database_keeps_what_it_acknowledged(None, ["default"])
    for function, processes in PROBES:
        if process is None or process in processes:
            found += function(process=process, databases=["default"])
    return found


# Keys, pages, folders ----------------------------------------------------------------------------------------------


@probe(Tags.database)
def signing_key_is_known(databases=None, **_others):
    """Receipts are signed under a key that was used or announced before: a mistyped one would pass unseen."""
    public = checks.public_key_of(settings.HDH_SIGNING_KEY)
    if not databases or public is None:
        return []
    try:
        known = list(SigningKey.objects.order_by("first_used_at", "pk").values_list("key_id", flat=True))
    except DatabaseError:
        return []  # Said by the check of the database.
    own = signing.key_id(public)
    if not known or own in known:
        return []
    hint = "give back the old key, or announce the new one: manage.py preflight --announce-key"
    return [Error(f"HDH_SIGNING_KEY is key {own}; receipts were signed under {known[-1]}: {hint}.", id="hdh.E020")]


@probe(processes=("serve",))
def static_files_are_collected(**_others):
    """The manifest is there, and every file that it names: without it each page is an error."""
    manifest = getattr(staticfiles_storage, "manifest_name", None)
    if manifest is None:
        return []
    names = staticfiles_storage.load_manifest()[0]
    if not names:
        return [Error(f"No static files in {settings.STATIC_ROOT}: manage.py collectstatic --no-input.", id="hdh.E021")]
    lost = sorted(name for name in names.values() if not Path(settings.STATIC_ROOT, name).is_file())
    if not lost:
        return []
    said = f"{len(lost)} static files are missing in {settings.STATIC_ROOT}, such as {lost[0]}"
    return [Error(f"{said}: manage.py collectstatic --no-input.", id="hdh.E022")]


@probe(processes=("serve",))
def proxy_is_plausible(**_others):
    """Each address or network of the proxy parses and is narrow; production without a proxy is said."""
    if not settings.HDH_TRUSTED_PROXY:
        said = "HDH_TRUSTED_PROXY is empty: no proxy is believed on when a deposit arrived; name its address."
        return [Warning(said, id="hdh.W023")] if settings.PRODUCTION else []
    return [
        Error(f"HDH_TRUSTED_PROXY names {part!r}, {fault}: give the proxy's own address or network.", id="hdh.E023")
        for part in settings.HDH_TRUSTED_PROXY
        if (fault := _fault_of_network(part))
    ]


def _fault_of_network(part):
    if part == "unix":
        return ""
    try:
        network = ipaddress.ip_network(part)
    except ValueError:
        return "which is no address or network"
    least = WIDEST_IPV4 if network.version == 4 else WIDEST_IPV6
    return "which is wider than any proxy's" if network.prefixlen < least else ""


@probe()
def data_folder_takes_files(**_others):
    """A file can be written beside its place and renamed into it; there is room."""
    folder = settings.DATA_DIR
    try:
        with tempfile.NamedTemporaryFile(dir=settings.TEMPORARY_DIR) as written:
            written.write(b"preflight")
    except OSError as error:
        said = f"HDH_DATA_DIR {folder} cannot be written by this user ({error.strerror}): give it to them."
        return [Error(said, id="hdh.E024")]
    found = []
    files = folder / "files"
    if files.exists() and os.stat(settings.TEMPORARY_DIR).st_dev != os.stat(files).st_dev:
        said = f"{files} and {settings.TEMPORARY_DIR} are on two file systems: a file could not be renamed into place."
        found.append(Error(said, id="hdh.E025"))
    if readings.disk_free_bytes() < LEAST_FREE_BYTES:
        said = f"Less than {LEAST_FREE_BYTES // 10**9} GB are free in {folder}: make room before uploads are refused."
        found.append(Warning(said, id="hdh.W026"))
    return found


@probe(processes=("serve", "worker"))
def strangers_files_are_confined(**_others):
    """The kernel keeps what reads an upload from keys, database and secrets."""
    said = "This kernel has no Landlock: what reads a stranger's file could read our secrets; take Linux 5.13 or later."
    return [Warning(said, id="hdh.W034")] if settings.PRODUCTION and not sandbox.can_confine() else []


# Database and its clock --------------------------------------------------------------------------------------------


@probe(Tags.database)
def database_is_up_to_date(databases=None, **_others):
    """Every migration is applied."""
    if not databases:
        return []
    try:
        plan = unapplied()
    except DatabaseError:
        return []  # Said by the check of the database.
    return [Error(f"{len(plan)} migrations are not applied: make migrate.", id="hdh.E027")] if plan else []


def unapplied():
    """The migrations that this code has and the database has not."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


@probe(Tags.database)
def clocks_agree(databases=None, **_others):
    """This machine's clock and the database's."""
    if not databases:
        return []
    try:
        offset = readings.database_clock_offset()
    except DatabaseError:
        return []  # Said by the check of the database.
    if abs(offset) <= MOST_OFFSET_SECONDS:
        return []
    said = f"The database's clock and this machine's differ by {abs(offset):.1f} s: let both follow one time server."
    return [Error(said, id="hdh.E028")]


@probe(Tags.database, deploy=False)
def database_role_is_plain(**_others):
    """A superuser could set triggers aside: production has no need of one."""
    if connection.vendor != "postgresql" or not settings.PRODUCTION:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser')")
            is_superuser = cursor.fetchone()[0] == "on"
    except DatabaseError:
        return []  # Said by the check of the database.
    said = "The database role is a superuser, who may set the triggers aside: give the portal a role of its own."
    return [Warning(said, id="hdh.W029")] if is_superuser else []


# Other servers -----------------------------------------------------------------------------------------------------


@probe(deploy=False)
def broker_answers(process=None, **_others):
    """Redis, without which nobody tells the worker; the web process does without it, as ever."""
    if not settings.REDIS_URL:
        return []
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=4, interval_start=0.5, interval_step=0.5, timeout=8)
    except Exception as error:  # Each version of the client raises its own kinds.
        kind = Warning if process == "serve" else Error
        return [kind(f"The broker of REDIS_URL does not answer ({type(error).__name__}): start it.", id="hdh.E030")]
    return []


@probe(processes=("worker",), deploy=False)
def mail_server_answers(**_others):
    """EHLO, and TLS where it is asked for. Mails wait for a server that is away: a warning."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        return []
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        _greet()
    except (OSError, smtplib.SMTPException) as error:
        said = f"The mail server {server} of EMAIL_URL does not answer as asked ({type(error).__name__}): mails wait."
        return [Warning(said, id="hdh.W031")]
    return []


def _greet():
    secure = ssl.create_default_context()
    if settings.EMAIL_USE_SSL:
        server = smtplib.SMTP_SSL(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5, context=secure)
    else:
        server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5)
    with server:
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=secure)


@probe(processes=("worker",))
def papers_can_be_made(**_others):
    """One line is printed: WeasyPrint finds Pango and the packaged fonts."""
    try:
        # Found by its name: WeasyPrint is large, and the web process reads this module too.
        import_string("hdh_portal.records.rendering.pdf")("operations/paper_probe.html", {})
    except Exception as error:  # Whatever is missing: the library itself, Pango, a font.
        said = f"No paper can be printed ({type(error).__name__}): install Pango as README says."
        return [Error(said, id="hdh.E032")]
    return []


@probe(deploy=False)
def antivirus_answers(**_others):
    """The antivirus, where one is asked for. Without it files wait in quarantine, and everything else goes on."""
    said = "The antivirus of HDH_CLAMAV does not answer: start clamd, or files stay in quarantine."
    return [] if answers() else [Warning(said, id="hdh.W033")]
