echo not yet
