"""The same table published by djangorestframework-gis as in its manual, for comparison."""

from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from ocopmap.urls import urlpatterns as site

from .models import Specialty


class SpecialtySerializer(GeoFeatureModelSerializer):
    class Meta:
        model = Specialty
        geo_field = "point"
        fields = "__all__"


class Pages(GeoJsonPagination):
    page_size_query_param = "limit"
    max_page_size = 10_000


class SpecialtyList(ListAPIView):
    queryset = Specialty.objects.order_by("code")
    serializer_class = SpecialtySerializer
    pagination_class = Pages
    authentication_classes = ()
    permission_classes = (AllowAny,)


# Not included: i18n_patterns() is permitted in the root URL configuration only.
urlpatterns = [path("stock/", SpecialtyList.as_view()), *site]
