# Prints the state of this container.
echo "container not ready"
