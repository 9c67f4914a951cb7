from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "hallway.sharing.feedback"
    label = "feedback"
