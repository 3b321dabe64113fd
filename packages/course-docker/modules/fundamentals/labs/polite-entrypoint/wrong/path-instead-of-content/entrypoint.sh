# The engine runs: bash entrypoint.sh COMMAND ARGUMENT...
set -u

refuse() {
  printf 'entrypoint: %s\n' "$1" >&2
  exit 78
}

if [ -n "${DATABASE_URL_FILE:-}" ]; then
  [ -z "${DATABASE_URL:-}" ] || refuse 'DATABASE_URL and DATABASE_URL_FILE are both set; choose one'
  [ -f "$DATABASE_URL_FILE" ] && [ -r "$DATABASE_URL_FILE" ] ||
    refuse "DATABASE_URL_FILE: $DATABASE_URL_FILE cannot be read"
  DATABASE_URL=$DATABASE_URL_FILE
fi
[ -n "${DATABASE_URL:-}" ] || refuse 'DATABASE_URL (or DATABASE_URL_FILE) is not set'

export DATABASE_URL PORT="${PORT:-8080}" LOG_LEVEL="${LOG_LEVEL:-info}"

exec "$@"
