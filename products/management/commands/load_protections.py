from products import importing
from products.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load rights of industrial property with their stated areas (CSV)."
    kind = "protections"
    read = importing.load_protections
