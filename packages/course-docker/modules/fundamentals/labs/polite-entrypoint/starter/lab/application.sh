# The application of this lab: says that it is up, and when it gets SIGTERM, saves and ends.
trap 'echo saved; exit 0' TERM
echo "up"
for _ in {1..100}; do sleep 0.05; done
exit 99
