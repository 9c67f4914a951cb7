"""Django as the front's bridge calls it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
application = get_wsgi_application()
