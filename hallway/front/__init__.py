"""The front: a thin ASGI application under uvicorn, with the WSGI application behind a bridge of its own.

It answers finished public pages, static files and live streams on the event loop and hands everything else
to the bridge's threads. It owns the sockets, the limits and the memory of finished pages. It knows no domain,
imports no web framework and never touches the ORM.
"""
