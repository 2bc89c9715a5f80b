"""The demo's own pages; they exist only while OPENKAP_DEMO is on."""

from openkap.accounts.doors import door
from openkap.accounts.grants import anyone
from openkap.config.demo import views

app_name = "demo"
urlpatterns = [
    door("", views.people, name="people", get=anyone),
    door("sign-in/<str:email>/", views.sign_in, name="sign_in", post=anyone),
]
