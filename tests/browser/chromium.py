"""The browser of the tests and its viewports."""

import os

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
OFFICIAL = "truong-phong"
# One whose second factor is not set up.
NEWCOMER = "can-bo-moi"
PASSWORD = "chỉ-để-thử-2026"

# Without these, Chromium contacts its vendor at every start, and needs a sandbox that root lacks.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Fewer processes to start: the tests open one page after the other, all of one server.
    "--in-process-gpu",
    "--renderer-process-limit=1",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
]


def executable():
    """Debian's Chromium, or what the variable CHROMIUM names."""
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


def launch(playwright):
    """The executable, headless."""
    return playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
