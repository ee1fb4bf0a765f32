import pytest
from pytest_django.asserts import assertRedirects

from tests.factories.catalog import get_front_page

pytestmark = pytest.mark.django_db


def test_robots_are_kept_out_of_all_but_production(client):
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_robots_may_read_a_real_shop_but_nobodys_cart(client, settings):
    settings.ENVIRONMENT = "production"

    text = client.get("/robots.txt").content.decode()

    for path in ("/cart/", "/en/cart/", "/checkout/", "/en/search/", "/admin/", "/api/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /\n" not in text
    assert "Clean-param: utm_source&" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


@pytest.mark.parametrize(
    ("path", "language"), [("/manifest.webmanifest", "ru"), ("/en/manifest.webmanifest", "en")]
)
def test_the_manifest_speaks_the_language_of_its_address(client, path, language):
    response = client.get(path)

    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert manifest["lang"] == language
    assert manifest["start_url"] == manifest["scope"] == ("/" if language == "ru" else "/en/")
    assert {icon["purpose"] for icon in manifest["icons"] if "purpose" in icon} == {"any", "maskable"}


def test_well_known_addresses_answer(client):
    get_front_page()
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:" in text
    assert "Expires: " in text
    assert client.get("/.well-known/change-password").url == "/account/password/change/"
    assertRedirects(client.get("/favicon.ico"), "/static/img/favicon.ico", fetch_redirect_response=False)
