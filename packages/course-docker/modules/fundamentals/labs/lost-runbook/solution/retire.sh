# Stops api with 30 seconds of patience, then removes it.
docker stop --time 30 api
docker rm api
