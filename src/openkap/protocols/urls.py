"""The clinic's protocols."""

from openkap.accounts.doors import door
from openkap.accounts.grants import roles, staff
from openkap.protocols import views

app_name = "protocols"
keepers = roles("prescriber", "administrator")
signers = roles("prescriber")

urlpatterns = [
    door("protocols/", views.packs, name="packs", get=staff),
    door("protocols/adopt/", views.adopt, name="adopt", post=keepers),
    door("protocols/<uuid:pack>/", views.pack, name="pack", get=staff, post=signers.with_step_up()),
]
