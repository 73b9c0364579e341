"""The editing API for officials: the place of a product as a GeoJSON Feature."""

import io
import math

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError as RuleError
from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from rest_framework.exceptions import ValidationError
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.relations import StringRelatedField
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from geodata.crs import CRS84
from geodata.problems import PreconditionFailed, TooLarge
from products.register import workflow
from products.register.models.located import same_position

from .models import Product

# Bytes of a request body; a Feature with a point has a few hundred.
LARGEST_BODY = 100_000


class PointField(GeometryField):
    """Reads the two numbers of a GeoJSON Point; GDAL never parses text from clients."""

    def to_internal_value(self, value):
        try:
            longitude, latitude = (float(number) for number in value["coordinates"])
            if value["type"] != "Point" or not math.isfinite(longitude + latitude):
                raise ValueError(value)
        except (TypeError, KeyError, ValueError, OverflowError):
            raise ValidationError(_("Cần một Point của GeoJSON với kinh độ và vĩ độ.")) from None
        return Point(longitude, latitude, srid=4326)


class ProductPlaceSerializer(GeoFeatureModelSerializer):
    """The place of a product; the units are derived from it and read-only."""

    point = PointField(allow_null=True, precision=CRS84.decimals)
    commune = StringRelatedField()
    old_commune = StringRelatedField()
    district = StringRelatedField()

    class Meta:
        model = Product
        geo_field = "point"
        id_field = "code"
        fields = ["code", "name", "position", "address", "commune", "old_commune", "district"]
        read_only_fields = ["code", "name"]

    def to_internal_value(self, data):
        if not isinstance(data, dict) or data.get("type") != "Feature":
            # By field: REST framework fails with 500 on a list of messages here.
            raise ValidationError({"type": _("Cần một Feature của GeoJSON.")})
        return super().to_internal_value({"properties": {}, **data})

    def update(self, product, validated_data):
        request = self.context["request"]
        point = validated_data.get("point")
        if "point" in validated_data and not same_position(product.point, point):
            # The stored accuracy is that of the former point.
            validated_data["accuracy_m"] = None
        try:
            return workflow.change(
                product,
                validated_data,
                by=request.user,
                base_version=version_to_match(request, product),
                act="api",
            )
        except workflow.StaleVersion as error:
            raise PreconditionFailed(" ".join(error.messages)) from error
        except RuleError as error:
            named = hasattr(error, "error_dict")
            raise ValidationError(error.message_dict if named else error.messages) from error


def etag_of(product):
    """Return the strong entity tag of a product in the editing API: its version."""
    return f'"{product.version}"'


def version_to_match(request, product):
    """Return the version that If-Match requires; -1 if it does not match the current one.

    Without If-Match, or with "*", it is the current version: clients such as QGIS send no version.
    """
    tags = parse_etags(request.headers.get("If-Match", "*"))
    return product.version if tags == ["*"] or etag_of(product) in tags else -1


class PlaceParser(JSONParser):
    """JSON of at most LARGEST_BODY bytes; longer bodies are not read into memory."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge(_("Nội dung gửi lên lớn hơn %d byte.") % LARGEST_BODY)
        return super().parse(io.BytesIO(body), media_type, parser_context)


class GeoJSONParser(PlaceParser):
    media_type = "application/geo+json"


class MayChangePlace(BasePermission):
    """The permissions of the product's page in the workspace."""

    def has_permission(self, request, view):
        return request.user.is_active and request.user.is_staff

    def has_object_permission(self, request, view, product):
        return workflow.may_change(request.user, product)


@method_decorator(never_cache, name="dispatch")
class ProductPlaceView(RetrieveUpdateAPIView):
    """GET and PATCH of one product as a GeoJSON Feature, authenticated by session.

    The ETag is the product's version; PATCH with another version in If-Match fails with 412.
    """

    serializer_class = ProductPlaceSerializer
    permission_classes = (MayChangePlace,)
    parser_classes = (PlaceParser, GeoJSONParser)
    http_method_names = ("get", "patch", "head", "options")
    lookup_field = "code"
    product = None

    @transaction.atomic
    def patch(self, request, *args, **kwargs):
        return super().patch(request, *args, **kwargs)

    def perform_update(self, serializer):
        self.product = serializer.save()

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.product and response.status_code == 200:
            response.headers["ETag"] = etag_of(self.product)
        return response

    def get_queryset(self):
        units = ("commune", "old_commune", "district", "declared_commune")
        products = Product.objects.editable_by(self.request.user).select_related(*units)
        if self.request.method == "PATCH":
            # No concurrent write between the comparison of the version and the change.
            products = products.select_for_update(of=("self",))
        return products

    def get_object(self):
        try:
            self.product = super().get_object()
            return self.product
        except Http404:
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % self.kwargs["code"]) from None
