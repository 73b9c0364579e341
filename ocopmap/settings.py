"""Settings: one file; values that differ between machines are environment variables.

Required: SECRET_KEY, DATABASE_URL. If one is missing or malformed, the start fails and names it.
"""

import importlib.util
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from geodata.place import PackError, find_pack, read_place

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name, default=None):
    """The value of an environment variable; required if there is no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def env_bool(name, default):
    """A boolean environment variable."""
    value = env(name, "1" if default else "0").lower()
    if value not in {"1", "0", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def strong_secret(name):
    """A secret from the environment; refused if weak by the rules of Django's security.W009."""
    value = env(name)
    if len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"{name} is weak: it needs at least 50 characters, at least 5 different ones, and must"
            " not begin with django-insecure-."
        )
    return value


def database(url):
    """DATABASE_URL as an entry of Django's DATABASES setting."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgis", "postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgis://user:password@host/name.")
    return dj_database_url.parse(url, engine="django.contrib.gis.db.backends.postgis")


def mail_server(url):
    """EMAIL_URL as Django's settings of mail: a dict by name.

    url: smtp://user:password@host:port, with smtps:// for TLS from the start or smtp+tls:// for
    STARTTLS; user, password and port may be left out. Special characters are percent-encoded.
    """
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@host:587, smtps://… or smtp://…."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        # Seconds; a server that does not answer must not hold a thread for minutes.
        "EMAIL_TIMEOUT": 20,
    }


def shared_cache(url):
    """The cache that all processes share, as an entry of Django's CACHES setting.

    url: CACHE_URL: redis://… or rediss://…, or empty for a table of the database.
    """
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            # Created by a migration of geodata.
            "LOCATION": "geodata_cache",
            # Far more than there are accounts and addresses: a full cache drops entries, and with
            # them the attempts that are counted.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    if urlsplit(url).scheme not in {"redis", "rediss"} or not urlsplit(url).hostname:
        raise ImproperlyConfigured("CACHE_URL must look like redis://host:6379/0.")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}


def whole_number(name, default):
    """An environment variable with a whole number that is not negative."""
    value = env(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def tile_sources(url):
    """The origin of the tiles for the Content-Security-Policy; empty for our own host."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"] if parts.netloc else []


def bundled_gdal():
    """Path of the GDAL library inside pyogrio's wheel, which also exports its GEOS.

    Newer than Debian 12's, knows the provincial grids of VN-2000; no second GDAL is loaded.
    """
    package = Path(importlib.util.find_spec("pyogrio").origin).parent
    return str(next((package.parent / "pyogrio.libs").glob("libgdal*")))


# --- the place -----------------------------------------------------------------------------

# The province pack: a folder with place.toml and data (docs/another-province.md).
try:
    PLACE = read_place(find_pack(BASE_DIR / "geodata" / "data", env("OCOPMAP_PLACE", "")))
except PackError as error:
    raise ImproperlyConfigured(str(error)) from error
SITE_NAME = PLACE.site_name

# The template into which geodata renders the pages of the API.
API_BASE_TEMPLATE = "frontend/page.html"

# The public collections in the order of listings; every output reads this setting.
COLLECTIONS = [
    "districts.collections.DISTRICTS",
    "districts.collections.COMMUNES",
    "products.ocop.collections.PRODUCTS",
    "products.ocop.collections.PRODUCERS",
    "products.ocop.collections.PROTECTIONS",
    "products.places.collections.SALES_POINTS",
    "products.places.collections.CRAFT_VILLAGES",
]

# What officials edit with QGIS and other programs, in the order of listings.
EDITABLE_LAYERS = [
    "products.ocop.editing.PRODUCTS",
    "products.register.editing.PRODUCERS",
    "products.places.editing.SALES_POINTS",
    "products.places.editing.CRAFT_VILLAGES",
]

# URL names: of the page of each kind of record, and of the page of all other kinds.
DEFAULT_RECORD_PAGE = "frontend:record"
RECORD_PAGES = {
    "districts.unit": "frontend:unit",
    "register.producer": "frontend:producer",
    "rights.ipright": "frontend:protection",
    "ocop.product": "frontend:product",
    "places.salespoint": "frontend:sales-point",
    "places.craftvillage": "frontend:craft-village",
}

