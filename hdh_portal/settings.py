"""Settings of the portal: one file, the environment alone chooses back ends and strictness."""

import os
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from hdh_portal.ground import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# Profile, demonstration, places ------------------------------------------------------------------------------
HDH_PROFILE = environment.variable("HDH_PROFILE", "local")
if HDH_PROFILE not in ("local", "production"):
    raise ImproperlyConfigured("HDH_PROFILE is 'local' or 'production'.")
PRODUCTION = HDH_PROFILE == "production"
HDH_DEMO = environment.variable("HDH_DEMO") == "1"
if PRODUCTION and HDH_DEMO:
    raise ImproperlyConfigured("The demonstration (HDH_DEMO=1) is refused when HDH_PROFILE=production.")
DATA_DIR = Path(environment.variable("HDH_DATA_DIR", str(BASE_DIR / "var"))).resolve()
HDH_BASE_URL = environment.required("HDH_BASE_URL", HDH_PROFILE, "http://localhost:8000").rstrip("/")
HDH_PORTAL_NAME = environment.variable("HDH_PORTAL_NAME", "Appels à projets")
HDH_OPERATORS = environment.variable("HDH_OPERATORS", "Portail de dépôt et de sélection")
HDH_DIRECTOR = environment.variable("HDH_DIRECTOR", "à compléter par l’organisme qui ouvre ce portail")
HDH_HOST = environment.variable("HDH_HOST", "à compléter par l’organisme qui ouvre ce portail")
HDH_DPO = environment.variable("HDH_DPO", "à compléter par l’organisme qui ouvre ce portail")
# Where a weakness of the portal is told of, as RFC 9116 wants it: mailto:… or https://…; else the page of contacts.
HDH_SECURITY_CONTACT = environment.variable("HDH_SECURITY_CONTACT")
if HDH_SECURITY_CONTACT and not HDH_SECURITY_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured("HDH_SECURITY_CONTACT begins with mailto: or https://.")
HDH_PROXY_DIR = Path(environment.variable("HDH_PROXY_DIR", str(DATA_DIR / "proxy"))).resolve()
HDH_TRUSTED_PROXY = [part.strip() for part in environment.variable("HDH_TRUSTED_PROXY").split(",") if part.strip()]

# Secrets -------------------------------------------------------------------------------------------------------
SECRET_KEY = environment.required("SECRET_KEY", HDH_PROFILE)
HDH_SIGNING_KEY = environment.required("HDH_SIGNING_KEY", HDH_PROFILE)
if not PRODUCTION:
    SECRET_KEY = SECRET_KEY or environment.kept_secret(DATA_DIR / "keys" / "secret")
    HDH_SIGNING_KEY = HDH_SIGNING_KEY or environment.kept_secret(DATA_DIR / "keys" / "signing", size=32)
# Former keys: what they signed or encrypted still holds while they stand here (`manage.py rotate_keys` says the steps).
SECRET_KEY_FALLBACKS = [key.strip() for key in environment.variable("SECRET_KEY_FALLBACKS").split(",") if key.strip()]
HDH_TIMESTAMP_URL = environment.variable("HDH_TIMESTAMP_URL")
HDH_TIMESTAMP_CA = environment.variable("HDH_TIMESTAMP_CA")
if HDH_TIMESTAMP_URL and not (HDH_TIMESTAMP_URL.startswith(("https://", "http://")) and HDH_TIMESTAMP_CA):
    raise ImproperlyConfigured("HDH_TIMESTAMP_URL is a web address, and HDH_TIMESTAMP_CA a file of certificates.")
DEBUG = False
HOST = urlsplit(HDH_BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = [HOST] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [HDH_BASE_URL] if PRODUCTION else []

# What runs -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "hdh_portal.records",
    "hdh_portal.accounts",
    "applications",
    "reviews",
    "jury",
    "hdh_portal.callfile",
    "hdh_portal.desk",
    "hdh_portal.operations",
    "hdh_portal.demo",
]
MIDDLEWARE = [
    "hdh_portal.operations.middleware.WatchMiddleware",
    "hdh_portal.web.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hdh_portal.web.middleware.PolicyMiddleware",
    "hdh_portal.web.entrance.EntranceMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hdh_portal.accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hdh_portal.accounts.middleware.IdleMiddleware",
    "hdh_portal.accounts.middleware.SecondFactorMiddleware",
    "hdh_portal.web.once.OnceMiddleware",
    "hdh_portal.web.middleware.RefusedMiddleware",
    "hdh_portal.operations.middleware.ReadingMiddleware",
]
if HDH_DEMO:
    MIDDLEWARE.append("hdh_portal.demo.bar.BarMiddleware")
ROOT_URLCONF = "hdh_portal.urls"
WSGI_APPLICATION = "hdh_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hdh_portal.desk.context.portal",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "hdh_portal.ground.french",
                "hdh_portal.ground.wording",
                "hdh_portal.web.tags",
                "hdh_portal.desk.pages",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Databases, cache, broker ----------------------------------------------------------------------------------------
