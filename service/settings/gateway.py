"""The gateway: the only part that the public reaches."""

import os

from service.settings.base import *  # noqa: F403
from service.settings.channels import api_urls, channels, needed
from service.settings.environment import listed, rate, whole_number
from service.settings.production import refuse_unsafe, web_origins

INSTALLED_APPS = ["corsheaders", "service.conversations", "service.gateway"]
MIDDLEWARE = ["service.gateway.security_headers.security_headers", "corsheaders.middleware.CorsMiddleware"]
ROOT_URLCONF = "service.gateway.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *listed("ALLOWED_HOSTS")]  # health checks are local
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
IS_REST_CHANNEL_ON = not IS_PRODUCTION  # it takes any sender's word for who they are

_port = os.environ.get("GATEWAY_PORT", "8080")
OWN_ORIGINS = [] if IS_PRODUCTION else [f"http://127.0.0.1:{_port}", f"http://localhost:{_port}"]  # of the demo page
CORS_ALLOWED_ORIGINS = OWN_ORIGINS + web_origins(os.environ.get("WEB_ORIGINS", ""))
CORS_URLS_REGEX = r"^/web/"
CORS_ALLOW_METHODS = ["GET", "POST"]
CORS_ALLOW_HEADERS = ["authorization", "content-type"]
CORS_EXPOSE_HEADERS = ["retry-after"]
WEB_SESSION_SECONDS = whole_number("WEB_SESSION_SECONDS", 30 * 60)
WEB_LIMITS = {  # how often what is counted may happen, as PyPI's `limits` writes it: "20/minute"
    name: rate(f"WEB_LIMIT_{name.upper()}", usual)
    for name, usual in {
        "session_messages": "20/minute",  # over it an emergency still gets its guidance
        "address_messages": "300/minute",  # a clinic's waiting room shares one address
        "session_refusals": "1/minute",  # how often a messaging app says that it is too much
        "session_flood": "100/minute",  # over it nothing is looked at
        "address_flood": "1500/minute",
        "session_history": "60/minute",
        "address_history": "600/minute",
        "address_sessions": "120/minute",
    }.items()
}

CHANNELS = channels(os.environ.get("CHANNELS", ""))  # telegram, slack, twilio, facebook: the messaging apps that are on
CHANNEL_SETTINGS = needed(CHANNELS, os.environ, is_handed_off=bool(HANDOFF_URL))
CHANNEL_URLS = api_urls(os.environ)

ENGINE_DEADLINE_SECONDS = 3.0

if IS_PRODUCTION:
    refuse_unsafe(is_debug=DEBUG)
