docker rm api
docker stop -t 30 api
