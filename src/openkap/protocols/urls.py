"""The clinic's protocols."""

from openkap.accounts.grants import roles, staff
from openkap.accounts.routes import route
from openkap.protocols import views

app_name = "protocols"
keepers = roles("prescriber", "administrator")
signers = roles("prescriber")
proposers = roles("prescriber", "nurse", "administrator")

urlpatterns = [
    route("protocols/", views.packs, name="packs", get=staff),
    route("protocols/adopt/", views.adopt, name="adopt", post=keepers.with_step_up()),
    route("protocols/<uuid:pack>/numbers/", views.propose, name="propose", post=proposers),
    route(
        "protocols/<uuid:pack>/numbers/<uuid:proposal>/sign/",
        views.sign_number,
        name="sign_number",
        post=signers.with_step_up(),
    ),
    route("protocols/<uuid:pack>/", views.pack, name="pack", get=staff, post=signers.with_step_up()),
]
