# One point for each clear case.
. "${BASH_SOURCE[0]%/*}/read-verdicts.sh"

wrong=$(jq -r -n --argjson mine "$verdicts" --slurpfile answers "$answers" '
  $answers[0].plain | to_entries[] | select($mine[.key] != .value) | .key
') || exit 2
count=$(jq -n --slurpfile answers "$answers" '$answers[0].plain | length') || exit 2
if [ -z "$wrong" ]; then
  echo "All $count clear cases are right."
  exit 0
fi
missed=$(printf '%s\n' "$wrong" | wc -l)
printf 'points=%s\n' "$((count - missed))" >&3
printf 'Right: %s of %s clear cases. Look again at: %s.\n' "$((count - missed))" "$count" "$(printf '%s' "$wrong" | tr '\n' ' ' | sed 's/ /, /g')"
printf 'For each, read State.Status, State.ExitCode and State.Error in containers.json, and the meaning of the word you chose.\n'
exit 1
