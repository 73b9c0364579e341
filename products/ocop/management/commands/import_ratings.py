from products.register.management.imports import ImportCommand


class Command(ImportCommand):
    help = "Import ratings of products from an official's XLSX, CSV or GeoJSON file."
    kind = "ratings"
