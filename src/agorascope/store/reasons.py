"""How is a reason kept in the state? As JSON of its key and values, so that it can be said in any language."""

import msgspec

from agorascope.texts import Message, message, say

_DECODER = msgspec.json.Decoder(Message)


def written(reason: Message) -> str:
    """Write a reason as it is stored."""
    return msgspec.json.encode(reason).decode()


def read(stored: str) -> Message:
    """Read a stored reason; what earlier versions wrote in English, or a later one in words not known here, is shown as it is.

    >>> str(read("someday is not a time"))
    'someday is not a time'
    """
    try:
        reason = _DECODER.decode(stored)
        say(reason, "en")
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return message("reasons.written", text=stored)
    return reason
