"""Measures: the person's own pages by link, and the clinic's page of one person's measures."""

from openkap.accounts.grants import clinical_team, signed_link
from openkap.accounts.routes import route
from openkap.measures import own, views

app_name = "measures"
holder = signed_link("measure")

urlpatterns = [
    route("m/<str:token>/", own.resume, name="own", get=holder),
    route("m/<str:token>/end/", own.end, name="own_end", get=holder, post=holder),
    route("m/<str:token>/<str:item>/", own.question, name="own_question", get=holder, post=holder),
    route(
        "patients/<uuid:patient>/measures/",
        views.patient,
        name="patient",
        get=clinical_team,
        post=clinical_team,
    ),
    route("measures/<uuid:assignment>/send/", views.send, name="send", post=clinical_team),
    route("measures/<uuid:assignment>/withdraw/", views.withdraw, name="withdraw", post=clinical_team),
]
