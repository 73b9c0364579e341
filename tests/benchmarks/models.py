"""The table that the other servers of the benchmark publish: one product in each row.

It is filled from the site's own features, so rows and types of columns are the same.
"""

from django.contrib.gis.db import models


class Specialty(models.Model):
    """A product as one flat row; unknown texts are null, as in a feature."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, null=True)
    producer = models.CharField(max_length=200, null=True)
    producer_id = models.CharField(max_length=20, null=True)
    category = models.CharField(max_length=200, null=True)
    category_code = models.CharField(max_length=10, null=True)
    type = models.CharField(max_length=30, null=True)
    type_name = models.CharField(max_length=100, null=True)
    made_from = models.TextField(null=True)
    sector = models.CharField(max_length=20, null=True)
    stars = models.SmallIntegerField(null=True)
    ocop_status = models.CharField(max_length=10)
    rated_stars = models.SmallIntegerField(null=True)
    rated_from = models.DateField(null=True)
    rated_to = models.DateField(null=True)
    decision = models.CharField(max_length=300, null=True)
    protections = models.TextField(null=True)
    commune_code = models.CharField(max_length=5, null=True)
    commune = models.CharField(max_length=121, null=True)
    old_commune_code = models.CharField(max_length=5, null=True)
    old_commune = models.CharField(max_length=121, null=True)
    district_code = models.CharField(max_length=5, null=True)
    district = models.CharField(max_length=121, null=True)
    position = models.CharField(max_length=10, null=True)
    gtin = models.CharField(max_length=14, null=True)
    trace_url = models.CharField(max_length=500, null=True)
    url = models.CharField(max_length=500)
    source_url = models.CharField(max_length=500, null=True)
    updated_at = models.DateTimeField()
    point = models.PointField(null=True)

    class Meta:
        db_table = "specialty"

    def __str__(self):
        return self.name
