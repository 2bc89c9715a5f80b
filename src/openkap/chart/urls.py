"""A patient's lists and measurements."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.chart import views

app_name = "chart"
keeping = team("prescriber", "nurse", "therapist")

urlpatterns = [
    route(
        "patients/<uuid:patient>/lists/",
        name="lists",
        show=views.lists,
        get=clinical_team,
    ),
    route(
        "patients/<uuid:patient>/lists/<str:kind>/add/",
        name="add_entry",
        show=views.lists,
        do=views.add_entry,
        post=keeping,
    ),
    route(
        "patients/<uuid:patient>/lists/<str:kind>/none/",
        name="answer_list",
        show=views.lists,
        do=views.answer_list,
        post=keeping,
    ),
    route(
        "entries/<uuid:entry>/void/",
        name="void_entry",
        show=views.void_entry,
        do=views.take_entry_out,
        get=keeping,
        post=keeping,
    ),
    route(
        "results/<uuid:result>/void/",
        name="void_result",
        show=views.void_result,
        do=views.take_result_out,
        get=keeping,
        post=keeping,
    ),
    route(
        "patients/<uuid:patient>/measurements/",
        name="measure",
        show=views.measure,
        do=views.add_measurements,
        get=keeping,
        post=keeping,
    ),
]
