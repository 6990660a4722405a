"""Places that a geocoder was asked for."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, String
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import moment_column


class GeocodedPlace(SQLModel, table=True):
    """What the geocoder of this shop said of an address, so that it is asked once (W-1).

    `key`: a digest of the geocoder and of the lines it was asked for. `latitude`, `longitude`: in millionths of a
    degree; None where it found nothing.
    """

    __tablename__ = "geocoded_place"
    key: str = Field(sa_column=Column(String, primary_key=True))
    latitude: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    longitude: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    asked_at: datetime = Field(sa_column=moment_column())
