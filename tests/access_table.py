"""What is expected of every address and call: see tests/test_access.py.

A gate, a method, the status for those it lets through, and the names. A new address gets a row: find the gate
that it should have, or write one. What is not named here is answered with 405, 404 or 403: a test tries it.
"""

# Who is let through, and what the others get.
GATES: dict[str, dict[str, int | str]] = {
    "open": {},
    "guests": {"*": 302},  # who is signed in is led on
    "people": {"guest": "login"},
    "own": {"guest": "login", "*": 404},
    "shoppers": {"guest": "login", "unconfirmed": "confirm"},
    "owners": {"guest": "login", "unconfirmed": "confirm", "*": 404},
    "tokens": {"guest": 401},
    "calls": {"guest": 401, "unconfirmed": 403},
    "owners'-calls": {"guest": 401, "unconfirmed": 403, "*": 404},
}
# Whom a gate with "*" lets through.
WELCOME = {"guests": "guest"}

TABLE = """
open GET 200:
    healthz readyz robots security yml sitemap sitemap-file api:openapi-json api:openapi-view
    api:berries api:berry api:search api:search_suggest api:delivery headless:app:config
    headless:app:mfa:login_webauthn headless:openapi_yaml headless:openapi_json dev-mail dev-mails
    styleguide account_inactive account_reset_password account_password_reset_completed
    socialaccount_login_cancelled manifest search:results search:suggest shop:season-calendar
    shop:waiting-sent home:newsletter home:newsletter-subscribe home:newsletter-sent
    home:feed-newsletter-rss home:feed-newsletter-atom home:feed-rss home:feed-atom
    home:feed-journal-rss home:feed-journal-atom
open GET 302:
    favicon change-password account_complete_password_reset
open GET 401:
    headless:app:mfa:authenticate headless:app:mfa:authenticate_webauthn socialaccount_login_error
open GET 404:
    api:api-root sign-in-back dev-mail-body dev-mail-sample ^media/(?P<path>.*)$
    account:sign-in-through shop:waiting-ask shop:courier-stops home:feed-category-rss
    home:feed-category-atom wagtail_serve wagtailcore_authenticate_with_password
    headless:app:account:manage_phone headless:app:account:resend_phone_verification_code
    headless:app:account:verify_phone headless:app:socialaccount:redirect_to_provider
    headless:app:tokens:refresh no-call unknown-call
open GET 409:
    headless:app:account:confirm_login_code headless:app:account:reset_password
    headless:app:account:verify_email headless:app:socialaccount:provider_signup
open GET 410:
    shop:waiting-confirm shop:waiting-leave home:newsletter-confirm home:newsletter-unsubscribe
open GET login:
    account_confirm_password_reset_code _util/login/ socialaccount_signup wagtailcore_login
open DELETE 401:
    headless:app:account:current_session
open POST 200:
    api:openapi-json api:openapi-view sitemap sitemap-file account_reset_password account:strength
open POST 302:
    account_logout account_complete_password_reset home:newsletter-resend
open POST 400:
    api:qiwi_callback headless:app:account:request_password_reset headless:app:account:login
    headless:app:account:signup headless:app:account:request_login_code
    headless:app:socialaccount:provider_token headless:app:mfa:login_webauthn
open POST 401:
    headless:app:mfa:authenticate headless:app:mfa:authenticate_webauthn
open POST 403:
    api:yookassa_callback search:opened
open POST 404:
    ^media/(?P<path>.*)$ account:sign-in-through shop:favorite-toggle shop:waiting-ask
    shop:courier-move wagtail_serve wagtailcore_authenticate_with_password
    headless:app:account:manage_phone headless:app:account:resend_phone_verification_code
    headless:app:account:verify_phone headless:app:socialaccount:redirect_to_provider
    headless:app:tokens:refresh no-call unknown-call
open POST 409:
    headless:app:account:confirm_login_code headless:app:account:reset_password
    headless:app:account:verify_email headless:app:account:resend_email_verification_code
    headless:app:account:resend_login_code headless:app:socialaccount:provider_signup
open POST 410:
    shop:waiting-confirm shop:waiting-leave home:newsletter-confirm home:newsletter-unsubscribe
open POST 422:
    home:newsletter-subscribe
open POST login:
    account_confirm_password_reset_code _util/login/ socialaccount_signup wagtailcore_login
guests GET 200:
    account_login account_signup account_request_login_code
guests POST 200:
    account_login account_signup account_request_login_code
people GET 200:
    account_reauthenticate account_email account_change_password mfa_index mfa_list_webauthn
    socialaccount_connections account:profile account:addresses account:address-add account:sessions
    account:data
people GET 302:
    account_email_verification_sent account_set_password account_confirm_login_code mfa_authenticate
    mfa_reauthenticate mfa_activate_totp mfa_generate_recovery_codes mfa_add_webauthn
    mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn mfa_login_webauthn
    account:copy account:close
people GET 404:
    mfa_deactivate_totp mfa_view_recovery_codes mfa_download_recovery_codes
people POST 200:
    account_reauthenticate account_change_password socialaccount_connections account:profile
people POST 302:
    account_email account_email_verification_sent account_set_password account_confirm_login_code
    mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_generate_recovery_codes
    mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn
    mfa_login_webauthn account:confirm account:sessions-others account:copy account:close
    home:newsletter-switch
people POST 404:
    mfa_deactivate_totp mfa_download_recovery_codes
people POST 422:
    account:address-add
own GET 200:
    account:address
own POST 302:
    account:address-default account:address-remove account:session-end account:consent-withdraw
own POST 422:
    account:address
shoppers GET 200:
    shop:cart shop:favorites shop:order-list
shoppers GET 302:
    shop:checkout
shoppers GET 403:
    shop:review
shoppers POST 302:
    shop:cart-clear shop:cart-restore shop:cart-voucher shop:favorites-to-cart shop:checkout
    shop:review-remove home:recipe-to-cart
shoppers POST 403:
    shop:review
shoppers POST 404:
    shop:cart-add shop:cart-set shop:cart-remove shop:cart-price
shoppers POST 422:
    home:comment-add
owners GET 200:
    shop:order shop:order-receipt shop:order-slot shop:complaint-photo shop:pay shop:pay-return
    home:comment-edit
owners GET 302:
    shop:order-complaint
owners POST 302:
    shop:waiting-withdraw shop:order-repeat shop:order-reject shop:order-cancel shop:order-complaint
    home:comment-remove
owners POST 422:
    shop:order-slot home:comment-edit
tokens GET 200:
    headless:app:account:current_session headless:app:account:manage_email
    headless:app:socialaccount:manage_providers headless:app:mfa:reauthenticate_webauthn
    headless:app:mfa:authenticators headless:app:usersessions:sessions
tokens GET 404:
    headless:app:mfa:manage_recovery_codes
tokens POST 400:
    headless:app:account:reauthenticate headless:app:account:change_password
    headless:app:mfa:reauthenticate headless:app:mfa:reauthenticate_webauthn
    headless:app:mfa:manage_totp headless:app:mfa:manage_recovery_codes
tokens PUT 400:
    headless:app:account:manage_email headless:app:mfa:manage_webauthn
tokens PATCH 400:
    headless:app:account:manage_email
tokens DELETE 400:
    headless:app:account:manage_email headless:app:mfa:manage_webauthn
    headless:app:socialaccount:manage_providers headless:app:usersessions:sessions
tokens DELETE 200:
    headless:app:mfa:manage_totp
calls DELETE 204:
    api:cart_voucher api:cart
calls PATCH 404:
    api:cart_line
calls PUT 409:
    api:cart_voucher
calls DELETE 404:
    api:cart_line api:favorite
calls GET 200:
    api:cart api:favorites api:orders
calls GET 404:
    api:task
calls POST 200:
    api:favorites_to_cart
calls POST 201:
    api:cart_line api:favorite
calls POST 404:
    api:favorite_to_cart
owners'-calls GET 200:
    api:order api:order_bill
owners'-calls POST 409:
    api:order_slot
owners'-calls POST 202:
    api:order_reject
"""

