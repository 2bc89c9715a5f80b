"""The dosing room. Every URL with its grants."""

from openkap.accounts.grants import clinical_staff, clinical_team, own_record, roles, team
from openkap.accounts.routes import route
from openkap.dosing.views import before, errors, house, room, stream

app_name = "dosing"
at_the_bedside = team("nurse", "prescriber")
in_the_room = team("nurse", "prescriber", "therapist")
device_keepers = roles("nurse", "coordinator", "administrator")

urlpatterns = [
    route("dosing/", house.board, name="board", get=clinical_staff),
    route("dosing/monitors/", house.monitors, name="monitors", get=device_keepers, post=device_keepers),
    route("dosing/monitors/<uuid:monitor>/retire/", house.retire, name="retire", post=device_keepers),
    route(
        "courses/<uuid:course>/sessions/<int:number>/open/",
        before.open_session,
        name="open",
        get=at_the_bedside,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/before/",
        before.before,
        name="before",
        get=clinical_team,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/second-check/", before.second_check, name="second_check", post=in_the_room
    ),
    route(
        "sessions/<uuid:session>/promise/",
        before.own_promise,
        name="own_promise",
        get=own_record,
        post=own_record,
    ),
    route("sessions/<uuid:session>/", room.room, name="room", get=clinical_team),
    route("sessions/<uuid:session>/live/", room.live_answer, name="live", quiet=True, get=clinical_team),
    route("sessions/<uuid:session>/stream/", stream.stream, name="stream", quiet=True, get=clinical_team),
    route("sessions/<uuid:session>/vitals/", room.vitals, name="vitals", post=in_the_room),
    route("sessions/<uuid:session>/alertness/", room.alertness, name="alertness", post=in_the_room),
    route("sessions/<uuid:session>/side-effects/", room.side_effect, name="side_effect", post=in_the_room),
    route("sessions/<uuid:session>/words/", room.words, name="words", post=in_the_room),
    route("sessions/<uuid:session>/present/", room.present, name="present", post=in_the_room),
    route("sessions/<uuid:session>/pump/", room.pump, name="pump", post=in_the_room),
    route("sessions/<uuid:session>/rate/", room.rate, name="rate", get=at_the_bedside, post=at_the_bedside),
    route(
        "sessions/<uuid:session>/rest/",
        room.rest,
        name="rest",
        get=at_the_bedside,
        post=at_the_bedside.with_step_up(),
    ),
    route("marks/<uuid:mark>/acknowledge/", room.acknowledge, name="acknowledge", post=in_the_room),
    route("marks/<uuid:mark>/settle/", room.settle, name="settle", post=in_the_room),
    route("put-aside/<uuid:put_aside>/seen/", room.see_put_aside, name="see_put_aside", post=in_the_room),
    route("marks/<uuid:mark>/decide/", room.decide, name="decide", post=at_the_bedside),
    route("sessions/<uuid:session>/emergency/", room.emergency, name="emergency", get=clinical_team),
    route(
        "sessions/<uuid:session>/errors/<str:kind>/<uuid:charted>/",
        errors.error,
        name="error",
        get=in_the_room,
        post=in_the_room,
    ),
    route("sessions/<uuid:session>/unpair/", house.unpair, name="unpair", post=at_the_bedside),
    route(
        "sessions/<uuid:session>/leave/",
        house.leave,
        name="leave",
        get=clinical_team,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/summary.pdf", house.summary, name="summary", get=clinical_team.with_step_up()
    ),
]
