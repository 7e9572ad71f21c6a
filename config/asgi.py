"""Events that stay open (``/events``). Pages are served by ``config.wsgi``, which is several times faster."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
