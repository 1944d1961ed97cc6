package main

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// connect makes a connection to Synod. It serves any number of calls, at once too.
func connect(target, key string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target,
		// Behind TLS: credentials.NewClientTLSFromCert(nil, "").
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(func(
			ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
			invoke grpc.UnaryInvoker, options ...grpc.CallOption,
		) error {
			return invoke(withKey(ctx, key), method, request, reply, conn, options...)
		}),
		grpc.WithStreamInterceptor(func(
			ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string,
			stream grpc.Streamer, options ...grpc.CallOption,
		) (grpc.ClientStream, error) {
			return stream(withKey(ctx, key), description, conn, method, options...)
		}),
	)
}

// withKey adds the header that every call carries.
func withKey(ctx context.Context, key string) context.Context {
	if key == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+key)
}
