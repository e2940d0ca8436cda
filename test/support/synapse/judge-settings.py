"""Reads a JSON list of homeserver settings, and prints for each what Synapse's own parser says: null, or its refusal."""

import json
import sys
import types

from synapse.config._base import ConfigError, format_config_error
from synapse.config.homeserver import HomeServerConfig


class PasswordProvider:
    """A password provider that can be named in settings."""

    @staticmethod
    def parse_config(config):
        return config


module = types.ModuleType("story_module")
module.PasswordProvider = PasswordProvider
sys.modules["story_module"] = module


def judge(settings):
    try:
        HomeServerConfig().parse_config_dict(settings, "", "")
    except ConfigError as error:
        return "".join(format_config_error(error))
    return None


print(json.dumps([judge(settings) for settings in json.load(sys.stdin)]))
