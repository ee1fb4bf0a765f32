"""The style guide and the error pages draw."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_style_guide_draws_in_both_languages(client, language):
    response = client.get("/styleguide/", {"lang": language})

    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "language"), [("/nothing-here/", "ru"), ("/en/nothing-here/", "en")])
def test_a_page_that_is_not_there_answers_in_its_language(client, path, language):
    response = client.get(path)

    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.content.decode()


def test_the_500_page_needs_no_database(rf):
    from core.views import server_error

    response = server_error(rf.get("/"))

    assert response.status_code == 500
    assert "css/site.css" in response.content.decode()
