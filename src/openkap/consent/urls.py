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
        name="document",
        show=views.document,
        do=views.DOCUMENT_FORMS,
        handed=True,
        get=team_or_self,
        post=clinicians_or_self,
    ),
    route(
        "patients/<uuid:patient>/consent/talk/",
        name="talk",
        show=views.talk,
        do=views.sign_capacity,
        get=prescribers,
        post=prescribers,
    ),
    route(
        "patients/<uuid:patient>/hand-over/",
        name="hand_over",
        show=views.hand_over,
        do=views.hand_screen_over,
        get=clinicians,
        post=clinicians,
    ),
    route(
        "patients/<uuid:patient>/hand-back/",
        name="take_back",
        do=views.take_back,
        handed=True,
        post=clinicians,
    ),
    route(
        "patients/<uuid:patient>/choices/",
        name="choices",
        show=views.choices,
        do=views.choose,
        handed=True,
        get=team_or_self,
        post=team_or_self,
    ),
    route(
        "consents/<uuid:consent>/withdraw/",
        name="withdraw",
        show=views.withdraw,
        do=views.take_consent_back,
        get=team_or_self,
        post=team_or_self,
    ),
]
