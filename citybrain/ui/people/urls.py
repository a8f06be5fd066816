"""Addresses of the pages about people, organisations, areas, roles, the calendar and the security log."""

from django.urls import path

from citybrain.ui.people import (
    areas,
    changing_organisations,
    days,
    log,
    mine,
    organisations,
    persons,
    posts,
    roles,
    tree,
)

app_name = "people"

urlpatterns = [
    path("organisations/", tree.organisations, name="organisations"),
    path("organisations/<slug:key>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:key>/branch/", tree.branch, name="organisation-branch"),
    path("organisations/<slug:key>/new/", changing_organisations.new, name="organisation-new"),
    path("organisations/<slug:key>/edit/", changing_organisations.edit, name="organisation-edit"),
    path("organisations/<slug:key>/move/", changing_organisations.move, name="organisation-move"),
    path("organisations/<slug:key>/dissolve/", changing_organisations.dissolve, name="organisation-dissolve"),
    path("organisations/<slug:key>/revive/", changing_organisations.revive, name="organisation-revive"),
    path("organisations/<slug:key>/posts/new/", posts.new, name="post-new"),
    path("posts/<slug:key>/", posts.post, name="post"),
    path("posts/<slug:key>/edit/", posts.edit, name="post-edit"),
    path("posts/<slug:key>/roles/", posts.roles, name="post-roles"),
    path("posts/<slug:key>/close/", posts.close, name="post-close"),
    path("appointments/new/", posts.appointing, name="appoint"),
    path("appointments/<int:number>/end/", posts.end, name="end"),
    path("appointments/<int:number>/stand-in/", posts.stand_in, name="stand-in"),
    path("delegations/<int:number>/revoke/", posts.revoke, name="revoke"),
    path("people/", persons.people, name="people"),
    path("people/new/", persons.new, name="person-new"),
    path("people/<int:number>/", persons.person, name="person"),
    path("people/<int:number>/edit/", persons.edit, name="person-edit"),
    path("people/<int:number>/close/", persons.close, name="person-close"),
    path("people/<int:number>/open/", persons.reopen, name="person-open"),
    path("people/<int:number>/password/", persons.password, name="person-password"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<slug:key>/", roles.role, name="role"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<slug:key>/", areas.area, name="area"),
    path("areas/<slug:key>/branch/", areas.branch, name="area-branch"),
    path("calendar/", days.year, name="calendar"),
    path("security-log/", log.log, name="log"),
    path("my-posts/", mine.mine, name="mine"),
    path("my-posts/switch/", mine.switch, name="switch"),
    path("my-posts/<int:number>/main/", mine.main, name="main"),
    path("my-posts/<int:number>/stand-in/", mine.lend, name="delegate"),
    path("my-posts/delegations/<int:number>/take-back/", mine.take_back, name="take-back"),
]
