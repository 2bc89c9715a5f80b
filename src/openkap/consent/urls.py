"""Consent and choices: the person's own to answer, sign and choose; a prescriber's to sign the talk."""

from openkap.accounts.grants import clinicians_or_self, team, team_or_self
from openkap.accounts.routes import route
from openkap.consent import views

app_name = "consent"
clinicians = team("prescriber", "nurse", "therapist")
prescribers = team("prescriber")

urlpatterns = [
    route(
        "patients/<uuid:patient>/consent/",
        views.document,
        name="document",
        handed=True,
        get=team_or_self,
        post=clinicians_or_self,
    ),
    route(
        "patients/<uuid:patient>/consent/talk/", views.talk, name="talk", get=prescribers, post=prescribers
    ),
    route(
        "patients/<uuid:patient>/hand-over/",
        views.hand_over,
        name="hand_over",
        get=clinicians,
        post=clinicians,
    ),
    route(
        "patients/<uuid:patient>/hand-back/", views.take_back, name="take_back", handed=True, post=clinicians
    ),
    route(
        "patients/<uuid:patient>/choices/",
        views.choices,
        name="choices",
        handed=True,
        get=team_or_self,
        post=team_or_self,
    ),
    route(
        "consents/<uuid:consent>/withdraw/",
        views.withdraw,
        name="withdraw",
        get=team_or_self,
        post=team_or_self,
    ),
]
