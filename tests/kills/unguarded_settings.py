from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as GUARDED

INSTALLED_APPS = [*GUARDED, "tests.kills.unguarded.Unguarded"]
