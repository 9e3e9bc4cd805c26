"""What gateway and console share."""

import os
from pathlib import Path

import dj_database_url
from django.core.management.utils import get_random_secret_key

from baclofen_faq import logs
from service.settings.backups import backup_days
from service.settings.production import check_webhook

logs.configure()

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_FOLDER", ROOT / "var"))

IS_PRODUCTION = os.environ.get("PRODUCTION", "").lower() in ("1", "true", "yes")
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["service.conversations"]
SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 2,
}
POSTGRESQL = {  # a server that is gone is noticed in seconds, not in the two hours of TCP
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
LOG = dj_database_url.parse(
    os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'conversations.db'}", conn_max_age=None
)
RASA = dj_database_url.parse(os.environ.get("RASA_DATABASE_URL") or f"sqlite:///{VAR / 'rasa.db'}")  # only deleted from
DATABASES = {
    "default": {**LOG, "OPTIONS": {**(SQLITE if "sqlite" in LOG["ENGINE"] else POSTGRESQL), **LOG.get("OPTIONS", {})}},
    "rasa": {
        **RASA,
        "OPTIONS": {"init_command": "PRAGMA secure_delete=ON;"} if "sqlite" in RASA["ENGINE"] else POSTGRESQL,
    },
    "outbox": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "outbox.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": SQLITE,
    },
}
HANDOFF_URL = os.environ.get("HANDOFF_URL", "")  # the clinic's desk: where a conversation goes that needs a person
HANDOFF_SECRET = os.environ.get("HANDOFF_SECRET", "")  # both sides sign with it
check_webhook("HANDOFF", HANDOFF_URL, HANDOFF_SECRET, IS_PRODUCTION)
RASA_URLS = os.environ.get("RASA_URLS", "http://127.0.0.1:5005").split(",")
BACKUP_KEEP_DAYS = backup_days(os.environ.get("BACKUP_KEEP_DAYS") or "14")  # said wherever something is deleted
BACKUP_FOLDER = Path(os.environ["BACKUP_FOLDER"]) if os.environ.get("BACKUP_FOLDER") else None  # None: none is kept
DATABASE_ROUTERS = ["service.conversations.models.OutboxRouter"]
LOGGING_CONFIG = None  # baclofen_faq.logs does it, at the top: what stops the start is a line like all others
