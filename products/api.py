"""Writing for officials: the place of a product as a GeoJSON Feature."""

import io
import math

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError as RuleError
from django.http import Http404
from django.utils.decorators import method_decorator
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
from geodata.problems import TooLarge

from . import workflow
from .models import Product

# Bytes that an official's program may send; a Feature with a point takes a few hundred.
LARGEST_BODY = 100_000


class PointField(GeometryField):
    """Takes the two numbers of a GeoJSON Point; no other text of a client reaches GDAL."""

    def to_internal_value(self, value):
        try:
            longitude, latitude = (float(number) for number in value["coordinates"])
            if value["type"] != "Point" or not math.isfinite(longitude + latitude):
                raise ValueError(value)
        except (TypeError, KeyError, ValueError, OverflowError):
            raise ValidationError(_("Cần một Point của GeoJSON với kinh độ và vĩ độ.")) from None
        return Point(longitude, latitude, srid=4326)


class ProductPlaceSerializer(GeoFeatureModelSerializer):
    """Where a product stands; the units follow from it and are read-only names."""

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
            raise ValidationError(_("Cần một Feature của GeoJSON."))
        return super().to_internal_value({"properties": {}, **data})

    def update(self, product, validated_data):
        for name, value in validated_data.items():
            setattr(product, name, value)
        try:
            product.full_clean()
        except RuleError as error:
            raise ValidationError(error.message_dict) from error
        # clean() may have put the product on its declared commune.
        product.save(update_fields={*validated_data, "point", "position"})
        return product


class PlaceParser(JSONParser):
    """JSON of no more than a place needs; whatever is longer is not even read into memory."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge(_("Nội dung gửi lên lớn hơn %d byte.") % LARGEST_BODY)
        return super().parse(io.BytesIO(body), media_type, parser_context)


class GeoJSONParser(PlaceParser):
    media_type = "application/geo+json"


class MayChangePlace(BasePermission):
    """The same people as on the product's page in the workspace."""

    def has_permission(self, request, view):
        return request.user.is_active and request.user.is_staff

    def has_object_permission(self, request, view, product):
        return workflow.may_change(request.user, product)


@method_decorator(never_cache, name="dispatch")
class ProductPlaceView(RetrieveUpdateAPIView):
    """GET and PATCH of one product as a GeoJSON Feature, with the session of an official."""

    serializer_class = ProductPlaceSerializer
    permission_classes = (MayChangePlace,)
    parser_classes = (PlaceParser, GeoJSONParser)
    http_method_names = ("get", "patch", "head", "options")
    lookup_field = "code"

    def get_queryset(self):
        units = ("commune", "old_commune", "district", "declared_commune")
        return Product.objects.editable_by(self.request.user).select_related(*units)

    def get_object(self):
        try:
            return super().get_object()
        except Http404:
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % self.kwargs["code"]) from None
