"""What goes out."""

from openkap.accounts.doors import door
from openkap.accounts.grants import roles
from openkap.notices import views

app_name = "notices"
keepers = roles("coordinator", "administrator")

urlpatterns = [
    door("notices/", views.notices, name="notices", get=keepers),
    door("notices/<uuid:notice>/withdraw/", views.withdraw, name="withdraw", post=keepers),
    door("notices/<uuid:notice>/again/", views.try_again, name="try_again", post=keepers),
]
