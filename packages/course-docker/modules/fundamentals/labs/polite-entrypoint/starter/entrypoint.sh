# The engine runs: bash entrypoint.sh COMMAND ARGUMENT...
export PORT=8080
echo "Starting the application"
node server.js
echo "The application has ended"
