from products.register.importing.producers import load_producers
from products.register.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load producers (CSV), each on its declared commune."
    kind = "producers"
    read = load_producers
