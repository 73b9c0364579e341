"""Parameters of the collections of products, producers and protections."""

import django_filters

from .models import IpRight, OcopStatus, Position, Producer, Sector, State


class ProducerFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Producer.Kind.choices)
    commune_code = django_filters.CharFilter("commune__code")
    old_commune_code = django_filters.CharFilter("old_commune__code")
    district_code = django_filters.CharFilter("district__code")


class ProductFilter(django_filters.FilterSet):
    category_code = django_filters.CharFilter("category__code")
    sector = django_filters.ChoiceFilter(choices=Sector.choices)
    stars = django_filters.NumberFilter(min_value=3, max_value=5, decimal_places=0)
    ocop_status = django_filters.ChoiceFilter(choices=OcopStatus.choices)
    position = django_filters.ChoiceFilter(choices=Position.choices)
    producer_id = django_filters.CharFilter(method="of_public_producer")
    commune_code = django_filters.CharFilter("commune__code")
    old_commune_code = django_filters.CharFilter("old_commune__code")
    district_code = django_filters.CharFilter("district__code")

    def of_public_producer(self, products, name, code):
        return products.filter(producer__code=code, producer__state=State.PUBLISHED)


class ProtectionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=IpRight.Kind.choices)
    status = django_filters.ChoiceFilter(choices=IpRight.Status.choices)
    sector = django_filters.ChoiceFilter(choices=Sector.choices)
