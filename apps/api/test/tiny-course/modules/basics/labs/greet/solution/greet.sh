echo "${1:+SECRET-OUTPUT}${1:-hello}"
