docker exec -it api env
