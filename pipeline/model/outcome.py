"""Bad data is a value, not an exception (design: Errors)."""

import msgspec


class Rejected(msgspec.Struct, frozen=True):
    """Why a record could not be read. `reason` is a constant word of ours, never made from the data."""

    reason: str
