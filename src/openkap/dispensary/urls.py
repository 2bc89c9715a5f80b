"""The formulary."""

from openkap.accounts.doors import door
from openkap.accounts.grants import roles
from openkap.dispensary import views

app_name = "dispensary"
readers = roles("prescriber", "nurse", "coordinator", "administrator")
keepers = roles("prescriber", "administrator")

urlpatterns = [
    door("formulary/", views.formulary, name="formulary", get=readers, post=keepers.with_step_up()),
    door("formulary/<uuid:item>/withdraw/", views.withdraw, name="withdraw", post=keepers.with_step_up()),
]