# What fits no gate: by caller, "*" being all others.
SPECIAL: dict[str, dict[str, int | str]] = {
    # The shopper's default address stands in for one that is not sent.
    "POST api:cart": {"guest": 401, "unconfirmed": 403, "shopper": 409, "*": 422},
    "GET account_logout": {"guest": 302, "*": 200},
    "GET account:confirm": {"guest": "login", "unconfirmed": 200, "*": 302},
    "GET shop:courier": {
        "guest": "login",
        "unconfirmed": "confirm",
        **dict.fromkeys(("manager", "courier", "superuser"), 302),
        "*": 404,
    },
    "GET shop:delivery-photo": {
        "guest": "login",
        "unconfirmed": "confirm",
        **dict.fromkeys(("shopper", "manager", "packer", "superuser"), 200),
        "*": 404,
    },
    "POST headless:app:account:manage_email": {"guest": 409, "*": 400},
    "GET headless:app:mfa:manage_totp": {"guest": 401, "unconfirmed": 409, "*": 404},
    "GET headless:app:mfa:manage_webauthn": {"guest": 401, "unconfirmed": 409, "*": 401},
    "POST headless:app:mfa:manage_webauthn": {"guest": 401, "unconfirmed": 409, "*": 400},
}

# What a courier's link changes for who has it. The move is refused as nothing is said of it.
LINKED = {"GET shop:courier-stops": 200, "POST shop:courier-move": 422}

# What calls send; all others send nothing.
BODIES = {
    "POST api:order_slot": {"slot": 999_999_999},
    "PATCH api:cart_line": {"quantity": 1},
    "PUT api:cart_voucher": {"code": "NONE"},
}
