# Reads the output of docker inspect (a JSON array) from standard input
# and prints "NAME WORD" for each container, in the order of the input.
jq -r '
  def by_exit_code:
    if . == 0 then "finished"
    elif . == 126 then "command-not-executable"
    elif . == 127 then "command-not-found"
    elif . == 134 or . == 139 then "crashed"
    elif . == 137 then "killed"
    elif . == 143 then "terminated"
    else "application-error"
    end;

  def verdict:
    if .Running and (.Restarting | not) then "running"
    elif .Status == "created" and .ExitCode == 128 then "engine-refused"
    # The flag is also set when only a child was killed: it counts with the exit code that belongs to it.
    elif .OOMKilled and .ExitCode == 137 then "out-of-memory"
    else .ExitCode | by_exit_code
    end;

  .[] | "\(.Name | ltrimstr("/")) \(.State | verdict)"
'
