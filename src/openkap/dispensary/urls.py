"""The formulary."""

from openkap.accounts.grants import roles
from openkap.accounts.routes import route
from openkap.dispensary import views

app_name = "dispensary"
readers = roles("prescriber", "nurse", "coordinator", "administrator")
keepers = roles("prescriber", "administrator")

urlpatterns = [
    route("formulary/", views.formulary, name="formulary", get=readers, post=keepers.with_step_up()),
    route("formulary/<uuid:item>/withdraw/", views.withdraw, name="withdraw", post=keepers.with_step_up()),
]
