#!/usr/bin/python3
"""Does what /start.py of Synapse's official image does for `run`, and no more.

Synapse runs on the configuration that SYNAPSE_CONFIG_PATH names (default: homeserver.yaml in SYNAPSE_CONFIG_DIR, by
default /data), as UID:GID; without UID, and started as root, as 991:991.
"""

import os
import sys

mode, *more = sys.argv[1:] or ["run"]
if mode != "run":
    sys.exit(f"Unknown execution mode '{mode}'")
if "-m" not in more:
    more = ["-m", os.environ.get("SYNAPSE_WORKER", "synapse.app.homeserver"), *more]
if not any(argument.startswith(("--config-path", "-c")) for argument in more):
    folder = os.environ.get("SYNAPSE_CONFIG_DIR", "/data")
    path = os.environ.get("SYNAPSE_CONFIG_PATH", f"{folder}/homeserver.yaml")
    if not os.path.exists(path):
        sys.exit(f"Config file '{path}' does not exist.")
    more += ["--config-path", path]
owner = os.environ.get("UID", "991" if os.getuid() == 0 else None)
become = [] if owner is None else ["setpriv", f"--reuid={owner}", f"--regid={os.environ.get('GID', '991')}", "--clear-groups"]
command = [*become, sys.executable, *more]
os.execvp(command[0], command)
