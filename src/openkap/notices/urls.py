"""What goes out."""

from openkap.accounts.grants import roles
from openkap.accounts.routes import route
from openkap.notices import views

app_name = "notices"
keepers = roles("coordinator", "administrator")

urlpatterns = [
    route("notices/", views.notices, name="notices", get=keepers),
    route("notices/<uuid:notice>/withdraw/", views.withdraw, name="withdraw", post=keepers),
    route("notices/<uuid:notice>/again/", views.try_again, name="try_again", post=keepers),
]
