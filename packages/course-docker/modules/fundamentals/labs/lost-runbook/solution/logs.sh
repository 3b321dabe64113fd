# Prints the last 50 lines of api, with times.
docker logs --tail 50 --timestamps api
