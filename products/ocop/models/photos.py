"""Photos of products, with their authors and licences."""

import uuid

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.text import VisibleText
from geodata.tracking import tracked
from geodata.versions import RaiseVersionOfRecord
from products.register.models import Proposal

from .products import Product

# Pixels of the smaller of the two files of a photo.
SMALL_WIDTH = 640


def file_name(photo=None, uploaded_as=None):
    """Return a random file name: photos of drafts must not be guessed."""
    return f"{uuid.uuid4().hex}.jpg"


def small_name(name):
    """Return the name of the file of the smaller width for that of the larger."""
    return name.replace(".jpg", f"-{SMALL_WIDTH}.jpg")


def is_proposed(name):
    """Whether an open proposal contains the photo with that file."""
    operation = [{"fields": {"image": name}}]
    return Proposal.objects.open().filter(changes__parts__contains=operation).exists()


# No feature shows photos, so their changes do not raise the revision of the data.
@tracked(revises=False)
class Photo(ConstrainedModel):
    """A photo of a product, written by products.ocop.photos in two widths and without metadata."""

    part_of = "product"

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="photos", verbose_name=_("sản phẩm")
    )
    image = models.ImageField(_("ảnh"), upload_to=file_name)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(
        _("ảnh cho thấy gì"),
        max_length=200,
        help_text=_("Một câu cho người không nhìn thấy ảnh."),
    )
    alt_en = models.CharField(_("ảnh cho thấy gì, tiếng Anh"), max_length=200, blank=True)
    credit = models.CharField(_("tác giả ảnh"), max_length=200)
    licence = models.CharField(
        _("giấy phép"),
        max_length=200,
        help_text=_("Ví dụ CC BY 4.0, hoặc “chủ thể cho phép đăng”."),
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=1)

    class Meta:
        verbose_name = _("ảnh")
        verbose_name_plural = pgettext_lazy("plural", "ảnh")
        ordering = ["product", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="photo_has_a_file_of_its_own",
                fields=["image"],
                violation_error_message=_("Tệp ảnh này đã thuộc về một ảnh khác."),
            ),
            VisibleText(
                name="photo_has_no_hidden_characters", fields=["alt", "alt_en", "credit", "licence"]
            ),
            models.CheckConstraint(
                name="photo_says_what_it_shows",
                condition=~Q(alt__regex=r"^\s*$"),
                violation_error_message=_("Cần một câu nói ảnh cho thấy gì."),
            ),
            models.CheckConstraint(
                name="photo_names_its_author_and_licence",
                condition=~Q(credit__regex=r"^\s*$") & ~Q(licence__regex=r"^\s*$"),
                violation_error_message=_("Ảnh cần tác giả và giấy phép."),
            ),
            models.CheckConstraint(
                name="photo_has_a_size",
                condition=Q(width__gte=1, height__gte=1),
                violation_error_message=_("Ảnh phải có chiều rộng và chiều cao."),
            ),
        ]
        triggers = [RaiseVersionOfRecord(table="ocop_product", column="product_id")]

    def __str__(self):
        return self.alt

    @staticmethod
    def discard_files(photo):
        """Delete the files of a photo whose row will not be stored, unless another one has them.

        A restored photo has the files of a former one, which the history still needs.
        """
        name = photo.image.name
        was_stored = Photo.pgh_event_model.objects.filter(image=name).exists()
        if was_stored or is_proposed(name):
            return
        for file in (name, photo.small_name):
            photo.image.storage.delete(file)

    @property
    def small_name(self):
        return small_name(self.image.name)

    @property
    def small_url(self):
        return self.image.storage.url(self.small_name)

    @property
    def small_width(self):
        return min(SMALL_WIDTH, self.width)
