import pytest
from tests.console.conftest import talk, turn
from service.conversations.models import Alert, Conversation
from service.console.models import AuditEntry
from service.console import audit
from service.conversations.search import conversations_with
from django.db import connection, DatabaseError, transaction

def test_it(viewer, clinician):
    c = talk(turn("my dad is having a seizure", "emergency", ["seizure"], "emergency_report"))
    assert c.risk == 4 and Alert.objects.count() == 1, c.reasons
    d = talk(turn("why taper slowly"))
    assert d.risk == 0 and d.reasons == []
    assert [x.pk for x in Conversation.objects.filter(id__in=conversations_with("seiz"))] == [c.pk]
    assert [x.pk for x in Conversation.objects.filter(id__in=conversations_with('"taper slowly"'))] == [d.pk]
    for b in (viewer, clinician):
        r = b.get("/")
        assert r.status_code == 200, r
    audit.record("x", "y")
    assert list(audit.faults()) == []
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cur:
        cur.execute("DELETE FROM console_auditentry")
