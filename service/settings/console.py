"""The console: what staff reach, and nobody else. Nothing of it is reachable through the gateway."""

import os
from datetime import timedelta

from csp.constants import NONE, SELF

from service.settings.base import *  # noqa: F403
from service.settings.environment import listed, one_of, whole_number
from service.settings.production import check_webhook, refuse_unsafe

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "service.conversations",
    "service.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "service.console.sign_in.SignInMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "service.console.urls"
USE_I18N = False  # it speaks English; to ask that for every number on a page costs a third of the page
ALLOWED_HOSTS = listed("CONSOLE_HOSTS", "127.0.0.1,localhost")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "service.console.sign_in.what_they_may",
            ]
        },
    }
]

if "postgresql" in DATABASES["default"]["ENGINE"]:
    # to compile a query costs more than it saves where a page stops at a thousand rows
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off", **DATABASES["default"]["OPTIONS"]}

AUTH_USER_MODEL = "console.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign_in", "inbox", "sign_in"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds for which a link for a new password works
OTP_TOTP_ISSUER = "Baclofen FAQ console"
IDLE_SECONDS = whole_number("CONSOLE_IDLE_SECONDS", 30 * 60)  # what a page asks by itself is no click
SESSION_COOKIE_AGE = 12 * 3600  # since the password, whatever is clicked
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "console_session", "console_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # links in an alert and for a new password come from elsewhere
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("CONSOLE_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]  # from wherever; a second factor and 15 minutes keep that from being a weapon
AXES_LOCKOUT_CALLABLE = "service.console.lock_out.locked_out"
AXES_USERNAME_CALLABLE = "service.console.lock_out.counted_as"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when the lock ends, and then it ends
AXES_DISABLE_ACCESS_LOG = True  # the audit log is the one
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",  # it warns of locking by user name alone, which is what is wanted
    "security.W021",  # whether a clinic's domain stands on the browsers' list of HTTPS-only ones is the clinic's choice
]

LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCAL_MEMORY},
    "figures": {"BACKEND": LOCAL_MEMORY, "LOCATION": "figures", "OPTIONS": {"MAX_ENTRIES": 5000}},  # counts of a day
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # the files as they stand in the repository; nothing is to be collected
CONSOLE_URL = os.environ.get("CONSOLE_URL", f"http://127.0.0.1:{os.environ.get('CONSOLE_PORT', '8000')}")

CONSOLE_TOTP_FOR = one_of("CONSOLE_TOTP_FOR", ("all", "clinicians"), "all" if IS_PRODUCTION else "clinicians")

ALERT_EMAIL_TO = listed("ALERT_EMAIL_TO")
ALERT_WEBHOOK_URL = os.environ.get("ALERT_WEBHOOK_URL", "")
ALERT_WEBHOOK_SECRET = os.environ.get("ALERT_WEBHOOK_SECRET", "")
EMAIL_HOST, EMAIL_PORT = os.environ.get("EMAIL_HOST", "localhost"), whole_number("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_USER", ""), os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS", "").lower() in ("1", "true", "yes")
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "baclofen-faq@localhost")
METRICS_HOST = os.environ.get("METRICS_HOST") or "127.0.0.1"  # of the process housekeeping; never the public's
METRICS_PORT = whole_number("METRICS_PORT", 9108)
check_webhook("ALERT_WEBHOOK", ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET, IS_PRODUCTION)

if IS_PRODUCTION:
    refuse_unsafe(is_debug=DEBUG)
