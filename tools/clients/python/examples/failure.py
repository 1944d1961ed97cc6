"""What an error says: its code, why, which field is wrong, and how long to wait."""

from typing import Iterator

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


def tell(error: grpc.RpcError) -> Iterator[str]:
    yield f"{error.code().name}: {error.details()}"
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else []:
        info = error_details_pb2.ErrorInfo()
        wait = error_details_pb2.RetryInfo()
        request = error_details_pb2.BadRequest()
        if detail.Unpack(info):
            yield f"reason {info.reason}, again: {info.metadata['retryable']}"
        elif detail.Unpack(wait):
            yield f"wait {wait.retry_delay.ToMilliseconds()} ms"
        elif detail.Unpack(request):
            for violation in request.field_violations:
                yield f"field {violation.field}: {violation.description}"
