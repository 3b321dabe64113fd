echo "Container ready"
