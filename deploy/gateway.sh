#!/bin/sh
# Starts a gateway in its container: brings its own outbox up to date, then is the gateway.
set -eu
python -W ignore manage.py migrate --database outbox --verbosity 0
exec uvicorn service.asgi:application --host 0.0.0.0 --port 8080 --log-level warning --no-access-log --no-server-header --ws none
