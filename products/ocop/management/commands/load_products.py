from products.ocop.importing import load_products
from products.register.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load products with their ratings (CSV); possible duplicates stay drafts."
    kind = "products"
    read = load_products
