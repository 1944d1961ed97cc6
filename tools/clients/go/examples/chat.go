package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	chat "synod.example/client/gen/synod/chat/v1"
)

// askOnce asks a panel or one model, and prints the answer and how far the panel agrees.
func askOnce(ctx context.Context, conn *grpc.ClientConn, options options) error {
	if options.idempotencyKey != "" {
		// A question that is sent twice with the same key is paid once. Make one for each question, and keep it for its repeats.
		ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", options.idempotencyKey)
	}
	answer, err := chat.NewChatServiceClient(conn).Chat(ctx, question(options.model, options.text))
	if err != nil {
		return err
	}
	fmt.Println(told(answer))
	return nil
}
