"""Courses and orders."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.courses import views

app_name = "courses"
opening = team("prescriber", "coordinator")
ordering = team("prescriber")
signing = ordering.with_step_up()

urlpatterns = [
    route("patients/<uuid:patient>/courses/new/", views.open_course, name="open", get=opening, post=opening),
    route("courses/<uuid:course>/", views.course, name="course", get=clinical_team),
    route(
        "courses/<uuid:course>/orders/<int:number>/", views.order, name="order", get=ordering, post=signing
    ),
    route("orders/<uuid:order>/second/", views.second, name="second", get=ordering, post=signing),
    route(
        "orders/<uuid:order>/withdraw/",
        views.withdraw_order,
        name="withdraw_order",
        get=ordering,
        post=signing,
    ),
    route("courses/<uuid:course>/end/", views.end, name="end", get=opening, post=opening.with_step_up()),
]
