"""Who looks at the site in the browser tests, and on what."""

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
OFFICIAL = "truong-phong"
PASSWORD = "chỉ-để-thử-2026"
