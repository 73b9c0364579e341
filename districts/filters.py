"""Parameters of the collections of units."""

import django_filters


class DistrictFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    kind = django_filters.CharFilter()


class CommuneFilter(DistrictFilter):
    parent_code = django_filters.CharFilter("parent__code")
