"""Lets Synapse's own AuthHandler hash and check passwords, without a homeserver around it.

stdin: a JSON array of {password, pepper, typed, edit?: {from, to, text}}; stdout: for each {hash, letsIn}, where the
hash is of `password`, edited, and letsIn says whether `typed` is let in: true, false, or the name of an exception.
"""

import json
import sys
from types import SimpleNamespace

from synapse.handlers import auth


async def at_once(_reactor, work, *args):
    return work(*args)


auth.defer_to_thread = at_once


def ended(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("it waits for something")


def handler(pepper):
    made = auth.AuthHandler.__new__(auth.AuthHandler)
    config = SimpleNamespace(auth=SimpleNamespace(password_pepper=pepper))
    made.hs = SimpleNamespace(config=config, get_reactor=lambda: None)
    made.bcrypt_rounds = 4
    return made


def answer(case):
    made = handler(case["pepper"])
    hashed = ended(made.hash(case["password"]))
    edit = case.get("edit")
    if edit:
        hashed = hashed[: edit["from"]] + edit["text"] + hashed[edit["to"] :]
    try:
        lets_in = ended(made.validate_hash(case["typed"], hashed))
    except (ValueError, UnicodeError) as refused:
        lets_in = type(refused).__name__
    return {"hash": hashed, "letsIn": lets_in}


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
