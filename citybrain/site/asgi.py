"""The ASGI application Granian serves."""

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

from citybrain.site.limits import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citybrain.site.settings")
# WhiteNoise hands out a few small files whole; that it does so synchronously costs nothing worth a warning.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
application = limited(get_asgi_application(), settings.UPLOAD_MAX_BYTES)