# The modules with the ModelAdmins of the workspace, in the order of its menu.
WORKSPACE = [
    "frontend.workspace.proposals",
    "frontend.workspace.products",
    "frontend.workspace.decisions",
    "frontend.workspace.producers",
    "frontend.workspace.rights",
    "frontend.workspace.places",
    "frontend.workspace.units",
    "frontend.workspace.sources",
    "frontend.workspace.imports",
    "frontend.workspace.people",
]

# What officials import from spreadsheets, in the order of the choice.
IMPORTS = [
    "products.ocop.resources.ProductResource",
    "products.register.resources.ProducerResource",
    "products.ocop.resources.RatingResource",
    "products.places.resources.SalesPointResource",
    "products.places.resources.CraftVillageResource",
]

# --- the machine ---------------------------------------------------------------------------

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = strong_secret("SECRET_KEY")
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
if not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(f"SITE_URL must be a full address, not {SITE_URL!r}.")
# Who operates the site, on its pages; what is empty is not displayed.
CONTACT_NAME = env("CONTACT_NAME", "")
CONTACT_ADDRESS = env("CONTACT_ADDRESS", "")
CONTACT_PHONE = env("CONTACT_PHONE", "")
CONTACT_EMAIL = env("CONTACT_EMAIL", "")
# The contact page, also named in data catalogues; there by default the front page.
CONTACT_URL = env("CONTACT_URL", "")
ALLOWED_HOSTS = [
    urlsplit(SITE_URL).hostname,
    *filter(None, env("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
]
LOCAL_DIR = Path(env("OCOPMAP_LOCAL", str(BASE_DIR / ".local"))).resolve()

DATABASES = {
    "default": {
        **database(env("DATABASE_URL")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # Queries of a page of features are shorter than JIT compilation or the start of a
            # parallel worker, which would take a core from other requests. PGOPTIONS is appended,
            # because libpq ignores it if options are given.
            # pgtrigger.ignore is empty instead of missing: the triggers of django-pgtrigger read
            # it, and catching the error took half of the time of a bulk write.
            "options": "-c jit=off -c max_parallel_workers_per_gather=0 -c pgtrigger.ignore={} "
            + env("PGOPTIONS", ""),
        },
        # The database returns times with the offset +07:00.
        "TIME_ZONE": "Asia/Ho_Chi_Minh",
    }
}
GDAL_LIBRARY_PATH = GEOS_LIBRARY_PATH = bundled_gdal()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HTTPS = env_bool("HTTPS", default=SITE_URL.startswith("https://"))
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# The editing API refuses instead: a program would follow the redirect of a write as GET.
SECURE_REDIRECT_EXEMPT = [r"^api/v1/editing(/|$)"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Tile servers such as that of OpenStreetMap refuse requests without a Referer.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# Whether a publisher may publish own work, and change public records without a proposal that
# somebody else accepts.
SELF_PUBLISH = env_bool("SELF_PUBLISH", default=False)

# What a record needs to be published, by model; names of Record.essentials().
REQUIRED_TO_PUBLISH = {"ocop.product": ["category"]}

# --- the application -----------------------------------------------------------------------

INSTALLED_APPS = [
    "frontend.workspace",
    "frontend",
    "products.places",
    "products.ocop",
    "products.rights",
    "products.register",
    "districts",
    "geodata",
    "frontend.workspace.apps.WorkspaceSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.gis",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "corsheaders",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "leaflet",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "rest_framework_gis",
]

MIDDLEWARE = [
    "geodata.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "geodata.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    # Before any middleware that can respond with text: a thread would otherwise still have the
    # language of its previous request.
    "frontend.language.LanguageMiddleware",
    "geodata.middleware.TextGZipMiddleware",
    "geodata.middleware.NoNulMiddleware",
    "geodata.middleware.DatabaseDownMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "frontend.workspace.middleware.IdleSessionMiddleware",
    "frontend.workspace.middleware.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "ocopmap.urls"
WSGI_APPLICATION = "ocopmap.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Also of user names and e-mail addresses together; it is the backend of Django otherwise.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CACHES = {
    # Shared by all processes: counts of attempts, used codes.
    "default": shared_cache(env("CACHE_URL", "")),
    # Counts and extents of a revision (geodata/revision.py): every process computes the same, so
    # that none has to query the database.
    "computed": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "computed",
    },
    # Compressed pages (geodata/page_cache.py), apart from the others so that no crawler evicts
    # those. The pages of one revision are about 450 in two languages, 2 MB together.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# --- accounts ------------------------------------------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "frontend.workspace.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "frontend.workspace.account_forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# The Department makes the accounts; what it enters is right.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Seconds after which an account's settings require the password again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PASSWORD_MIN_LENGTH = None  # AUTH_PASSWORD_VALIDATORS decide.
# Attempts per address of the client and per account ("key"), counted in the shared cache. One
# address may be that of a whole office.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/h/key",
    # Of the editing API, see geodata/app_passwords.py.
    "app_password": "20/m/ip,10/300s/key",
}
# How many proxies before the server add the client's address to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("PROXIES", default=1 if HTTPS else 0)
MFA_ADAPTER = "frontend.workspace.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# Phones whose clock is up to half a minute wrong.
MFA_TOTP_TOLERANCE = 1
# One working day: a lunch break does not end a session.
SESSION_COOKIE_AGE = 60 * whole_number("SESSION_IDLE_MINUTES", default=480)
ACCOUNT_SESSION_REMEMBER = True

# --- mail ----------------------------------------------------------------------------------

# Without a mail server each message is a file, which the administrator can pass on.
EMAIL_URL = env("EMAIL_URL", "")
if EMAIL_URL:
    globals().update(mail_server(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = LOCAL_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", f"khong-tra-loi@{urlsplit(SITE_URL).hostname}")

# --- language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
# Of this folder, and of the package of applications; those of other applications are in them.
LOCALE_PATHS = [BASE_DIR / "ocopmap" / "locale", BASE_DIR / "products" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [
    # Built at set-up: the base map, icons, and bundles of our modules and styles.
    ("build", LOCAL_DIR / "build"),
]
# Photos and decisions (PDF) that officials upload. No web server may serve the folder: views check
# permissions.
MEDIA_URL = "anh/"
MEDIA_ROOT = LOCAL_DIR / "photos"
# An annex of 500 products has 17 fields for each on the page that shows it before it is written.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files to import, which only jobs read.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": LOCAL_DIR / "imports", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Nor source maps, which only developers read.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# --- jobs ----------------------------------------------------------------------------------

# In the database; `manage.py db_worker` runs them, which bin/run starts beside the server.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- libraries -----------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "geodata.app_passwords.AppPasswordAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Public views declare it themselves.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # Each URL has one representation, independent of the Accept header; `f` selects it.
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "geodata.problems.SingleRendererNegotiation",
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "geodata.problems.exception_handler",
}

CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Content-Crs"]

# Street tiles of another host. Without it a visit requests nothing from other hosts.
TILE_URL = env("TILE_URL", "")
TILE_ATTRIBUTION = env(
    "TILE_ATTRIBUTION",
    '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> (ODbL)',
)
# Up to this number of products, the map page loads all of them with all properties, and searches
# and filters them itself. Above, it loads an index, and the API searches (frontend/views/map.py).
MAP_LOADS_WHOLE = 2_000
LEAFLET_CONFIG = {
    "SPATIAL_EXTENT": PLACE.map_extent,
    "MIN_ZOOM": 8,
    "MAX_ZOOM": 18,
    # The tiles are a layer on top of our own base map; JavaScript adds both.
    "TILES": [],
    "RESET_VIEW": False,
    # Our own scale is redrawn when the map stops moving, not in every frame.
    "SCALE": None,
    "ATTRIBUTION_PREFIX": "",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # No nonce: the header of a 304 would replace the one that the scripts of the page have.
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *tile_sources(TILE_URL)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Geolocation for "near me" on the map; nothing else.
PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"

# History events can neither be changed nor deleted.
PGHISTORY_APPEND_ONLY = True
# Only writing requests get a context, so that reading requests do not load the session.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"bad_requests": {"()": "ocopmap.logs.BadRequestFilter"}},
    "formatters": {
        "one_line": {
            "()": "ocopmap.logs.OneLineFormatter",
            "format": "%(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["bad_requests"],
            "formatter": "one_line",
            # db_worker lowers the level of its loggers and reports every task.
            "level": "WARNING",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
