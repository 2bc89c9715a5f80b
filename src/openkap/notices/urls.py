"""What goes out."""

from openkap.accounts.grants import roles
from openkap.accounts.routes import route
from openkap.notices import views

app_name = "notices"
keepers = roles("coordinator", "administrator")

urlpatterns = [
    route("notices/", name="notices", show=views.notices, get=keepers),
    route("notices/test/", name="test", show=views.notices, do=views.send_test, post=keepers),
    route(
        "notices/<uuid:notice>/withdraw/",
        name="withdraw",
        show=views.notices,
        do=views.withdraw,
        post=keepers,
    ),
    route(
        "notices/<uuid:notice>/again/", name="try_again", show=views.notices, do=views.try_again, post=keepers
    ),
]
