"""Settings: a bad value stops the start with a sentence that names it."""

from __future__ import annotations

import pytest

from openkap.config import environment
from openkap.config.command import main
from openkap.config.environment import BadSetting, read


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"OPENKAP_PORT": "abc"}, "OPENKAP_PORT"),
        ({"OPENKAP_PORT": "70000"}, "OPENKAP_PORT"),
        ({"OPENKAP_MLLP_PORT": "0"}, "OPENKAP_MLLP_PORT"),
        ({"OPENKAP_DEMO": "maybe"}, "OPENKAP_DEMO"),
        ({"OPENKAP_TLS_CERT": "/no/such/file"}, "OPENKAP_TLS_CERT"),
        ({"OPENKAP_DATABASE_URL": "mysql://x/y"}, "OPENKAP_DATABASE_URL"),
        ({"OPENKAP_OWNER_DATABASE_URL": "postgresql://h/x"}, "OPENKAP_OWNER_DATABASE_URL"),
        ({"OPENKAP_EMAIL_URL": "http://mail"}, "OPENKAP_EMAIL_URL"),
        ({"OPENKAP_PUBLIC_URL": "ftp://x"}, "OPENKAP_PUBLIC_URL"),
        ({"OPENKAP_IDLE_MINUTES": "0"}, "OPENKAP_IDLE_MINUTES"),
        ({"OPENKAP_CAP_HOURS": "48"}, "OPENKAP_CAP_HOURS"),
    ],
)
def test_a_bad_value_is_named(values, named):
    with pytest.raises(BadSetting) as told:
        read(values)
    assert named in str(told.value)


def test_a_certificate_without_its_key_is_named(tmp_path):
    cert = tmp_path / "cert.pem"
    cert.write_text("x")
    with pytest.raises(BadSetting) as told:
        read({"OPENKAP_TLS_CERT": str(cert)})
    assert "OPENKAP_TLS_KEY" in str(told.value)


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"OPENKAP_HOSTS": "kap.example", "OPENKAP_PORT": "80"}, "http://kap.example"),
        ({"OPENKAP_PUBLIC_URL": "https://kap.example/"}, "https://kap.example"),
    ],
)
def test_links_begin_with_the_address_people_reach(values, address):
    assert read(values).site_url == address


def test_a_database_address_becomes_a_connection():
    entry = environment.database_from_url(
        "postgresql://us%40er:pa%2Fss@db:5433/kap?sslmode=require", name="X"
    )
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "us@er",
        "pa/ss",
        "db",
        "5433",
        "kap",
    )
    assert entry["OPTIONS"] == {"sslmode": "require"}
    with pytest.raises(BadSetting):
        environment.database_from_url("postgresql://db", name="OPENKAP_DATABASE_URL")


def test_the_command_says_it_in_one_sentence_and_exits_with_2(monkeypatch, capsys):
    monkeypatch.setenv("OPENKAP_PORT", "abc")
    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert "OPENKAP_PORT is “abc”" in said
    assert "Traceback" not in said


def test_a_password_stays_off_the_command_line() -> None:
    """Everybody on a machine can read the command lines of its programs."""
    told = {
        "postgresql://me:a%20b%40c@db.example:5432/x?sslmode=require": (
            "postgresql://me@db.example:5432/x",
            "a b@c",
        ),
        "postgresql://Harbour-app:p@/x?host=/run/pg": ("postgresql://Harbour-app@/x", "p"),
        "postgresql://me@/x": ("postgresql://me@/x", ""),
    }
    for url, (begins, password) in told.items():
        plain, secret = environment.without_password(url)
        assert plain.startswith(begins)
        assert secret.get("PGPASSWORD", "") == password
        assert "a%20b" not in plain
