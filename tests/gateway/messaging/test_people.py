"""The log holds nobody's number; what a reply goes to is read only with the clinic's keys."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from service.gateway.messaging import people

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings: Any) -> Any:
    def use(person_key: str = "k" * 40, address_keys: str = OLD) -> None:
        settings.CHANNEL_SETTINGS = {"PERSON_KEY": person_key, "ADDRESS_KEYS": address_keys}
        people._keys.cache_clear()

    use()
    yield use
    people._keys.cache_clear()


def test_the_same_person_is_the_same_conversation_in_one_channel_only(keys: Any) -> None:
    anna = people.conversation_of("sms", "+16175550142")
    assert anna == people.conversation_of("sms", "+16175550142")
    assert len({anna, people.conversation_of("whatsapp", "+16175550142"), people.conversation_of("sms", "+1617")}) == 3
    assert len(anna) == 43 and "5550142" not in anna


def test_without_the_key_nobody_finds_a_person_again(keys: Any) -> None:
    anna = people.conversation_of("sms", "+16175550142")
    keys(person_key="another" * 8)
    assert people.conversation_of("sms", "+16175550142") != anna


def test_an_address_cannot_be_read_in_what_is_stored(keys: Any) -> None:
    sealed = people.seal({"to": "+16175550142", "text": "my son has a fever"})
    assert b"6175550142" not in sealed and b"fever" not in sealed
    assert people.unseal(sealed)["to"] == "+16175550142"


def test_keys_are_changed_by_putting_a_new_one_before_the_old(keys: Any) -> None:
    before = people.seal({"to": "anna"})
    keys(address_keys=f"{NEW}, {OLD}")
    after = people.seal({"to": "ben"})
    assert (people.unseal(before)["to"], people.unseal(after)["to"]) == ("anna", "ben")
    keys(address_keys=NEW)
    assert people.unseal(after)["to"] == "ben"
    for spoiled in (before, b"", b"x" * 100):
        with pytest.raises(people.Unreadable):
            people.unseal(spoiled)
