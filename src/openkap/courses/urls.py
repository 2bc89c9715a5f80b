"""Courses and orders."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.courses import order_views, views

app_name = "courses"
opening = team("prescriber", "coordinator")
planning = team("coordinator", "prescriber", "nurse")
ordering = team("prescriber")
signing = ordering.with_step_up()

urlpatterns = [
    route(
        "patients/<uuid:patient>/courses/new/",
        name="open",
        show=views.open_course,
        do=views.open_one,
        get=opening,
        post=opening,
    ),
    route("patients/<uuid:patient>/course/", name="of_patient", show=views.of_patient, get=clinical_team),
    route("courses/<uuid:course>/", name="course", show=views.course, get=clinical_team),
    route(
        "courses/<uuid:course>/plan/",
        name="plan",
        show=views.plan,
        do=views.plan_sessions,
        get=planning,
        post=planning,
    ),
    route(
        "courses/<uuid:course>/orders/<int:number>/",
        name="order",
        show=order_views.order,
        do=order_views.order_steps,
        get=ordering,
        post=signing,
    ),
    route(
        "orders/<uuid:order>/second/",
        name="second",
        show=order_views.second,
        do=order_views.sign_second,
        get=ordering,
        post=signing,
    ),
    route(
        "orders/<uuid:order>/withdraw/",
        name="withdraw_order",
        show=order_views.withdraw_order,
        do=order_views.take_order_back,
        get=ordering,
        post=signing,
    ),
    route(
        "courses/<uuid:course>/end/",
        name="end",
        show=views.end,
        do=views.end_course,
        get=opening,
        post=opening.with_step_up(),
    ),
]
