"""Patients, care teams and escorts."""

from openkap.accounts.grants import clinical_staff, clinical_team, roles, team
from openkap.accounts.routes import route
from openkap.people import views

app_name = "people"
taking_in = roles("coordinator")
arranging = team("coordinator", "prescriber")
correcting = team("coordinator", "nurse")

urlpatterns = [
    route("patients/", views.patients, name="patients", get=clinical_staff),
    route("patients/new/", views.new_patient, name="new_patient", get=taking_in, post=taking_in),
    route(
        "patients/<uuid:patient>/particulars/",
        views.particulars,
        name="particulars",
        get=correcting,
        post=correcting,
    ),
    route(
        "patients/<uuid:patient>/care-team/",
        views.care_team,
        name="care_team",
        get=clinical_team,
        post=arranging.with_step_up(),
    ),
    route(
        "patients/<uuid:patient>/care-team/<uuid:membership>/leave/",
        views.leave_care_team,
        name="leave_care_team",
        post=arranging.with_step_up(),
    ),
    route(
        "patients/<uuid:patient>/escort/", views.escort, name="escort", get=clinical_team, post=clinical_team
    ),
    route(
        "patients/<uuid:patient>/sign-in/",
        views.sign_in,
        name="sign_in",
        get=team("coordinator"),
        post=team("coordinator").with_step_up(),
    ),
]
