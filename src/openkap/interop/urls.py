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
    route("referrals/", name="referrals", show=referrals.referrals, get=taking_in),
    route(
        "referrals/new/",
        name="new_referral",
        show=referrals.new_referral,
        do=referrals.receive,
        body_max=BYTES_MAX + AROUND_A_FILE,
        get=taking_in,
        post=taking_in,
    ),
    route(
        "referrals/<uuid:referral>/",
        name="referral",
        show=referrals.referral,
        do=referrals.take,
        get=taking_in,
        post=taking_in,
    ),
    route(
        "referrals/<uuid:referral>/documents/<int:number>/",
        name="referral_document",
        show=referrals.referral_document,
        get=taking_in,
    ),
    route("patients/<uuid:patient>/referrals/", name="brought", show=referrals.brought, get=clinical_team),
    route(
        "taken/<uuid:taken>/documents/<int:number>/",
        name="brought_document",
        show=referrals.brought_document,
        get=clinical_team,
    ),
    route("devices/inbox/", name="inbox", show=devices.inbox, get=looking_after_devices),
    route(
        "devices/put-aside/<uuid:aside>/",
        name="see_put_aside",
        show=devices.inbox,
        do=devices.see_put_aside,
        post=looking_after_devices,
    ),
    route(
        "devices/inbox/<uuid:message>/",
        name="settle",
        show=devices.inbox,
        do=devices.settle,
        post=looking_after_devices,
    ),
]
