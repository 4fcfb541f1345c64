"""The world over HTTP: Confluent's REST v3 as one ASGI application."""
