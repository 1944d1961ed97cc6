package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	chat "synod.example/client/gen/synod/chat/v1"
)

// leave goes away before the question is answered: what is being asked upstream is cancelled.
func leave(ctx context.Context, conn *grpc.ClientConn, options options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request := &chat.StreamChatRequest{Chat: question(options.model, options.text)}
	stream, err := chat.NewChatServiceClient(conn).StreamChat(ctx, request)
	if err != nil {
		return err
	}
	for {
		response, err := stream.Recv()
		if status.Code(err) == codes.Canceled {
			fmt.Println("CANCELLED")
			return nil
		}
		if err != nil {
			return err
		}
		if nameOf(response.GetRunEvent()) == "round_started" {
			fmt.Println("the members are being asked: leaving")
			cancel()
		}
	}
}
