"""`manage.py import_bounces`: addresses that come back or complain get no more letters."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from home.newsletter.models import Subscriber
from tests.factories.newsletter import make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def run(text, encoding="utf-8"):
        path = tmp_path / "bounces.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        out, err = StringIO(), StringIO()
        try:
            call_command("import_bounces", str(path), stdout=out, stderr=err)
        except CommandError as error:
            err.write(str(error))
        return out.getvalue(), err.getvalue()

    return run


def get_state(email):
    subscriber = Subscriber.objects.get(email=email)
    return subscriber.status, subscriber.suppressed_for


def test_bounces_and_complaints_are_suppressed(load):
    for name in ("anna", "boris", "vera"):
        make_subscriber(f"{name}@example.com")

    out, err = load(
        "\ufeffaddress,kind,date\n"
        "ANNA@example.com,bounce,2030-01-01\n"
        "boris@example.com, Complaint ,2030-01-01T10:00:00Z\n"
    )

    assert get_state("anna@example.com") == ("suppressed", "bounce")
    assert get_state("boris@example.com") == ("suppressed", "complaint")
    assert get_state("vera@example.com") == ("active", "")
    assert out.startswith("2 suppressed")
    assert err == ""


def test_the_same_file_again_changes_nothing(load):
    make_subscriber("anna@example.com")
    load("anna@example.com,bounce,2030-01-01\n")
    before = Subscriber.objects.values().get()

    out, _err = load("anna@example.com,bounce,2030-01-01\n")

    assert Subscriber.objects.values().get() == before
    assert out.startswith("0 suppressed, 1 known")


def test_a_bounce_of_before_the_address_was_confirmed_is_none(load):
    make_subscriber("anna@example.com")

    load("anna@example.com,bounce,2020-01-01\n")

    assert get_state("anna@example.com") == ("active", "")


def test_bad_lines_are_told_of_and_good_ones_imported(load):
    make_subscriber("anna@example.com")

    _out, err = load(
        "nobody,bounce,2030-01-01\n"
        "anna@example.com,moved,2030-01-01\n"
        "anna@example.com,bounce\n"
        "anna@example.com,bounce,2030-13-45\n"
        "anna@example.com,bounce,soon\n"
        '"unclosed,bounce,2030-01-01\n'
        "anna@example.com\0,bounce,2030-01-01\n"
        "\n"
        "anna@example.com,bounce,2030-01-01\n"
    )

    assert get_state("anna@example.com") == ("suppressed", "bounce")
    assert [f"line {number}:" in err for number in range(1, 9)] == [True] * 7 + [False]
    assert "7 lines could not be read" in err


def test_strangers_and_bytes_of_another_age_do_no_harm(load):
    out, err = load(b"stranger@example.com,bounce,2030-01-01\n" + b"\xff\xfe,bounce,2030-01-01\n")

    assert "0 suppressed, 1 known" in out
    assert "line 2:" in err
    assert not Subscriber.objects.exists()


def test_a_missing_file_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("import_bounces", "nowhere.csv")
