"""What gateway and console share."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from baclofen_faq import logs
from baclofen_faq.production import is_production
from service.settings.backups import backup_days
from service.settings.environment import database, listed
from service.settings.production import check_webhook

logs.configure()
os.umask(0o077)  # what is written holds what patients said: only the bot's user reads it

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_FOLDER", ROOT / "var"))

IS_PRODUCTION = is_production()
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")  # earlier ones: what they signed still holds
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
RASAS_SQLITE = {"init_command": "PRAGMA secure_delete=ON;"}  # only deleted from here; all else is Rasa's choice
DATABASES = {
    "default": database("DATABASE_URL", f"sqlite:///{VAR / 'conversations.db'}", SQLITE, conn_max_age=None),
    "rasa": database("RASA_DATABASE_URL", f"sqlite:///{VAR / 'rasa.db'}", RASAS_SQLITE),
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
