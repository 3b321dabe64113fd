# Prints the environment of the running api.
docker exec api env
