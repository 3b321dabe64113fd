# bash lab/record.sh SCRIPT [ARGUMENT...]
# Runs SCRIPT with a `docker` that writes each call as one line to standard output, arguments separated by tabs,
# and does nothing else (stop prints the name, as the client does). What the script itself prints goes to standard error.
exec 4>&1 1>&2

docker() {
  local line=docker argument
  for argument in "$@"; do
    argument=${argument//\\/\\\\}
    argument=${argument//$'\t'/\\t}
    argument=${argument//$'\n'/\\n}
    line+=$'\t'$argument
  done
  printf '%s\n' "$line" >&4
  if [[ ${1-} == stop || ${1-}/${2-} == container/stop ]]; then printf '%s\n' "${!#}"; fi
}
export -f docker

exec bash "$@"
