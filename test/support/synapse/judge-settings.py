"""Reads a JSON list of homeserver settings, and prints for each what Synapse's own parser says: null, or its refusal."""

import json
import sys
import types

from synapse.config._base import ConfigError, format_config_error
from synapse.config.appservice import load_appservices
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
        # Read when the server starts; whatever is wrong with a file stops it.
        load_appservices(settings["server_name"], settings.get("app_service_config_files") or [])
    except ConfigError as error:
        return "".join(format_config_error(error))
    except (KeyError, TypeError, ValueError) as error:
        return str(error)
    return None


print(json.dumps([judge(settings) for settings in json.load(sys.stdin)]))
