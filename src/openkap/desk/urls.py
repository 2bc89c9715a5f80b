"""Pages over many rooms."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_staff, clinical_team, roles, signed_in
from openkap.desk import views

app_name = "desk"

urlpatterns = [
    door("", views.today, name="today", get=signed_in),
    door("patients/<uuid:patient>/", views.chart, name="chart", get=clinical_team),
    door("find/", views.search, name="search", get=clinical_staff),
    door("patients/<uuid:patient>/readings/", views.readings, name="readings", get=clinical_team),
    door("readings/", views.week, name="week", get=roles("administrator")),
    door("me/", views.own, name="own", get=roles("patient")),
    door("me/readings/", views.own_readings, name="own_readings", get=roles("patient")),
]
