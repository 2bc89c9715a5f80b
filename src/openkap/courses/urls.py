"""Courses and orders."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_team, team
from openkap.courses import views

app_name = "courses"
opening = team("prescriber", "coordinator")
ordering = team("prescriber")
signing = ordering.with_step_up()

urlpatterns = [
    door("patients/<uuid:patient>/courses/new/", views.open_course, name="open", get=opening, post=opening),
    door("courses/<uuid:course>/", views.course, name="course", get=clinical_team),
    door("courses/<uuid:course>/orders/<int:number>/", views.order, name="order", get=ordering, post=signing),
    door("orders/<uuid:order>/second/", views.second, name="second", get=ordering, post=signing),
    door(
        "orders/<uuid:order>/withdraw/",
        views.withdraw_order,
        name="withdraw_order",
        get=ordering,
        post=signing,
    ),
    door("courses/<uuid:course>/end/", views.end, name="end", get=opening, post=opening.with_step_up()),
]
