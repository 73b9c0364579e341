from products.register.management.base import RecordCommand
from products.rights.importing import load_protections


class Command(RecordCommand):
    help = "Load rights of industrial property with their stated areas (CSV)."
    kind = "protections"
    read = load_protections
