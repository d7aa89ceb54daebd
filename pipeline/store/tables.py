"""The one collection of tables; each module of this folder adds its own, each migration makes them."""

import sqlalchemy as sa

metadata = sa.MetaData()
