"""Learns the contract from Synod itself, and calls a method without generated stubs."""

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from .connection import Connection


def reflect(connection: Connection, options) -> None:
    with_key = grpc.intercept_channel(connection.channel, _WithMetadata(connection))
    database = ProtoReflectionDescriptorDatabase(with_key)
    for name in database.get_services():
        print(name)

    service = DescriptorPool(database).FindServiceByName("synod.chat.v1.ChatService")
    method = service.FindMethodByName("ListModels")
    list_models = with_key.unary_unary(
        f"/{service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    listed = list_models(GetMessageClass(method.input_type)())
    print(f"{len(listed.models)} models, {listed.models[0].id} first")


class _WithMetadata(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Adds the headers of the connection to calls that the library makes by itself."""

    def __init__(self, connection: Connection) -> None:
        self._metadata = connection.metadata()

    def intercept_unary_unary(self, continuation, details, request):
        return continuation(details._replace(metadata=self._metadata), request)

    def intercept_stream_stream(self, continuation, details, requests):
        return continuation(details._replace(metadata=self._metadata), requests)
