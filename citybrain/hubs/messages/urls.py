"""Addresses of messages and announcements."""

from django.urls import URLPattern, path

from citybrain.hubs.messages.pages import inbox, news, receipts, robots, sending

urlpatterns: list[URLPattern] = [
    path("messages/", inbox.listing, name="messages"),
    path("messages/<int:pk>/", inbox.message, name="message"),
    path("messages/<int:pk>/confirm/", inbox.confirmed, name="message-confirm"),
    path("messages/read/", inbox.all_read, name="messages-read"),
    path("messages/preferences/", inbox.preferences, name="message-preferences"),
    path("messages/write/", sending.writing, name="message-write"),
    path("messages/sent/", sending.sent, name="messages-sent"),
    path("messages/sent/<int:pk>/", sending.sent_one, name="message-sent"),
    path("messages/deliveries/", sending.deliveries, name="message-deliveries"),
    path("messages/deliveries/<uuid:pk>/again/", sending.again, name="message-again"),
    path("messages/robots/", robots.robots, name="message-robots"),
    path("messages/robots/new/", robots.new_robot, name="message-robot-new"),
    path("messages/robots/<int:pk>/stop/", robots.stop, name="message-robot-stop"),
    path("messages/receipts/<slug:channel>/<slug:token>/", receipts.receipts, name="message-receipts"),
    path("news/", news.news, name="news"),
    path("news/<str:number>/", news.item, name="news-item"),
    path("news/<str:number>/publish/", news.publishing, name="news-publish"),
    path("news/<str:number>/withdraw/", news.withdrawing, name="news-withdraw"),
    path("news/<str:number>/confirm/", news.confirm, name="news-confirm"),
]
