"""The formulary."""

from openkap.accounts.grants import roles
from openkap.accounts.routes import route
from openkap.dispensary import views

app_name = "dispensary"
readers = roles("prescriber", "nurse", "coordinator", "administrator")
keepers = roles("prescriber", "administrator")

urlpatterns = [
    route(
        "formulary/",
        name="formulary",
        show=views.formulary,
        do=views.stock,
        get=readers,
        post=keepers.with_step_up(),
    ),
    route(
        "formulary/<uuid:item>/withdraw/",
        name="withdraw",
        show=views.formulary,
        do=views.withdraw,
        post=keepers.with_step_up(),
    ),
]
