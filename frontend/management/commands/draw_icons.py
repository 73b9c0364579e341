from django.conf import settings
from django.core.management.base import BaseCommand

from frontend.icons import draw
from frontend.views.offline import ICONS


class Command(BaseCommand):
    help = "Draw the site's sign in the sizes that telephones ask for, as static files."

    def handle(self, **options):
        for name, side, cut in ICONS:
            path = settings.LOCAL_DIR / "build" / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            draw(side, cut=cut).save(path, optimize=True)
            self.stdout.write(f"{path}: {path.stat().st_size} bytes.")
