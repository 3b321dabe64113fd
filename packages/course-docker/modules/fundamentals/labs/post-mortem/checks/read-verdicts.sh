# Sourced by the checks of verdicts.json. Sets `verdicts` to the learner's object as compact JSON, or ends the check.
# The file is hostile: size and shape are bounded here, and only jq ever reads its content.
here=${BASH_SOURCE[0]%/*}
answers=$here/answers.json
limit=16384

fail() {
  printf '%s\n' "$1"
  exit 1
}

[ -f verdicts.json ] || fail 'Expected a file verdicts.json in your submission; there is none. Start from the one that the lab came with.'
[ "$(wc -c < verdicts.json)" -le "$limit" ] ||
  fail "verdicts.json is larger than $limit bytes; a dozen short words need far less."
verdicts=$(head -c "$limit" verdicts.json | jq -c -s 'if length == 1 and (.[0] | type) == "object" then .[0] else error("shape") end' 2>/dev/null) ||
  fail 'verdicts.json is not one JSON object such as {"api": "running", ...}. Look for a missing comma or quotation mark; jq . verdicts.json names the line.'
