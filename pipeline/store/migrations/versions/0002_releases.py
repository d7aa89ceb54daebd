"""Partials collected for each window, and the releases made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002_releases"
down_revision = "0001_day_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "partials",
        sa.Column("dataset", sa.String(128), primary_key=True),
        sa.Column("window_start", sa.BigInteger, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("chunk", sa.Integer, primary_key=True),
        sa.Column("window_end", sa.BigInteger, nullable=False),
        sa.Column("partitions", sa.Integer, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "releases",
        sa.Column("dataset", sa.String(128), primary_key=True),
        sa.Column("window_start", sa.BigInteger, primary_key=True),
        sa.Column("window_end", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("withheld", sa.Boolean, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("records", sa.LargeBinary),
        sa.Column("end_offset", sa.BigInteger, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("published_ms", sa.BigInteger),
    )


def downgrade() -> None:
    """Drop both; what is pending is lost, so only an empty store goes back."""
    op.drop_table("releases")
    op.drop_table("partials")
