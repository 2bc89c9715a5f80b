"""Patients, care teams and escorts."""

from openkap.accounts.grants import clinical_staff, clinical_team, roles, team
from openkap.accounts.routes import route
from openkap.people import views

app_name = "people"
taking_in = roles("coordinator")
arranging = team("coordinator", "prescriber")
correcting = team("coordinator", "nurse")
furnishing = roles("administrator", "coordinator")

urlpatterns = [
    route("patients/", name="patients", show=views.patients, get=clinical_staff),
    route(
        "patients/new/",
        name="new_patient",
        show=views.new_patient,
        do=views.register,
        get=taking_in,
        post=taking_in,
    ),
    route(
        "patients/<uuid:patient>/particulars/",
        name="particulars",
        show=views.particulars,
        do=views.correct,
        get=correcting,
        post=correcting,
    ),
    route(
        "patients/<uuid:patient>/care-team/",
        name="care_team",
        show=views.care_team,
        do=views.join_care_team,
        get=clinical_team,
        post=arranging.with_step_up(),
    ),
    route(
        "patients/<uuid:patient>/care-team/<uuid:membership>/leave/",
        name="leave_care_team",
        show=views.care_team,
        do=views.leave_care_team,
        post=arranging.with_step_up(),
    ),
    route(
        "patients/<uuid:patient>/escort/",
        name="escort",
        show=views.escort,
        do=views.name_escort,
        get=clinical_team,
        post=clinical_team,
    ),
    route(
        "patients/<uuid:patient>/sign-in/",
        name="sign_in",
        show=views.sign_in,
        do=views.invite,
        get=team("coordinator"),
        post=team("coordinator").with_step_up(),
    ),
    route(
        "rooms/",
        name="rooms",
        show=views.rooms,
        do=views.ROOM_FORMS,
        get=furnishing,
        post=furnishing,
    ),
    route(
        "rooms/<uuid:room>/close/", name="close_room", show=views.rooms, do=views.close_room, post=furnishing
    ),
    route(
        "patients/<uuid:patient>/sign-in/lost/",
        name="lost_access",
        show=views.sign_in,
        do=views.vouch,
        post=team("coordinator").with_step_up(),
    ),
]
