"""The gateway: the only part that the public reaches."""

import os

from service.settings.base import *  # noqa: F403
from service.settings.production import refuse_unsafe

INSTALLED_APPS = ["service.conversations", "service.gateway"]
MIDDLEWARE = ["service.gateway.security_headers.security_headers"]
ROOT_URLCONF = "service.gateway.urls"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
IS_REST_CHANNEL_ON = not IS_PRODUCTION  # it takes any sender's word for who they are

RASA_URL = os.environ.get("RASA_URL", "http://127.0.0.1:5005")
ENGINE_DEADLINE_SECONDS = 3.0

if IS_PRODUCTION:
    refuse_unsafe(is_debug=DEBUG)
