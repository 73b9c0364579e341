"""Who may open and write what: every address of the workspace and of the editing API.

A new address is added to ADDRESSES: its pattern, in which {a,b} stands for a and b, the methods,
and what each of ACTORS gets, in this order: a status, `login` for the sign-in page or a redirect to
it, `none` for a redirect to the index, as for a record that the person does not see.
What an address needs in place of its parameters is in path_of().
"""

import re

import pghistory
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLResolver, get_resolver

from geodata.models import ImportRun
from products.ocop.models import Product
from products.register.models import Proposal
from tests.factories import (
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    RatingFactory,
    SalesPointFactory,
    SeasonUnitFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)
from tests.rows import prepared

ACTORS = ("nobody", "editor", "publisher", "publisher elsewhere", "of the province", "superuser")

# The records are drafts in the area of "editor" and "publisher". POST submits a form
# without values.
ADDRESSES = """
admin/                               GET+POST login 200 200 200 200 200
admin/login/                         GET+POST login none none none none none
admin/logout/                        GET      none  200 200 200 200 200
admin/logout/                        POST     none  login login login login login
admin/password_change/               GET+POST login 302 302 302 302 302
admin/password_change/done/          GET+POST login 302 302 302 302 302
admin/autocomplete/                  GET      login 200 200 200 200 200
admin/autocomplete/                  POST     login 405 405 405 405 405
admin/jsi18n/                        GET      login 200 200 200 200 200
admin/jsi18n/                        POST     login 405 405 405 405 405
admin/<app_label>/                   GET+POST login 200 200 200 200 200
admin/r/<path:content_type_id>/<id>/ GET+POST login 302 302 302 302 302
admin/(?P<url>.*)$                   GET+POST login 404 404 404 404 404

admin/{ocop/product,register/producer}/                      GET+POST login 200 200 200 200 200
admin/{ocop/product,register/producer}/add/                  GET+POST login 200 200 200 200 200
admin/{ocop/product,register/producer}/<id>/                 GET+POST login 302 302 302 302 302
admin/{ocop/product,register/producer}/<id>/change/          GET+POST login 200 200 none 200 200
admin/{ocop/product,register/producer}/<id>/history/         GET+POST login 200 200 none 200 200
admin/{ocop/product,register/producer}/<id>/delete/          GET      login 200 200 none 200 200
admin/{ocop/product,register/producer}/<id>/delete/          POST     login 302 302 none 302 302
admin/{ocop/product,register/producer}/<id>/move/<str:name>/ GET      login 200 200 none 200 200
admin/{ocop/product,register/producer}/<id>/move/<str:name>/ POST     login 302 302 none 302 302

admin/places/{salespoint,craftvillage}/{,add/,places.json}       GET+POST login 200 200 200 200 200
admin/places/{salespoint,craftvillage}/{<id>/,columns/}          GET+POST login 302 302 302 302 302
admin/places/{salespoint,craftvillage}/<id>/{change,history}/    GET+POST login 200 200 none 200 200
admin/places/{salespoint,craftvillage}/<id>/restore/<str:key>/   GET+POST login 200 200 none 200 200
admin/places/{salespoint,craftvillage}/<id>/delete/              GET      login 200 200 none 200 200
admin/places/{salespoint,craftvillage}/<id>/delete/              POST     login 302 302 none 302 302
admin/places/{salespoint,craftvillage}/<id>/move/<str:name>/     GET      login 200 200 none 200 200
admin/places/{salespoint,craftvillage}/<id>/move/<str:name>/     POST     login 302 302 none 302 302

admin/ocop/ocoprating/              GET+POST login 200 200 200 200 200
admin/ocop/ocoprating/add/          GET+POST login 403 403 403 403 403
admin/ocop/ocoprating/<id>/         GET+POST login 302 302 302 302 302
admin/ocop/ocoprating/<id>/change/  GET+POST login 200 200 none 200 200
admin/ocop/ocoprating/<id>/history/ GET+POST login 200 200 none 200 200
admin/ocop/ocoprating/<id>/delete/  GET      login 200 200 none 200 200
admin/ocop/ocoprating/<id>/delete/  POST     login 302 302 none 302 302

admin/rights/ipright/                      GET+POST login 200 200 200 200 200
admin/rights/ipright/add/                  GET+POST login 403 403 403 200 200
admin/rights/ipright/<id>/                 GET+POST login 302 302 302 302 302
admin/rights/ipright/<id>/change/          GET+POST login none none none 200 200
admin/rights/ipright/<id>/history/         GET+POST login none none none 200 200
admin/rights/ipright/<id>/delete/          GET      login none none none 200 200
admin/rights/ipright/<id>/delete/          POST     login none none none 302 302
admin/rights/ipright/<id>/move/<str:name>/ GET      login none none none 200 200
admin/rights/ipright/<id>/move/<str:name>/ POST     login none none none 302 302

admin/{ocop/product,register/producer,rights/ipright}/columns/ GET+POST login 302 302 302 302 302
admin/{ocop/product,register/producer}/places.json             GET+POST login 200 200 200 200 200
admin/{ocop/product,register/producer}/<id>/restore/<str:key>/ GET+POST login 200 200 none 200 200
admin/rights/ipright/<id>/restore/<str:key>/                   GET+POST login none none none 200 200
admin/ocop/product/<id>/preview/                               GET+POST login 200 200 none 200 200
admin/undo/<uuid:context_id>/                                  GET+POST login 200 200 200 200 200

admin/{ocop/product,register/producer}/export/<str:extension>/ GET+POST login 200 200 200 200 200
admin/places/{salespoint,craftvillage}/export/<str:extension>/   GET+POST login 200 200 200 200 200
admin/rights/ipright/export/<str:extension>/ GET+POST login 404 404 404 404 404
admin/daily-mail/ GET+POST login none none none none none

admin/register/proposal/              GET+POST login 200 200 200 200 200
admin/register/proposal/add/          GET+POST login 403 403 403 403 403
admin/register/proposal/<id>/         GET+POST login 302 302 302 302 302
admin/register/proposal/<id>/change/  GET+POST login 200 200 none 200 200
admin/register/proposal/<id>/history/ GET+POST login 200 200 none 200 200
admin/register/proposal/<id>/delete/  GET+POST login 403 403 403 403 403
admin/register/proposal/<int:pk>/photos/<str:name> GET+POST login 404 404 404 404 404

admin/ocop/decision/{,add/,<id>/change/,<id>/history/} GET+POST login 200 200 200 200 200
admin/ocop/decision/<id>/                              GET+POST login 302 302 302 302 302
admin/ocop/decision/<id>/delete/                       GET      login 200 200 200 200 200
admin/ocop/decision/<id>/delete/                       POST     login 302 302 302 302 302
admin/ocop/decision/<int:pk>/{annex,rate}/             GET+POST login 200 200 200 200 200
admin/ocop/decision/<int:pk>/pdf/                      GET+POST login 404 404 404 404 404

admin/vi-tri/         GET      login 200 200 200 200 200
admin/vi-tri/         POST     login 405 405 405 405 405
admin/tai-cho/        GET      login 200 200 200 200 200
admin/tai-cho/        POST     login 405 405 405 405 405
admin/tai-cho/ho-so/  GET      401   200 200 200 200 200
admin/tai-cho/ho-so/  POST     405   405 405 405 405 405
admin/tai-cho/gui/    GET      405   405 405 405 405 405
admin/tai-cho/gui/    POST     401   400 400 400 400 400
admin/tai-cho/sw.js   GET      200   200 200 200 200 200
admin/tai-cho/sw.js   POST     405   405 405 405 405 405

admin/geodata/source/              GET+POST login 200 200 200 200 200
admin/geodata/source/add/          GET+POST login 200 200 200 200 200
admin/geodata/source/<id>/         GET+POST login 302 302 302 302 302
admin/geodata/source/<id>/change/  GET      login 200 200 200 200 200
admin/geodata/source/<id>/change/  POST     login 403 403 403 403 200
admin/geodata/source/<id>/history/ GET+POST login 200 200 200 200 200
admin/geodata/source/<id>/delete/  GET      login 403 403 403 403 200
admin/geodata/source/<id>/delete/  POST     login 403 403 403 403 302

admin/districts/unit/              GET+POST login 200 200 200 200 200
admin/districts/unit/add/          GET+POST login 403 403 403 403 200
admin/districts/unit/<id>/         GET+POST login 302 302 302 302 302
admin/districts/unit/<id>/change/  GET      login 200 200 200 200 200
admin/districts/unit/<id>/change/  POST     login 403 403 403 403 200
admin/districts/unit/<id>/history/ GET+POST login 200 200 200 200 200
admin/districts/unit/<id>/delete/  GET+POST login 403 403 403 403 200

admin/register/producttype/              GET+POST login 200 200 200 200 200
admin/register/producttype/add/          GET+POST login 403 403 403 200 200
admin/register/producttype/<id>/         GET+POST login 302 302 302 302 302
admin/register/producttype/<id>/change/  GET      login 200 200 200 200 200
admin/register/producttype/<id>/change/  POST     login 403 403 403 200 200
admin/register/producttype/<id>/history/ GET+POST login 200 200 200 200 200
admin/register/producttype/<id>/delete/  GET      login 403 403 403 200 200
admin/register/producttype/<id>/delete/  POST     login 403 403 403 302 302

admin/register/season/              GET+POST login 200 200 200 200 200
admin/register/season/add/          GET+POST login 403 403 403 200 200
admin/register/season/<id>/         GET+POST login 302 302 302 302 302
admin/register/season/<id>/change/  GET      login 200 200 200 200 200
admin/register/season/<id>/change/  POST     login 403 403 403 200 200
admin/register/season/<id>/history/ GET+POST login 200 200 200 200 200
admin/register/season/<id>/delete/  GET      login 403 403 403 200 200
admin/register/season/<id>/delete/  POST     login 403 403 403 302 302

admin/{register/category,auth/user}/                        GET+POST login 403 403 403 403 200
admin/{register/category,auth/user}/add/                    GET+POST login 403 403 403 403 200
admin/{register/category,auth/user}/<id>/                   GET+POST login 302 302 302 302 302
admin/{register/category,auth/user}/<id>/change/            GET+POST login 403 403 403 403 200
admin/{register/category,auth/user}/<id>/history/           GET+POST login 403 403 403 403 200
admin/register/category/<id>/delete/                        GET      login 403 403 403 403 200
admin/register/category/<id>/delete/                        POST     login 403 403 403 403 302
admin/auth/user/<id>/delete/                                GET+POST login 403 403 403 403 403
admin/auth/user/<int:pk>/reset-second-factor/               GET+POST login 403 403 403 403 200

admin/geodata/importrun/{,add/}                        GET+POST login 200 200 200 200 200
admin/geodata/importrun/<id>/                          GET+POST login 302 302 302 302 302
admin/geodata/importrun/<id>/{change,history}/         GET+POST login none none none 200 200
admin/geodata/importrun/<id>/delete/                   GET+POST login 403 403 403 403 403
admin/geodata/importrun/<int:run_id>/{cancel,columns,write}/ GET login 302 302 302 302 302
admin/geodata/importrun/<int:run_id>/cancel/           POST     login 404 404 404 302 302
admin/geodata/importrun/<int:run_id>/write/            POST     login 404 404 404 403 403
admin/geodata/importrun/<int:run_id>/columns/          POST     login 404 404 404 403 403
admin/geodata/importrun/boundaries/                    GET+POST login 403 403 403 200 200
admin/geodata/importrun/template/<str:kind>.xlsx       GET+POST login 200 200 200 200 200

api/v1/editing/                                                      GET    401 200 200 200 200 200
api/v1/editing/{conformance,api,collections}{,/}                     GET    401 200 200 200 200 200
api/v1/editing/collections/<str:collection_id>{,/}                   GET    401 200 200 200 200 200
api/v1/editing/collections/<str:collection_id>/{schema,queryables}{,/} GET  401 200 200 200 200 200
api/v1/editing/collections/<str:collection_id>/{sortables,feature}{,/} GET  401 200 200 200 200 200
api/v1/editing/collections/<str:collection_id>/items{,/}             GET    401 200 200 200 200 200
api/v1/editing/collections/<str:collection_id>/items{,/}             POST   401 415 415 415 415 415
api/v1/editing/collections/<str:collection_id>/items/<str:item_id>{,/} GET  401 200 200 404 200 200
api/v1/editing/collections/<str:collection_id>/items/<str:item_id>{,/} PUT  401 400 400 404 400 400
api/v1/editing/collections/<str:collection_id>/items/<str:item_id>{,/} PATCH 401 200 200 404 200 200
api/v1/editing/collections/<str:collection_id>/items/<str:item_id>  DELETE 401 204 204 404 204 204
api/v1/editing/collections/<str:collection_id>/items/<str:item_id>/ DELETE 401 204 204 404 204 204
"""

