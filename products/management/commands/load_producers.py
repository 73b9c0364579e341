from products import importing
from products.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load producers (CSV), each on its declared commune."
    kind = "producers"
    read = importing.load_producers
