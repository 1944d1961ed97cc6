"""A connection to Synod, with what every call carries."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

import grpc


@dataclass(frozen=True)
class Connection:
    """Where Synod is, and who calls. One channel serves any number of calls, at once too."""

    channel: grpc.Channel
    key: Optional[str]

    def metadata(self, *more: Tuple[str, str]) -> List[Tuple[str, str]]:
        """The headers of a call. Names are in lower case."""
        own = [] if self.key is None else [("authorization", f"Bearer {self.key}")]
        return [*own, *more]


def connect(target: str, key: Optional[str]) -> Connection:
    # Behind TLS: grpc.secure_channel(target, grpc.ssl_channel_credentials()).
    return Connection(grpc.insecure_channel(target), key)
