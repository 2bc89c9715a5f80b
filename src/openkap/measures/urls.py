"""Measures: the person's own pages by link, and the clinic's page of one person's measures."""

from openkap.accounts.grants import clinical_team, signed_link
from openkap.accounts.routes import route
from openkap.measures import own, views

app_name = "measures"
holder = signed_link("measure")

urlpatterns = [
    route("m/<str:token>/", name="own", show=own.resume, get=holder),
    route("m/<str:token>/end/", name="own_end", show=own.end, do=own.hand_in, get=holder, post=holder),
    route(
        "m/<str:token>/<str:item>/",
        name="own_question",
        show=own.question,
        do=own.answer,
        get=holder,
        post=holder,
    ),
    route(
        "patients/<uuid:patient>/measures/",
        name="patient",
        show=views.patient,
        do=views.PATIENT_FORMS,
        get=clinical_team,
        post=clinical_team,
    ),
    route(
        "measures/<uuid:assignment>/send/",
        name="send",
        show=views.patient_of,
        do=views.send,
        post=clinical_team,
    ),
    route(
        "measures/<uuid:assignment>/withdraw/",
        name="withdraw",
        show=views.patient_of,
        do=views.withdraw,
        post=clinical_team,
    ),
]
