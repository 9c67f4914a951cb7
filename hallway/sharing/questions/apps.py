from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "hallway.sharing.questions"
    label = "questions"
