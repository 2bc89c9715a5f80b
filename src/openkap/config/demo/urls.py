"""The demo's own pages; they exist only while OPENKAP_DEMO is on."""

from openkap.accounts.grants import anyone
from openkap.accounts.routes import outside
from openkap.config.demo import views

app_name = "demo"
urlpatterns = [
    outside("", views.people, name="people", get=anyone),
    outside("sign-in/<str:email>/", views.sign_in, name="sign_in", post=anyone),
]
