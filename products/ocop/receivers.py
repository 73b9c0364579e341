"""Which changes of state products forbid."""

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from products.register.models import Producer
from products.register.signals import state_changing
from products.register.states import State

from .models import Product


@receiver(state_changing, sender=Product)
def validate_producer_published(sender, record, after, **kwargs):
    """A public product must not reference an unpublished producer; the workflow has locked it."""
    if after == State.PUBLISHED and record.producer and not record.producer.is_public:
        raise ValidationError(_("Hãy công bố chủ thể “%s” trước.") % record.producer)


@receiver(state_changing, sender=Producer)
def validate_no_public_products(sender, record, after, **kwargs):
    """A producer with public products must not be withdrawn."""
    public = record.products.published().count() if after == State.WITHDRAWN else 0
    if public:
        text = ngettext(
            "Chủ thể còn %d sản phẩm đang công bố.",
            "Chủ thể còn %d sản phẩm đang công bố.",
            public,
        )
        raise ValidationError(text % public)
