"""A patient's lists and measurements."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.chart import views

app_name = "chart"
keeping = team("prescriber", "nurse", "therapist")

urlpatterns = [
    route("patients/<uuid:patient>/lists/", views.lists, name="lists", get=clinical_team, post=keeping),
    route(
        "patients/<uuid:patient>/lists/<str:kind>/none/", views.answer_list, name="answer_list", post=keeping
    ),
    route("entries/<uuid:entry>/void/", views.void_entry, name="void_entry", get=keeping, post=keeping),
    route("results/<uuid:result>/void/", views.void_result, name="void_result", get=keeping, post=keeping),
    route("patients/<uuid:patient>/measurements/", views.measure, name="measure", get=keeping, post=keeping),
]
