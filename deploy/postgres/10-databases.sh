#!/bin/sh
# Makes the two databases, once, in an empty volume: the log (conversations), and Rasa's events (rasa), each with an owner
# of its own, so that Rasa cannot read the log. Passwords come from the environment.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --quiet \
    --set log_password="$LOG_PASSWORD" --set rasa_password="$RASA_PASSWORD" <<'SQL'
CREATE ROLE conversations LOGIN PASSWORD :'log_password';
CREATE ROLE rasa LOGIN PASSWORD :'rasa_password';
CREATE DATABASE conversations OWNER conversations;
CREATE DATABASE rasa OWNER rasa;
REVOKE CONNECT ON DATABASE conversations FROM PUBLIC;
REVOKE CONNECT ON DATABASE rasa FROM PUBLIC;
SQL
