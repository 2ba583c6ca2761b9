#!/bin/sh
# Run once by the database's image: the gateway owns its database and is nothing more than that.
# The superuser keeps no password, so that only the socket inside the container leads to it.
set -eu
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" <<'SQL'
\getenv password POSTGRES_PASSWORD
CREATE ROLE mappa LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE mappa OWNER mappa;
REVOKE ALL ON DATABASE mappa FROM PUBLIC;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
