"""The settings of a server that serves the peers' addresses and nothing of ours."""

from benchmarks.peer_settings import *  # noqa: F403
from benchmarks.peer_settings import PEER_MIDDLEWARE

MIDDLEWARE = PEER_MIDDLEWARE
ROOT_URLCONF = "benchmarks.peer_urls"
LOGIN_URL = "/admin/login/"
