"""The dosing room. Every URL with its grants."""

from openkap.accounts.grants import clinical_staff, clinical_team, own_record, roles
from openkap.accounts.routes import route
from openkap.dosing.views import before, errors, room, stream
from openkap.dosing.views import session as session_views
from openkap.dosing.views.rights import at_the_bedside, going_on, in_the_room

app_name = "dosing"
device_keepers = roles("nurse", "coordinator", "administrator")

urlpatterns = [
    route("dosing/", name="board", show=session_views.board, get=clinical_staff),
    route("dosing/now/", name="board_now", show=session_views.board_now, quiet=True, get=clinical_staff),
    route(
        "dosing/monitors/",
        name="monitors",
        show=session_views.monitors,
        do=session_views.add_monitor,
        get=device_keepers,
        post=device_keepers,
    ),
    route(
        "dosing/monitors/<uuid:monitor>/retire/",
        name="retire",
        show=session_views.monitors,
        do=session_views.retire,
        post=device_keepers,
    ),
    route(
        "courses/<uuid:course>/sessions/<int:number>/open/",
        name="open",
        show=before.open_session,
        do=before.open_here,
        get=at_the_bedside,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/before/",
        name="before",
        show=before.before,
        do=before.BEFORE_FORMS,
        get=clinical_team,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/second-check/",
        name="second_check",
        show=before.before,
        do=before.second_check,
        post=in_the_room,
    ),
    route(
        "sessions/<uuid:session>/promise/",
        name="own_promise",
        show=before.own_promise,
        do=before.promise_oneself,
        get=own_record,
        post=own_record,
    ),
    route("sessions/<uuid:session>/", name="room", show=room.room, get=clinical_team),
    route("sessions/<uuid:session>/live/", name="live", show=room.live_answer, quiet=True, get=clinical_team),
    route(
        "sessions/<uuid:session>/stream/", name="stream", show=stream.stream, quiet=True, get=clinical_team
    ),
    route(
        "sessions/<uuid:session>/vitals/",
        name="vitals",
        show=room.room,
        do=room.take_vitals,
        post=in_the_room,
    ),
    route(
        "sessions/<uuid:session>/alertness/",
        name="alertness",
        show=room.room,
        do=room.take_alertness,
        post=in_the_room,
    ),
    route(
        "sessions/<uuid:session>/side-effects/",
        name="adverse_event",
        show=room.room,
        do=room.take_adverse_event,
        post=in_the_room,
    ),
    route(
        "sessions/<uuid:session>/words/", name="words", show=room.room, do=room.take_words, post=in_the_room
    ),
    route(
        "sessions/<uuid:session>/present/",
        name="present",
        show=room.room,
        do=room.take_present,
        post=in_the_room,
    ),
    route("sessions/<uuid:session>/pump/", name="pump", show=room.room, do=room.pump, post=in_the_room),
    route(
        "sessions/<uuid:session>/rate/",
        name="rate",
        show=room.rate,
        do=room.change_rate,
        get=at_the_bedside,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/rest/",
        name="rest",
        show=room.rest,
        do=room.order_rest,
        get=at_the_bedside,
        post=at_the_bedside.with_step_up(),
    ),
    route(
        "marks/<uuid:mark>/acknowledge/",
        name="acknowledge",
        show=room.room_of_mark,
        do=room.acknowledge,
        post=in_the_room,
    ),
    route(
        "marks/<uuid:mark>/settle/", name="settle", show=room.room_of_mark, do=room.settle, post=in_the_room
    ),
    route(
        "put-aside/<uuid:put_aside>/seen/",
        name="see_put_aside",
        show=room.room_of_put_aside,
        do=room.see_put_aside,
        post=in_the_room,
    ),
    route(
        "marks/<uuid:mark>/decide/",
        name="decide",
        show=room.room_of_mark,
        do=room.decide,
        post=going_on,
    ),
    route("sessions/<uuid:session>/emergency/", name="emergency", show=room.emergency, get=clinical_team),
    route(
        "sessions/<uuid:session>/errors/<str:kind>/<uuid:charted>/",
        name="error",
        show=errors.error,
        do=errors.call_it_an_error,
        get=in_the_room,
        post=in_the_room,
    ),
    route(
        "sessions/<uuid:session>/unpair/",
        name="unpair",
        show=before.before,
        do=session_views.unpair,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/discharge/",
        name="discharge",
        show=session_views.discharge,
        do=session_views.DISCHARGE_FORMS,
        get=clinical_team,
        post=at_the_bedside,
    ),
    route(
        "sessions/<uuid:session>/summary.pdf",
        name="summary",
        show=session_views.summary,
        get=clinical_team.with_step_up(),
    ),
]
