"""Patients, care teams and escorts."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_staff, clinical_team, roles, team
from openkap.people import views

app_name = "people"
taking_in = roles("coordinator")
arranging = team("coordinator", "prescriber")
correcting = team("coordinator", "nurse")

urlpatterns = [
    door("patients/", views.patients, name="patients", get=clinical_staff),
    door("patients/new/", views.new_patient, name="new_patient", get=taking_in, post=taking_in),
    door(
        "patients/<uuid:patient>/particulars/",
        views.particulars,
        name="particulars",
        get=correcting,
        post=correcting,
    ),
    door(
        "patients/<uuid:patient>/care-team/",
        views.care_team,
        name="care_team",
        get=clinical_team,
        post=arranging.with_step_up(),
    ),
    door(
        "patients/<uuid:patient>/care-team/<uuid:membership>/leave/",
        views.leave_care_team,
        name="leave_care_team",
        post=arranging.with_step_up(),
    ),
    door(
        "patients/<uuid:patient>/escort/", views.escort, name="escort", get=clinical_team, post=clinical_team
    ),
    door(
        "patients/<uuid:patient>/sign-in/",
        views.sign_in,
        name="sign_in",
        get=team("coordinator"),
        post=team("coordinator").with_step_up(),
    ),
]
