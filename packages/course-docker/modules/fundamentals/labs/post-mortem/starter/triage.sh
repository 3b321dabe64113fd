# Reads the output of docker inspect (a JSON array) from standard input
# and prints "NAME WORD" for each container.
jq -r '.[] | .Name'
