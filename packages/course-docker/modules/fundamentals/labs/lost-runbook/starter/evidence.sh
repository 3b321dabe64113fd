# Saves /app/logs/error.log of the stopped api in evidence/.
