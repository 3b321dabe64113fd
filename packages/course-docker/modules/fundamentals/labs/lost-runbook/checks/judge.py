"""judge.py CHECK: reads the calls that lab/record.sh wrote to $EXEC_DIR/stdout and judges them.

All of it is data from the learner: it is bounded, parsed and compared, never run.
Exit 0 passes, 1 fails; standard output is the learner's message; points for a part go to descriptor 3.
"""

import os
import posixpath
import re
import sys

LIMIT = 65_536
FIRST_VERSION, OTHER_VERSION = "2.4", "2.5.1"

# Options as Docker 26 to 29 know them; a short one is mapped to its long name.
RUN_FLAGS = set(
    "detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet"
    " read-only rm sig-proxy tty use-api-socket".split()
)
RUN_VALUES = set(
    "add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile"
    " cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device"
    " device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-option dns-search"
    " domainname entrypoint env env-file expose gpus group-add health-cmd health-interval health-retries"
    " health-start-interval health-start-period health-timeout hostname ip ip6 ipc isolation kernel-memory label"
    " label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap"
    " memory-swappiness mount name net net-alias network network-alias oom-score-adj pid pids-limit platform publish"
    " pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user userns"
    " uts volume volume-driver volumes-from workdir".split()
)
RUN_SHORT = {
    "a": "attach", "c": "cpu-shares", "d": "detach", "e": "env", "h": "hostname", "i": "interactive", "l": "label",
    "m": "memory", "P": "publish-all", "p": "publish", "q": "quiet", "t": "tty", "u": "user", "v": "volume",
    "w": "workdir",
}

# command: (flags, options with a value, short names, may options follow the arguments?)
COMMANDS = {
    "run": (RUN_FLAGS, RUN_VALUES, RUN_SHORT, False),
    "create": (RUN_FLAGS - {"detach"}, RUN_VALUES, {k: v for k, v in RUN_SHORT.items() if k != "d"}, False),
    "start": ({"attach", "interactive"}, {"detach-keys"}, {"a": "attach", "i": "interactive"}, True),
    "logs": (
        {"details", "follow", "timestamps"},
        {"since", "tail", "until"},
        {"f": "follow", "n": "tail", "t": "timestamps"},
        True,
    ),
    "exec": (
        {"detach", "interactive", "privileged", "tty"},
        {"detach-keys", "env", "env-file", "user", "workdir"},
        {"d": "detach", "e": "env", "i": "interactive", "t": "tty", "u": "user", "w": "workdir"},
        False,
    ),
    "cp": ({"archive", "follow-link", "quiet"}, set(), {"a": "archive", "L": "follow-link", "q": "quiet"}, True),
    "stop": (set(), {"signal", "time", "timeout"}, {"s": "signal", "t": "time"}, True),
    "rm": ({"force", "link", "volumes"}, set(), {"f": "force", "l": "link", "v": "volumes"}, True),
}


class Refused(Exception):
    """The call as it stands would be refused by docker; the text says why."""


