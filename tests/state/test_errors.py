"""What a handler that raises shows to a person (R-8)."""

import pytest

from backoffice_app.db_errors import AWAY, BUSY, UNKNOWN
from backoffice_app.domain.core.errors import Away, Busy, Unknown
from backoffice_app.i18n import LazyText
from backoffice_app.state.errors import reason_of


@pytest.mark.parametrize(
    ("error", "said"), [(Away(AWAY), AWAY), (Busy(BUSY), BUSY), (Unknown(UNKNOWN), UNKNOWN)]
)
def test_r8_trouble_with_the_database_is_its_sentence_and_no_bug(error: Exception, said: LazyText) -> None:
    assert reason_of(error) == said
