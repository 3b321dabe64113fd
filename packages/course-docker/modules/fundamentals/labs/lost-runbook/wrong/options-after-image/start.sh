docker run -d --name api "shop/api:${1:-2.4}" -p 127.0.0.1:8080:3000 -e LOG_LEVEL=warn -m 256m --restart unless-stopped
