from products.places.importing import load_sales_points
from products.register.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load sales points (CSV), each on its coordinates or its declared commune."
    kind = "sales_points"
    read = load_sales_points
