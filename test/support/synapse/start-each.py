"""Starts Synapse once with each of the files named, one after the other, and prints as JSON how each start ended.

Each runs Synapse's own main in a process of its own; it is imported once for all, which takes most of the time of a start.
One that goes on running is ended: its code is negative then.
"""

import json
import os
import signal
import sys

from synapse.app import homeserver

SECONDS = 30


def run(file):
    code = 1
    try:
        signal.alarm(SECONDS)
        sys.argv = ["synapse.app.homeserver", "-c", file]
        homeserver.main()
        code = 0
    except SystemExit as end:
        # What Python itself does with it.
        code = end.code if isinstance(end.code, int) else 1
        if isinstance(end.code, str):
            print(end.code)
    except BaseException as error:
        print(repr(error))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def start(file):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.dup2(write, 1)
        os.dup2(write, 2)
        run(file)
    os.close(write)
    with os.fdopen(read, "rb") as output:
        said = output.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "said": said}


print(json.dumps([start(file) for file in sys.argv[1:]]))
