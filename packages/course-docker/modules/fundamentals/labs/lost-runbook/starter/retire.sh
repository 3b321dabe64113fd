# Stops api with 30 seconds of patience, then removes it.
