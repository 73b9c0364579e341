from products.places.importing import load_craft_villages
from products.register.management.base import RecordCommand


class Command(RecordCommand):
    help = "Load craft villages (CSV), each on its coordinates or its declared commune."
    kind = "craft_villages"
    read = load_craft_villages
