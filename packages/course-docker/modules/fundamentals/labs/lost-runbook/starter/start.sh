# Starts the service. First argument: the version, 2.4 if there is none.
