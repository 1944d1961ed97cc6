package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// checkHealth asks whether Synod takes questions. It needs no key.
func checkHealth(ctx context.Context, conn *grpc.ClientConn, _ options) error {
	request := &grpc_health_v1.HealthCheckRequest{Service: "synod.chat.v1.ChatService"}
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, request)
	if err != nil {
		return err
	}
	fmt.Println(answer.GetStatus())
	return nil
}
