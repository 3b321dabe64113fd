# Prints the last 50 lines of api, with times.
