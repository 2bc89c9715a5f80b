"""The clinic's numbers."""

from openkap.accounts.grants import roles, staff
from openkap.accounts.routes import route
from openkap.defaults import views

app_name = "defaults"
proposers = roles("prescriber", "nurse", "administrator")
signers = roles("prescriber")

urlpatterns = [
    route(
        "numbers/",
        name="numbers",
        show=views.numbers,
        do=views.sign_shipped,
        get=staff,
        post=signers.with_step_up(),
    ),
    route("numbers/propose/", name="propose", show=views.numbers, do=views.propose, post=proposers),
    route(
        "numbers/<uuid:proposal>/sign/",
        name="sign_proposal",
        show=views.numbers,
        do=views.sign_proposal,
        post=signers.with_step_up(),
    ),
]
