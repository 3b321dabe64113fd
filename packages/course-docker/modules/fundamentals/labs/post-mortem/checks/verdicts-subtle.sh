# One point for each case that a first glance gets wrong. Hidden, so that they are understood and not tried out.
. "${BASH_SOURCE[0]%/*}/read-verdicts.sh"

right=$(jq -n --argjson mine "$verdicts" --slurpfile answers "$answers" '
  [$answers[0].subtle | to_entries[] | select($mine[.key] == .value)] | length
') || exit 2
if [ "$right" = 4 ]; then
  echo 'All four unclear cases are right.'
  exit 0
fi
printf 'points=%s\n' "$right" >&3
printf '%s of 4 unclear cases are right; expected worker killed, proxy engine-refused, billing crashed, reports finished.\n' "$right"
exit 1
