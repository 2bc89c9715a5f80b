"""Consent and choices: for the care team, and for the person themself."""

from openkap.accounts.doors import door
from openkap.accounts.grants import team_or_self
from openkap.consent import views

app_name = "consent"

urlpatterns = [
    door(
        "patients/<uuid:patient>/consent/",
        views.document,
        name="document",
        get=team_or_self,
        post=team_or_self,
    ),
    door(
        "patients/<uuid:patient>/choices/", views.choices, name="choices", get=team_or_self, post=team_or_self
    ),
    door(
        "consents/<uuid:consent>/withdraw/",
        views.withdraw,
        name="withdraw",
        get=team_or_self,
        post=team_or_self,
    ),
]
