from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "hallway.gathering.attendance"
    label = "attendance"