def show(text):
    """A learner's text, short and printable."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return "`" + (clean if len(clean) <= 70 else clean[:67] + "...") + "`"


def finish(passed, message, points=None):
    if points is not None and not passed:
        os.write(3, f"points={points}\n".encode())
    print(message[:3500])
    sys.exit(0 if passed else 1)


def read_calls():
    """The recorded calls, each a list of arguments after `docker`."""
    with open(os.path.join(os.environ["EXEC_DIR"], "stdout"), "rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        finish(False, f"Your script printed more than {LIMIT} bytes. Expected a docker command or two: look for a loop.")
    calls = []
    for line in data.decode("utf-8", "replace").split("\n"):
        name, *arguments = line.split("\t")
        if name == "docker":
            escapes = {"\\\\": "\\", "\\t": "\t", "\\n": "\n"}
            calls.append([re.sub(r"\\[\\tn]", lambda m: escapes[m.group()], argument) for argument in arguments])
    return calls


class Call:
    """One parsed call: command, options (name to list of values) and the arguments that are left."""

    def __init__(self, arguments):
        words = list(arguments)
        if words and words[0] == "container":
            words.pop(0)
        if not words:
            raise Refused("`docker` alone only prints its help")
        self.command = words.pop(0)
        self.options, self.rest = {}, []
        if self.command.startswith("-"):
            raise Refused(f"expected a command such as run after docker, found {show(self.command)}")
        if self.command in COMMANDS:
            self._parse(words, *COMMANDS[self.command])

    def _parse(self, words, flags, values, short, options_may_follow):
        words = list(words)
        while words:
            word = words.pop(0)
            if word == "--":
                self.rest += words
                return
            if word.startswith("--"):
                name, equals, value = word[2:].partition("=")
                self._store(name, value if equals else None, words, flags, values, word)
            elif word.startswith("-") and word != "-":
                self._parse_short(word, words, flags, values, short)
            else:
                self.rest.append(word)
                if not options_may_follow:
                    self.rest += words
                    return

    def _parse_short(self, word, words, flags, values, short):
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            name = short.get(letter)
            if name is None:
                raise Refused(f"docker {self.command} has no option -{letter if letter.isprintable() else '?'} (in {show(word)})")
            if name in values:
                value = letters.removeprefix("=") if letters else None
                return self._store(name, value, words, flags, values, word)
            if letters.startswith("="):
                return self._store(name, letters[1:], words, flags, values, word)
            self._store(name, None, words, flags, values, word)

    def _store(self, name, value, words, flags, values, word):
        if name in flags:
            if value is not None and value.lower() not in ("1", "0", "t", "f", "true", "false"):
                raise Refused(f"{show(word)} takes no value but true or false")
            value = value is None or value.lower() in ("1", "t", "true")
        elif name in values:
            if value is None:
                if not words:
                    raise Refused(f"{show(word)} wants a value")
                value = words.pop(0)
        else:
            raise Refused(f"docker {self.command} has no option {show(word)}")
        self.options.setdefault(name, []).append(value)

    def last(self, name, default=None):
        return self.options.get(name, [default])[-1]


def parsed(script):
    calls = read_calls()
    if not calls:
        code = "?"
        try:
            with open(os.path.join(os.environ["EXEC_DIR"], "exit"), "rb") as file:
                code = re.sub(rb"[^0-9]", b"", file.read(16)).decode()
        except OSError:
            pass
        finish(False, f"Expected {script} to call docker; no call was recorded (exit code of the script: {code}). Look into {script}.")
    try:
        return [Call(arguments) for arguments in calls]
    except Refused as reason:
        finish(False, f"Docker would refuse a call in {script}: {reason}.")


def only(calls, script, *commands):
    """The one call of the given commands."""
    found = [call for call in calls if call.command in commands]
    if len(found) != 1:
        finish(False, f"Expected exactly one docker {commands[0]} in {script}, found {len(found)} (of {len(calls)} docker calls).")
    return found[0]


def image_fault(call, version):
    wanted = f"shop/api:{version}"
    if not call.rest:
        return f"Expected the image {wanted}, found none: is a word missing, or was the image taken as the value of an option?"
    image, *command = call.rest
    if image.removeprefix("docker.io/") != wanted:
        return f"Expected the image {wanted}, found {show(image)}."
    if command:
        return f"Expected nothing after the image, found {show(' '.join(command))}: that is the container's command, not an option of docker run."
    if "entrypoint" in call.options:
        return "Expected the image's own command, found --entrypoint."
    return None


def port_fault(call):
    if call.last("publish-all"):
        return "-P publishes on random ports of all addresses; expected 8080 on 127.0.0.1 alone."
    network = call.last("network", call.last("net", "bridge"))
    if network in ("host", "none") or network.startswith("container:"):
        return f"With the network {show(network)} there are no published ports; leave it out."
    published = call.options.get("publish", [])
    if [value.removesuffix("/tcp") for value in published] == ["127.0.0.1:8080:3000"]:
        return None
    found = ", ".join(show(value) for value in published[:3]) or "no published port"
    return f"Port: expected port 3000 of the container as port 8080 of 127.0.0.1 and nothing else, found {found}. The order is outside before inside."


def environment_fault(call):
    settings = [value.partition("=") for value in call.options.get("env", [])]
    found = [value if equals else None for name, equals, value in settings if name == "LOG_LEVEL"]
    if found and found[-1] == "warn":
        return None
    return f"Environment: expected LOG_LEVEL=warn, found {show(str(found[-1])) if found else 'no LOG_LEVEL'}."


def memory_fault(call):
    text = call.last("memory")
    if text is None:
        return "Memory: expected a limit of 256 MiB, found none."
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?) ?([kmgtp]?)i?b?", text.lower())
    size = float(match[1]) * 1024 ** " kmgtp".index(match[2] or " ") if match else None
    if size == 256 * 1024**2:
        return None
    return f"Memory: expected a limit of 256 MiB, found {show(text)}" + (f", which is {size:.0f} bytes." if size else ".")


def start_faults(calls, version):
    """(points, fault or None) for each requirement."""
    call = only(calls, "start.sh", "run", "create")
    if not call.rest:  # starts nothing, whatever else is right
        finish(False, image_fault(call, version))
    restart = call.last("restart", "no")
    if call.last("rm") and restart != "no":
        finish(False, "Docker would refuse it: --rm and --restart exclude each other. Which of the two does the page ask for?")
    if call.last("privileged"):
        finish(False, "Expected a service without special rights, found --privileged. Nothing on the page asks for it.")
    if call.command == "run":
        background = call.last("detach")
    else:
        started = [c for c in calls if c.command == "start" and call.last("name") in c.rest]
        background = len(started) == 1 and not started[0].last("attach") and not started[0].last("interactive")
    return [
        (1, None if call.last("name") == "api" else f"Name: expected api, found {show(call.last('name') or 'none')}."),
        (1, None if background else "Expected it in the background, found it tied to the terminal."),
        (2, port_fault(call)),
        (1, environment_fault(call)),
        (1, memory_fault(call)),
        (1, None if restart == "unless-stopped" else f"Restart policy: found {show(restart)}, which does not do what the page asks for. Compare the policies."),
        (1, image_fault(call, version)),
    ]


def judge_start():
    faults = start_faults(parsed("start.sh"), FIRST_VERSION)
    wrong = [fault for _, fault in faults if fault]
    if not wrong:
        finish(True, "start.sh starts the service as the page says.")
    finish(False, "\n".join(wrong), sum(points for points, fault in faults if not fault))


def judge_start_version():
    faults = start_faults(parsed("start.sh"), OTHER_VERSION)
    wrong = [fault for _, fault in faults if fault]
    finish(not wrong, f"bash start.sh {OTHER_VERSION}: " + ("\n".join(wrong) or "right."))


def judge_logs():
    call = only(parsed("logs.sh"), "logs.sh", "logs")
    if call.rest != ["api"]:
        finish(False, f"Expected the log of api, found {show(' '.join(call.rest)) if call.rest else 'no name'}.")
    if call.last("follow"):
        finish(False, "Expected logs.sh to end after the last line, but it follows the log and waits for more.")
    if call.last("tail") != "50":
        finish(False, f"Expected the last 50 lines, found {show(call.last('tail', 'no number of lines'))}.")
    if "since" in call.options or "until" in call.options:
        finish(False, "Expected the last 50 lines whenever they were written, found a limit by time.")
    if not call.last("timestamps"):
        finish(False, "Expected a time before each line, found no option for it.")
    finish(True, "logs.sh asks for the last 50 lines with their times.")


def judge_settings():
    call = only(parsed("settings.sh"), "settings.sh", "exec")
    if not call.rest or call.rest[0] != "api":
        finish(False, f"Expected to run something in api, found {show(call.rest[0]) if call.rest else 'no container'}.")
    if call.last("tty") or call.last("interactive"):
        finish(False, "Expected a command without terminal and keyboard, since a cron job calls it; found -t or -i. There the client says: the input device is not a TTY.")
    if call.last("detach"):
        finish(False, "Expected to see the output, but -d runs the program in the background and prints nothing.")
    if "env" in call.options or "env-file" in call.options:
        finish(False, "Expected the container's own environment, found options that change it.")
    command = call.rest[1:]
    if len(command) == 3 and posixpath.basename(command[0]) in ("sh", "bash", "ash") and command[1] == "-c":
        command = command[2].split()
    if len(command) != 1 or posixpath.basename(command[0]) not in ("env", "printenv"):
        finish(False, f"Expected the program env or printenv in api, found {show(' '.join(command)) if command else 'no program'}.")
    finish(True, "settings.sh prints the environment of api.")


def judge_evidence():
    calls = parsed("evidence.sh")
    call = only(calls, "evidence.sh", "cp")
    others = [c.command for c in calls if c.command in ("exec", "start", "restart", "run", "unpause")]
    if others:
        finish(False, f"Expected to leave the crashed container as it is, found docker {others[0]}.")
    if len(call.rest) != 2:
        finish(False, f"Expected a source and a destination after docker cp, found {len(call.rest)} arguments.")
    source, destination = call.rest
    container, colon, path = source.partition(":")
    if not colon or container != "api":
        finish(False, f"Expected to copy out of api, found the source {show(source)}. The first argument is where the file comes from.")
    if posixpath.normpath(posixpath.join("/", path)) != "/app/logs/error.log":
        finish(False, f"Expected the file /app/logs/error.log of api, found {show(path)}.")
    target = posixpath.normpath(posixpath.join("/workspace", destination))
    if target not in ("/workspace/evidence", "/workspace/evidence/error.log") and posixpath.dirname(target) != "/workspace/evidence":
        finish(False, f"Expected the copy in evidence/ of this folder, found {show(destination)}.")
    finish(True, "evidence.sh saves the file, whether api runs or not.")


def judge_retire():
    calls = parsed("retire.sh")
    if any(call.command == "kill" for call in calls):
        finish(False, "Expected to ask api to stop, found docker kill, which does not ask.")
    stop, remove = only(calls, "retire.sh", "stop"), only(calls, "retire.sh", "rm")
    if remove.last("force"):
        finish(False, "Expected to remove a container that has ended, found docker rm with force, which kills it at once.")
    if stop.rest != ["api"] or remove.rest != ["api"]:
        finish(False, "Expected to stop and to remove api, and nothing else.")
    if calls.index(stop) > calls.index(remove):
        finish(False, "Expected stop before rm; docker refuses to remove a running container.")
    if stop.last("signal", "SIGTERM").upper().removeprefix("SIG") not in ("TERM", "15"):
        finish(False, f"Expected the usual request to stop, found the signal {show(stop.last('signal'))}.")
    patience = stop.last("time", stop.last("timeout", "10"))
    if patience != "30":
        finish(False, f"Expected 30 seconds of patience, found {show(patience)}. Without an option it is 10.")
    finish(True, "retire.sh grants 30 seconds, then removes the container.")


JUDGES = {
    "start": judge_start,
    "start-version": judge_start_version,
    "logs": judge_logs,
    "settings": judge_settings,
    "evidence": judge_evidence,
    "retire": judge_retire,
}

if __name__ == "__main__":
    JUDGES[sys.argv[1]]()
