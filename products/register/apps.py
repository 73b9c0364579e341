from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "products.register"
    verbose_name = _("Chủ thể và danh mục")

    def ready(self):
        from . import receivers  # noqa: F401
