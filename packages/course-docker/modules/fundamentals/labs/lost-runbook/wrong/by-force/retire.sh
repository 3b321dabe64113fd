docker rm -f api
