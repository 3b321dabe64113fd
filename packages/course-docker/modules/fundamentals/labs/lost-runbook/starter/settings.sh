# Prints the environment of the running api.
