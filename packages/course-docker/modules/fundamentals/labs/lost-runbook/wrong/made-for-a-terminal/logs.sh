docker logs -f -t -n 50 api
