"""Names of constraints of proposals that state their rule in standard terms."""

from django.db import migrations, models
from django.db.models import Q

NAMES = {
    "decided_proposal_says_when": "decided_proposal_has_a_time",
    "refused_proposal_says_why": "refused_proposal_has_an_answer",
}
RENAME = 'ALTER TABLE register_proposal RENAME CONSTRAINT "{}" TO "{}"'


class Migration(migrations.Migration):
    dependencies = [("register", "0005_daily_mail")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # RemoveConstraint and AddConstraint would read the whole table.
            database_operations=[
                migrations.RunSQL(RENAME.format(old, new), RENAME.format(new, old))
                for old, new in NAMES.items()
            ],
            state_operations=[
                *(migrations.RemoveConstraint("proposal", old) for old in NAMES),
                migrations.AddConstraint(
                    "proposal",
                    models.CheckConstraint(
                        condition=Q(state="pending", decided_at=None)
                        | ~Q(state="pending") & Q(decided_at__isnull=False),
                        name="decided_proposal_has_a_time",
                        violation_error_message="Đề xuất đã duyệt cần có lúc duyệt.",
                    ),
                ),
                migrations.AddConstraint(
                    "proposal",
                    models.CheckConstraint(
                        condition=~Q(state__in=["rejected", "returned"])
                        | ~Q(answer__regex=r"^\s*$"),
                        name="refused_proposal_has_an_answer",
                        violation_error_message="Không chấp nhận hoặc trả lại cần có lý do.",
                    ),
                ),
            ],
        )
    ]
