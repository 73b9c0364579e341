"""How static files are served: compressed, under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    # Our modules import one another by relative address; without this a new page would meet an
    # old module in the browser's cache. Bare names ("supercluster") are left to the import map.
    support_js_module_import_aggregation = True
