# Starts the service. First argument: the version, 2.4 if there is none.
docker run -d \
  --name api \
  --publish 127.0.0.1:8080:3000 \
  --env LOG_LEVEL=warn \
  --memory 256m \
  --restart unless-stopped \
  "shop/api:${1:-2.4}"
