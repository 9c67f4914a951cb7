"""The thin ASGI front: stored pages, static files, live streams and the bridge to Django. It knows no rows."""
