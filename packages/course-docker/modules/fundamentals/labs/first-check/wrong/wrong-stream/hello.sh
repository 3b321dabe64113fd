# A diagnostic goes to standard error; the check reads standard output.
echo "container ready" >&2
