from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "hallway.learning.agenda"
    label = "agenda"
