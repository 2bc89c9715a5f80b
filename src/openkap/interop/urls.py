"""Referrals and the monitors' inbox."""

from openkap.accounts.grants import clinical_team, roles
from openkap.accounts.routes import route
from openkap.interop.fhir.bundle import BYTES_MAX
from openkap.interop.hl7v2 import views as devices
from openkap.interop.referrals import views as referrals

app_name = "interop"
AROUND_A_FILE = 500_000
taking_in = roles("coordinator")
looking_after_devices = roles("coordinator", "nurse", "administrator")

urlpatterns = [
    route("referrals/", referrals.referrals, name="referrals", get=taking_in),
    route(
        "referrals/new/",
        referrals.new_referral,
        name="new_referral",
        body_max=BYTES_MAX + AROUND_A_FILE,
        get=taking_in,
        post=taking_in,
    ),
    route("referrals/<uuid:referral>/", referrals.referral, name="referral", get=taking_in, post=taking_in),
    route(
        "referrals/<uuid:referral>/documents/<int:number>/",
        referrals.referral_document,
        name="referral_document",
        get=taking_in,
    ),
    route("patients/<uuid:patient>/referrals/", referrals.brought, name="brought", get=clinical_team),
    route(
        "taken/<uuid:taken>/documents/<int:number>/",
        referrals.brought_document,
        name="brought_document",
        get=clinical_team,
    ),
    route("devices/inbox/", devices.inbox, name="inbox", get=looking_after_devices),
    route(
        "devices/put-aside/<uuid:aside>/",
        devices.see_put_aside,
        name="see_put_aside",
        post=looking_after_devices,
    ),
    route("devices/inbox/<uuid:message>/", devices.settle, name="settle", post=looking_after_devices),
]
