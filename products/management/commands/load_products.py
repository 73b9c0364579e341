from products import importing
from products.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load products with their ratings (CSV); possible duplicates stay drafts."
    kind = "products"
    read = importing.load_products
