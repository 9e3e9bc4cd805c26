"""The gateway: the only part that the public reaches."""

import os

from service.settings.base import *  # noqa: F403

INSTALLED_APPS = ["service.conversations", "service.gateway"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "service.gateway.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

RASA_URL = os.environ.get("RASA_URL", "http://127.0.0.1:5005")
ENGINE_DEADLINE_SECONDS = 3.0