DATABASES = {
    "default": environment.database(
        environment.required("DATABASE_URL", HDH_PROFILE, f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"),
        DATA_DIR,
        # Only the web process is in a hurry; `wsgi.py` says that it is one.
        limits=environment.WEB if environment.variable("HDH_PROCESS") == "web" else environment.BEHIND,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits stand in the database: they must outlive Redis and be one for all processes.
# Django keeps 300 entries unless told otherwise: whoever sends from many addresses would push the limits out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
REDIS_URL = environment.required("REDIS_URL", HDH_PROFILE)
TEMPORARY_DIR = DATA_DIR / "tmp"
BROKER_DIR = DATA_DIR / "broker"
for folder in (TEMPORARY_DIR, BROKER_DIR / "queue", BROKER_DIR / "control"):
    environment.folder(folder)
# Kombu's filesystem transport moves messages through the temporary folder: it must be on the same disk, and ours.
tempfile.tempdir = str(TEMPORARY_DIR)
FILE_UPLOAD_TEMP_DIR = str(TEMPORARY_DIR)

# Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.variable("HDH_STATIC_DIR", str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "none"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "hdh_portal.web.intake.DiskHandler"]
HDH_CLAMAV = environment.variable("HDH_CLAMAV")

# Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Mail ------------------------------------------------------------------------------------------------------------
mailbox = {"EMAIL_BACKEND": "hdh_portal.records.mailbox.EmailBackend", "MAILBOX_DIR": DATA_DIR / "mailbox"}
globals().update(environment.mail(environment.required("EMAIL_URL", HDH_PROFILE)) or mailbox)
DEFAULT_FROM_EMAIL = environment.variable("HDH_MAIL_FROM", f"nepasrepondre@{HOST}")

environment.refuse_missing()

# Accounts --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["hdh_portal.accounts.backends.Backend"]
PASSWORD_HASHERS = ["hdh_portal.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "hdh_portal.accounts.passwords.CommonCoreValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:my_space"
ACCOUNT_ADAPTER = "hdh_portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Not by a code sent by mail: whoever reads a person's mails would pass for the person.
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_SESSION_REMEMBER = False
PASSWORD_RESET_TIMEOUT = 2 * 3600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "hdh_portal.accounts.forms.LoginForm",
    "signup": "hdh_portal.accounts.forms.SignupForm",
    "add_email": "hdh_portal.accounts.forms.AddEmailForm",
    "change_password": "hdh_portal.accounts.forms.ChangePasswordForm",
    "set_password": "hdh_portal.accounts.forms.SetPasswordForm",
    "reset_password": "hdh_portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "hdh_portal.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "hdh_portal.accounts.forms.ReauthenticateForm",
}
# A hospital is one address for many people: limits by address are wide, those by account and place are narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,10/300s/key",
    "signup": "30/m/ip",
    "reset_password": "30/m/ip,5/h/key",
}
MFA_ADAPTER = "hdh_portal.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "hdh_portal.accounts.forms.ActivateTOTPForm",
    "authenticate": "hdh_portal.accounts.forms.AuthenticateForm",
    "reauthenticate": "hdh_portal.accounts.forms.MFAReauthenticateForm",
    "authenticate_webauthn": "hdh_portal.accounts.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "hdh_portal.accounts.forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "hdh_portal.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "hdh_portal.accounts.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Codes of the step before and after ours are taken too: a telephone's clock may be half a minute off. Each only once.
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# What the stages say of people and outcomes, asked for by the floors below them, in the order of the pipeline.
HDH_SECOND_FACTOR_ROLES = [
    "applications.permissions.offices_of",
    "reviews.people.roles_of",
    "jury.seats.reading.roles_of",
]
HDH_SELECTING_PEOPLE = [
    "applications.found_interests.acting_for",
    "reviews.people.acting_for",
    "jury.seats.reading.acting_for",
]
HDH_RELEASES = [
    "applications.release.reading.Admissibility",
    "reviews.shortlist.release.Shortlisting",
    "jury.announcement.release.Results",
]
# Where a call stands after its first stage, for the page from which it is steered.
HDH_STEERING = ["reviews.desk.steering", "jury.desk.steering"]
# Acts to come that two people sign, and the page on which more of them are found.
HDH_COMING_ACTS = [
    "applications.release.coming.releases",
    "reviews.shortlist.coming.freezing",
    "jury.deliberation.coming.freezing",
]
HDH_PEOPLE_PAGE = "operations:person_list"
HDH_INVITATION_AHEAD = "hdh_portal.desk.invitations.ahead_at"
HDH_EVIDENCE = ["reviews.evidence.faults", "jury.evidence.faults"]
HDH_CLOSING_OBSTACLES = ["applications.permissions.running_deposit_sentence"]

# Sessions, cookies, headers --------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SITE = HDH_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SITE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SITE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hdh_portal.accounts.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_REDIRECT_EXEMPT = [r"^(health|ready)z$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HDH_TRUSTED_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "hdh_portal.web.flash.Storage"

# What those who run the portal see: logs with ids only, reports of errors, numbers ---------------------------------
HDH_LOGS = environment.log_style(HDH_PROFILE)
HDH_ERROR_REPORTS = environment.variable("HDH_ERROR_REPORTS")
HDH_METRICS_BIND = environment.variable("HDH_METRICS_BIND")
METRICS_DIR = DATA_DIR / "metrics" / socket.gethostname()  # Machines that share the data folder keep apart.
if HDH_METRICS_BIND:
    environment.folder(METRICS_DIR)
    os.environ.update(PROMETHEUS_MULTIPROC_DIR=str(METRICS_DIR))  # Prometheus' library reads it when it is imported.
# Distinct dossiers that one person reads in an hour before the log says so; 138 in a day of work are twenty an hour.
HDH_READINGS_AN_HOUR = environment.number("HDH_READINGS_AN_HOUR", 60)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "hdh_portal.operations.logs.Json"},
        "text": {"()": "hdh_portal.operations.logs.Text"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": HDH_LOGS},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "hdh_portal": {"level": "INFO"},
        # Django's own line of a failed request carries its path: ours does not.
        # A logger without any handler would still write it: Python's last resort is the error output.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
    },
}
if HDH_ERROR_REPORTS:
    LOGGING["handlers"]["reports"] = {"class": "hdh_portal.operations.reports.Reports", "dsn": HDH_ERROR_REPORTS}
    LOGGING["root"]["handlers"].append("reports")