WALKED = ("admin/", "api/v1/editing/")


def addresses(resolver=None, prefix=""):
    """Every address of the site below WALKED, as Django's patterns are written; <id> for short."""
    for pattern in (resolver or get_resolver()).url_patterns:
        # Django lists the applications of the index in the pattern itself.
        text = re.sub(r"\^\(\?P<app_label>.*\)/\$", "<app_label>/", str(pattern.pattern))
        text = text.replace("<path:object_id>", "<id>")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, prefix + text)
        elif (prefix + text).startswith(WALKED):
            yield prefix + text


def table():
    """{(address, method): {actor: status}} of ADDRESSES."""
    rows = [line.split() for line in ADDRESSES.splitlines() if line.strip()]
    return {
        (address, method): dict(zip(ACTORS, statuses, strict=True))
        for pattern, methods, *statuses in rows
        for address in expanded(pattern)
        for method in methods.split("+")
    }


def expanded(pattern):
    """The patterns for which {a,b} stands."""
    before, brace, rest = pattern.partition("{")
    if not brace:
        return [pattern]
    choices, _brace, after = rest.partition("}")
    ends = expanded(after)
    return [f"{before}{choice}{end}" for choice in choices.split(",") for end in ends]


@prepared
def site():
    """The actors, and a record of each kind, by the name that its address contains."""
    province = UnitFactory(code=settings.PLACE.province_code)
    here = UnitFactory(code="82858", parent=UnitFactory(code="996", parent=province))
    elsewhere = UnitFactory(code="82860", parent=UnitFactory(code="997", parent=province))
    product = ProductFactory(declared_commune=here)
    rating = RatingFactory(product=product)
    with pghistory.context() as context:
        Product.objects.filter(pk=product.pk).update(name="Nho")
    product.refresh_from_db()
    actors = {
        "nobody": None,
        "editor": editor_of(here),
        "publisher": publisher_of(here),
        "publisher elsewhere": publisher_of(elsewhere),
        "of the province": publisher_of(province),
        "superuser": UserFactory(is_superuser=True),
    }
    records = {
        "ocop/product": product,
        "ocop/ocoprating": rating,
        "ocop/decision": DecisionFactory(),
        "context": context.id,
        "register/producer": ProducerFactory(declared_commune=here),
        "places/salespoint": SalesPointFactory(declared_commune=here),
        "places/craftvillage": CraftVillageFactory(declared_commune=here),
        "register/proposal": Proposal.objects.create(
            kind="change",
            record=ProductFactory(declared_commune=here, published=True),
            base_version=1,
            channel="public",
            changes={"name": {"base": "", "proposed": "Nho"}},
        ),
        "register/category": CategoryFactory(),
        "register/producttype": ProductTypeFactory(),
        "register/season": SeasonUnitFactory().season,
        "rights/ipright": IpRightFactory(),
        "districts/unit": here,
        "geodata/source": SourceFactory(),
        "geodata/importrun": ImportRun.objects.create(
            kind="products", file_name="a.csv", sha256="0", applied=False, report={}
        ),
        "auth/user": UserFactory(),
    }
    return actors, records


