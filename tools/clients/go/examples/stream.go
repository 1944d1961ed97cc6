package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"

	chat "synod.example/client/gen/synod/chat/v1"
)

// follow asks and follows the run: what each member does, and the text as it comes.
func follow(ctx context.Context, conn *grpc.ClientConn, options options) error {
	request := &chat.StreamChatRequest{Chat: question(options.model, options.text)}
	stream, err := chat.NewChatServiceClient(conn).StreamChat(ctx, request)
	if err != nil {
		return err
	}
	var text strings.Builder
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch event := response.GetEvent().(type) {
		case *chat.StreamChatResponse_Delta:
			text.WriteString(event.Delta.GetText())
		case *chat.StreamChatResponse_RunEvent:
			fmt.Printf("event %d: %s\n", event.RunEvent.GetSeq(), nameOf(event.RunEvent))
		case *chat.StreamChatResponse_Finished:
			fmt.Printf("streamed: %s\n", text.String())
			fmt.Println(told(event.Finished.GetResponse()))
		}
	}
}

// nameOf is what happened, as the contract calls it.
func nameOf(event *chat.RunEvent) string {
	message := event.ProtoReflect()
	arm := message.WhichOneof(message.Descriptor().Oneofs().ByName("event"))
	return string(arm.Name())
}
