from django.apps import AppConfig


class TakeawaysConfig(AppConfig):
    name = "hallway.sharing.takeaways"
    label = "takeaways"
