docker exec api cat /app/logs/error.log > evidence/error.log
