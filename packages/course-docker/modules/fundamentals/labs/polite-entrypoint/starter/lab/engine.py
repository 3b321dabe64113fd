"""python3 lab/engine.py process|stop: plays the container engine for entrypoint.sh and prints what came of it as JSON."""

import json
import os
import signal
import subprocess
import sys

environment = {**os.environ, "DATABASE_URL": "postgres://db/shop"}
environment.pop("DATABASE_URL_FILE", None)


def start(*application):
    return subprocess.Popen(
        ["bash", "entrypoint.sh", *application],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def end(container):
    """What is left of the session is killed, as the engine does when the first process has ended."""
    try:
        os.killpg(container.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def process():
    container = start("bash", "-c", "echo $$")
    answer = container.stdout.read(100).strip()
    container.wait()
    end(container)
    return {"application_has_the_first_process": answer == str(container.pid)}


def stop():
    container = start("bash", "lab/application.sh")
    said = container.stdout.readline(100)
    container.send_signal(signal.SIGTERM)
    try:
        code = container.wait(timeout=3)
    except subprocess.TimeoutExpired:
        code = -signal.SIGKILL
    end(container)
    said += container.stdout.read(1000)
    return {"application_said": said, "exit_code": code if code >= 0 else 128 - code}


print(json.dumps({"process": process, "stop": stop}[sys.argv[1]]()))
