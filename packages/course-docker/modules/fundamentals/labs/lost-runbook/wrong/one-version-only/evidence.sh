# Saves /app/logs/error.log of the stopped api in evidence/.
docker cp api:/app/logs/error.log evidence/
