from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "citybrain.centre.events"
    label = "events"
