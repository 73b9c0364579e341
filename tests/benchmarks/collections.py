"""The benchmark's table as a Collection of the API."""

from django.db.models import F

from geodata.collection import Collection
from products.ocop.collections import PRODUCTS

from .models import Specialty

SPECIALTIES = Collection(
    id="specialties",
    title="Sản phẩm mẫu, mỗi sản phẩm một dòng",
    description="Dữ liệu sinh ra để đo tốc độ; không có gì là thật.",
    queryset=lambda: Specialty.objects.all(),
    geometry="point",
    properties={name: F(name) for name in PRODUCTS.properties},
    titles=PRODUCTS.titles,
    period=("updated_at", "updated_at"),
)
