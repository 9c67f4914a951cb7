from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "hallway.programme.schedule"
    label = "schedule"
