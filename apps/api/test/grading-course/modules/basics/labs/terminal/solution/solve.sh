touch here
