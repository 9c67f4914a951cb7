from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "hallway.gathering.events"
    label = "events"
