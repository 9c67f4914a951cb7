from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hallway.exchange"
    label = "exchange"
