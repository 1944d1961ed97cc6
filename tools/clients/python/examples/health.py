"""Asks whether Synod takes questions. It needs no key."""

from grpc_health.v1 import health_pb2, health_pb2_grpc

from .connection import Connection


def health(connection: Connection, options) -> None:
    stub = health_pb2_grpc.HealthStub(connection.channel)
    status = stub.Check(health_pb2.HealthCheckRequest(service="synod.chat.v1.ChatService")).status
    print(health_pb2.HealthCheckResponse.ServingStatus.Name(status))
