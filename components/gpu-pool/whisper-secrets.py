#!/usr/bin/python3
"""Keeps the secrets of a GPU droplet's worker in memory: takes them in over SSH, whole or not at all.

    whisper-secrets serve    what SSH runs for whoever delivers them, and nothing else: says which droplet this is and
                             what it holds, then takes a delivery, or gives up what it has and lets the worker finish
    whisper-secrets store    takes a bundle from the standard input; for an operator who brings it by hand, as root

A bundle is JSON: contents by file name. Its files lie below `current`, which leads to another folder at once when a
delivery is complete; whoever reads them sees all of the old ones or all of the new ones.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request

LARGEST_BUNDLE = 256 * 1024
FILE_NAME = re.compile(r"[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?(\.[a-z]+)?")
UNFINISHED = ".unfinished-"
BUNDLE_PREFIX = "bundle-"


class Refused(Exception):
    """What was asked for cannot be done; the text says why, and holds nothing of the secrets."""


def main():
    arguments = parse()
    os.umask(0o077)
    if arguments.verb == "serve":
        # Nobody waits here for ever.
        signal.alarm(60)
        serve(arguments)
    else:
        become_owner(arguments.folder)
        say({"holds": store(arguments.folder, sys.stdin.buffer.read(LARGEST_BUNDLE + 1))})


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["serve", "store"])
    parser.add_argument("--folder", default="/run/whisper-secrets")
    parser.add_argument("--metadata", default="http://169.254.169.254/metadata/v1")
    parser.add_argument("--worker-state", default="systemctl is-active whisper-worker.service")
    return parser.parse_args()


def serve(arguments):
    say(
        {
            "droplet": int(metadata(arguments.metadata, "id")),
            "tags": metadata(arguments.metadata, "tags").split(),
            "holds": held(arguments.folder),
            "worker": worker_state(arguments.worker_state),
        }
    )
    request = sys.stdin.buffer.readline(1024)
    if not request:
        return
    expected = json.loads(request)
    if expected == {"drain": True}:
        say({"holds": drain(arguments.folder)})
        return
    if not 0 < int(expected["bytes"]) <= LARGEST_BUNDLE:
        raise Refused("a delivery of that size is not taken")
    bundle = sys.stdin.buffer.read(int(expected["bytes"]))
    if digest_of(bundle) != expected["sha256"]:
        raise Refused("the delivery is not complete")
    say({"holds": store(arguments.folder, bundle)})


def metadata(address, name):
    # Whatever proxies the environment names, this is asked of the machine's own host.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/{name}", timeout=5) as answer:
        return answer.read(64 * 1024).decode()


def worker_state(command):
    answer = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10, check=False)
    return answer.stdout.decode().strip()


def held(folder):
    """Digest of the bundle that is in force, and that systemd was told of."""
    try:
        with open(f"{folder}/delivered", encoding="utf8") as stamp:
            digest = stamp.read().strip()
    except FileNotFoundError:
        return None
    return digest if digest == in_force(folder) else None


def in_force(folder):
    """Digest of the bundle that is in force."""
    try:
        return os.path.basename(os.readlink(f"{folder}/current")).removeprefix(BUNDLE_PREFIX)
    except FileNotFoundError:
        return None


def store(folder, bundle):
    files = files_of(bundle)
    digest = digest_of(bundle)
    with locked(folder):
        sweep(folder)
        if held(folder) == digest:
            return digest
        if in_force(folder) != digest:
            put_in_force(folder, files, digest)
        tell_systemd(folder, digest)
    return digest


def drain(folder):
    """Without secrets the worker does not start again, now or after a reboot. It may finish its job."""
    with locked(folder):
        if os.path.islink(f"{folder}/current"):
            os.unlink(f"{folder}/current")
        sweep(folder)
        tell_systemd(folder, "")
    return held(folder)


@contextlib.contextmanager
def locked(folder):
    with open(f"{folder}/.lock", "w", encoding="utf8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tell_systemd(folder, digest):
    """systemd watches this file, and restarts the worker."""
    with open(f"{folder}/delivered", "w", encoding="utf8") as stamp:
        stamp.write(f"{digest}\n")


def put_in_force(folder, files, digest):
    unfinished = tempfile.mkdtemp(prefix=UNFINISHED, dir=folder)
    for name, content in files.items():
        path = f"{unfinished}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x", encoding="utf8") as file:
            file.write(content)
    os.rename(unfinished, f"{folder}/{BUNDLE_PREFIX}{digest}")
    os.symlink(f"{BUNDLE_PREFIX}{digest}", f"{folder}/{UNFINISHED}link")
    os.replace(f"{folder}/{UNFINISHED}link", f"{folder}/current")
    sweep(folder)


def files_of(bundle):
    if len(bundle) > LARGEST_BUNDLE:
        raise Refused(f"a bundle has at most {LARGEST_BUNDLE} bytes")
    try:
        files = json.loads(bundle)
    except ValueError:
        # The error would quote what it could not read.
        raise Refused("the bundle is no JSON") from None
    if not isinstance(files, dict) or not files:
        raise Refused("a bundle has contents by file name")
    for name, content in files.items():
        if not FILE_NAME.fullmatch(name) or not isinstance(content, str):
            raise Refused("a bundle has texts by file name, of one folder at the most")
    return files


def sweep(folder):
    """Removes what an interrupted delivery left, and bundles that are no longer in force."""
    kept = f"{BUNDLE_PREFIX}{in_force(folder)}"
    for entry in os.scandir(folder):
        if entry.is_symlink() and entry.name.startswith(UNFINISHED):
            os.unlink(entry.path)
        elif entry.name.startswith((UNFINISHED, BUNDLE_PREFIX)) and entry.name != kept:
            shutil.rmtree(entry.path)


def become_owner(folder):
    """Root gives itself up for whom the folder is made, so that a later delivery can replace what this one leaves."""
    owner = os.stat(folder)
    if os.getuid() == 0 and owner.st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def digest_of(data):
    return hashlib.sha256(data).hexdigest()


def say(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Refused, KeyError, ValueError, OSError, subprocess.TimeoutExpired) as error:
        # Of any other error only its kind is told: a text may hold what was being read.
        say({"error": str(error) if isinstance(error, Refused) else type(error).__name__})
        sys.exit(1)
