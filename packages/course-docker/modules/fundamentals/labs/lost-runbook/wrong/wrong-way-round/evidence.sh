docker cp evidence/ api:/app/logs/error.log
