"""What a patient wrote runs nothing on the screen of staff."""

import pytest
from django.test import Client

from tests.console.conftest import talk, turn

EVIL = "<script>fetch('//evil.example')</script><img src=x onerror=alert(1)>{{ 7|add:1 }}"


@pytest.mark.django_db
def test_markup_that_a_patient_wrote_is_words_on_the_pages_of_staff(admin: Client) -> None:
    conversation = talk(turn(EVIL, level="emergency"), turn(f"and {EVIL}"))
    pages = ["/", "/conversations", f"/conversations/{conversation.pk}"]
    texts = [admin.get(path, follow=True).content.decode() for path in pages]
    assert [path for path, text in zip(pages, texts) if "<script>fetch" in text or "<img src=x" in text] == []
    assert "&lt;script&gt;fetch" in texts[-1] and "{{ 7|add:1 }}" in texts[-1]
