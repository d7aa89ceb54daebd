"""Day keys, wrapped; a destroyed one stays as a tombstone."""

import sqlalchemy as sa
from alembic import op

revision = "0001_day_keys"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "day_keys",
        sa.Column("site", sa.String(128), primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("key_id", sa.LargeBinary(4), nullable=False, unique=True),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("destroyed_ms", sa.BigInteger),
    )


def downgrade() -> None:
    """Drop the table, tombstones included."""
    op.drop_table("day_keys")
