echo "container ready"
exit 1
