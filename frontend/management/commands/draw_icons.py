from django.conf import settings
from django.core.management.base import BaseCommand

from frontend.icons import draw
from frontend.views.offline import ICONS


class Command(BaseCommand):
    help = "Draw the icon of the site in the sizes of its web manifest, as static files."

    def handle(self, **options):
        for name, side, maskable in ICONS:
            path = settings.LOCAL_DIR / "build" / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            draw(side, maskable=maskable).save(path, optimize=True)
            self.stdout.write(f"{path}: {path.stat().st_size} bytes.")
