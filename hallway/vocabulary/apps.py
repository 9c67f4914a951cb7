from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "hallway.vocabulary"
    label = "vocabulary"
