"""What every kind of record needs: states, places, classifications; and the producers."""

from products.register.states import State, is_published, published_sql

from .categories import Basis, Category, Sector
from .certificates import (
    ProducerCertificate,
    QualityCertificate,
    certificate_columns,
    certificate_constraints,
)
from .daily_mail import DailyMail
from .located import (
    Located,
    LocatedQuerySet,
    Position,
    distance_to,
    looks_after_a_province,
    province,
)
from .producers import Producer
from .product_types import ProductType
from .proposals import (
    Channel,
    Proposal,
    ProposalKind,
    ProposalState,
)
from .public import public_record
from .records import Record, RecordQuerySet, people_changed
from .seasons import Season, SeasonState, SeasonUnit

__all__ = [
    "Basis",
    "Category",
    "Channel",
    "DailyMail",
    "Located",
    "LocatedQuerySet",
    "Position",
    "Producer",
    "ProducerCertificate",
    "ProductType",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "QualityCertificate",
    "Record",
    "RecordQuerySet",
    "Season",
    "SeasonState",
    "SeasonUnit",
    "Sector",
    "State",
    "certificate_columns",
    "certificate_constraints",
    "distance_to",
    "is_published",
    "looks_after_a_province",
    "people_changed",
    "province",
    "public_record",
    "published_sql",
]
