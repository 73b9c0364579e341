from products.register.management.imports import ImportCommand


class Command(ImportCommand):
    help = "Import products from an official's XLSX, CSV or GeoJSON file; new records are drafts."
    kind = "products"
