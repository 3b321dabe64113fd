# Each container has one of the words; nothing else is in the object.
. "${BASH_SOURCE[0]%/*}/read-verdicts.sh"

report=$(jq -r -n --argjson mine "$verdicts" --slurpfile answers "$answers" '
  ($answers[0].plain + $answers[0].subtle | keys) as $names
  | $answers[0].words as $words
  | [$names[] | select($mine[.] == null or $mine[.] == "")] as $missing
  | [$names[] | . as $name | select(($missing | index($name)) == null)
      | select([$words[] == $mine[$name]] | any | not)] as $unknown
  | ([$mine | keys[] | . as $name | select(($names | index($name)) == null)] | length) as $strangers
  | (if $missing == [] then empty else "No verdict yet for: \($missing | join(", "))." end),
    (if $unknown == [] then empty else "Not a word of the table in the instructions, at: \($unknown | join(", "))." end),
    (if $strangers == 0 then empty else "\($strangers) key(s) in verdicts.json are no container of containers.json; names are written without the slash." end)
') || fail 'verdicts.json could not be read as a dozen names with one word each.'

[ -z "$report" ] || fail "$report"
echo 'Each of the twelve containers has a verdict.'
