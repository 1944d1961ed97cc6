package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	chat "synod.example/client/gen/synod/chat/v1"
)

// listModels lists what can be asked: panels first, then the providers' models.
func listModels(ctx context.Context, conn *grpc.ClientConn, _ options) error {
	listed, err := chat.NewChatServiceClient(conn).ListModels(ctx, &chat.ListModelsRequest{})
	if err != nil {
		return err
	}
	for _, model := range listed.GetModels() {
		fmt.Printf("%s (%s)\n", model.GetId(), model.GetOwner())
	}
	return nil
}
