"""The clinic's protocols."""

from openkap.accounts.grants import roles, staff
from openkap.accounts.routes import route
from openkap.protocols import views

app_name = "protocols"
keepers = roles("prescriber", "administrator")
signers = roles("prescriber")
proposers = roles("prescriber", "nurse", "administrator")

urlpatterns = [
    route("protocols/", name="packs", show=views.packs, get=staff),
    route("protocols/adopt/", name="adopt", show=views.packs, do=views.adopt, post=keepers.with_step_up()),
    route("protocols/own/", name="add_own", show=views.packs, do=views.add_own, post=keepers.with_step_up()),
    route(
        "protocols/<uuid:pack>/numbers/", name="propose", show=views.pack, do=views.propose, post=proposers
    ),
    route(
        "protocols/<uuid:pack>/numbers/<uuid:proposal>/sign/",
        name="sign_number",
        show=views.pack,
        do=views.sign_number,
        post=signers.with_step_up(),
    ),
    route(
        "protocols/<uuid:pack>/",
        name="pack",
        show=views.pack,
        do=views.sign_rows,
        get=staff,
        post=signers.with_step_up(),
    ),
]
