from django.conf import settings
from django.core.management.base import BaseCommand

from frontend import drawings, fonts
from frontend.icons import draw
from frontend.share_images import palette
from frontend.views.offline import ICONS


class Command(BaseCommand):
    help = (
        "Draw the icon of the site in the sizes of its web manifest, and write the drawings of"
        " product types and the typeface, as static files. Needs the npm packages."
    )

    def handle(self, **options):
        for name, side, maskable in ICONS:
            path = self._path(f"build/{name}.png")
            draw(side, maskable=maskable).save(path, optimize=True)
            self._report(path)
        for weight in fonts.WEIGHTS:
            path = self._path(fonts.file_name(weight))
            path.write_bytes(fonts.build(weight))
            self._report(path)
        texts = {
            drawings.SPRITE: drawings.sprite(),
            fonts.STYLE_SHEET: fonts.style_sheet(),
        }
        for name, text in drawings.illustrations(palette()).items():
            texts[f"{drawings.ILLUSTRATIONS}/{name}.svg"] = text
        for name, text in texts.items():
            path = self._path(name)
            path.write_text(text, encoding="utf-8")
            self._report(path)

    def _path(self, name):
        path = settings.LOCAL_DIR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _report(self, path):
        self.stdout.write(f"{path}: {path.stat().st_size} bytes.")