def path_of(address, records):
    """An address with the values of an example in place of its parameters."""
    product = records["ocop/product"]
    kind = "/".join(address.split("/")[1:3])
    record = records.get(kind, product)
    examples = {
        "<id>": record.pk,
        "<int:pk>": record.pk,
        "<path:content_type_id>": ContentType.objects.get_for_model(Product).pk,
        # The move of a draft.
        "<str:name>": "submit",
        "<uuid:context_id>": records["context"],
        "<str:key>": records["context"],
        "<int:run_id>": records["geodata/importrun"].pk,
        "<str:kind>": "products",
        "<str:extension>": "csv",
        "<str:code>": product.code,
        "<str:collection_id>": "products",
        "<str:item_id>": product.code,
        "<app_label>": "ocop",
        "(?P<url>.*)$": "khong-co/",
    }
    path = address
    for parameter, value in examples.items():
        path = path.replace(parameter, str(value))
    assert not re.search(r"[<>?^$]", path), f"add an example for {address}"
    query = ""
    if "/move/" in address or "/delete/" in address:
        query = f"?version={getattr(record, 'version', product.version)}"
    elif address == "admin/autocomplete/":
        query = "?app_label=ocop&model_name=product&field_name=producer&term=a"
    return f"/{path}{query}"


def status_of(response):
    """The status as the table writes it."""
    location = response.headers.get("Location", "")
    is_sign_in = location.startswith(("/tai-khoan/login/", "/admin/login/"))
    templates = [template.name for template in response.templates]
    if is_sign_in or "account/login.html" in templates:
        return "login"
    return "none" if location == "/admin/" else str(response.status_code)


def send(client, method, path):
    """The response to a request without values."""
    if method == "GET":
        return client.get(path)
    if method == "POST":
        # A field that no form has: an empty body would be a request without a form.
        return client.post(path, {"none": "1"})
    return client.generic(method, path, "{}", content_type="application/json")


def test_every_address_is_in_the_table():
    assert sorted({address for address, _method in table()}) == sorted(set(addresses()))


@pytest.mark.parametrize(("address", "method"), table(), ids=lambda part: part)
def test_everyone_gets_the_status_of_the_table(client, site, address, method):
    actors, records = site
    statuses = {}
    for actor, user in actors.items():
        with transaction.atomic():
            client.logout()
            if user:
                client.force_login(user)
            response = send(client, method, path_of(address, records))
            statuses[actor] = status_of(response)
            if response.streaming:
                # Reading to the end closes the file.
                list(response)
            # The next one finds what this one has deleted.
            transaction.set_rollback(True)

    assert statuses == table()[address, method]
