"""What people upload as pictures and documents."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
MULTIPLE = "/admin/images/multiple/add/"
AJAX = {"headers": {"X-Requested-With": "XMLHttpRequest"}}


def make_png(width, height):
    """A picture of one colour, tiny on the disk however large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


BROKEN = {
    "broken.gif": b"GIF89a/*",
    "broken.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "broken.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 40,
    "broken.webp": b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40,
    "broken.avif": b"\0\0\0\x20ftypavif" + b"\0" * 40,
    "bomb.png": make_png(20_000, 20_000),
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "page.png": b"<!doctype html><script>alert(1)</script>",
    "empty.png": b"",
    "heavy.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40 * 1024 * 1024,
}


@pytest.fixture(autouse=True)
def _owner(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_picture_is_refused_with_words(client, name):
    response = client.post(
        MULTIPLE, {"title": "x", "collection": "1", "files[]": SimpleUploadedFile(name, BROKEN[name])}, **AJAX
    )

    assert response.status_code == 200
    assert response.json()["success"] is False
    assert response.json()["error_message"]
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("name", BROKEN)
def test_a_form_says_what_is_wrong(client, name):
    response = client.post(
        "/admin/images/add/", {"title": "x", "file": SimpleUploadedFile(name, BROKEN[name])}
    )

    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("title", ["x\r\nSet-Cookie: y", "x\0y", "y" * 300])
def test_a_title_brings_no_header_and_no_error(client, title):
    response = client.post("/admin/images/add/", {"title": title, "file": get_test_image_file()})

    assert response.status_code in {200, 302}
    assert "y" not in response.cookies


def test_a_name_that_climbs_stays_in_its_folder(client):
    file = SimpleUploadedFile("x.png", get_test_image_file().file.getvalue())
    file._name = "../../../x.png"
    client.post("/admin/images/add/", {"title": "x", "file": file})

    assert get_image_model().objects.get().file.name.startswith("original_images/")


NO_DOCUMENTS = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": BROKEN["drawing.svg"],
    "script.js": b"alert(1)",
    "noname": b"x",
    "heavy.pdf": b"%PDF-1.7" + b"\0" * 11 * 1024 * 1024,
}


@pytest.mark.parametrize("name", NO_DOCUMENTS)
@pytest.mark.parametrize("path", ["/admin/documents/add/", "/admin/documents/multiple/add/"])
def test_what_is_no_document_is_refused_with_words(client, path, name):
    file = SimpleUploadedFile(name, NO_DOCUMENTS[name])
    is_multiple = "multiple" in path
    response = client.post(
        path, {"title": "x", "collection": "1", "files[]" if is_multiple else "file": file}, **AJAX
    )

    assert response.status_code == 200
    said = response.json()["error_message"] if is_multiple else response.context["form"].errors["file"]
    assert said
    assert not get_document_model().objects.exists()


def test_a_document_is_taken(client):
    client.post("/admin/documents/add/", {"title": "x", "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})

    assert get_document_model().objects.get().title == "x"
