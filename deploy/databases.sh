#!/bin/sh
# Makes the two databases, each with an owner of its own, and the extension that Prefect's needs. Run once, as PostgreSQL's superuser.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v duban="$DUBAN_DB_PASSWORD" -v prefect="$PREFECT_DB_PASSWORD" <<'SQL'
CREATE ROLE duban LOGIN PASSWORD :'duban';
CREATE ROLE prefect LOGIN PASSWORD :'prefect';
CREATE DATABASE duban OWNER duban ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE prefect OWNER prefect ENCODING 'UTF8' TEMPLATE template0;
SQL
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname prefect -c 'CREATE EXTENSION IF NOT EXISTS pg_trgm'
