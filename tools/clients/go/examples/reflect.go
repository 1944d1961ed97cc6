package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	reflection "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// reflect learns the contract from Synod itself, and calls a method without generated stubs.
func reflect(ctx context.Context, conn *grpc.ClientConn, _ options) error {
	stream, err := reflection.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return err
	}
	listed, err := ask(stream, &reflection.ServerReflectionRequest{
		MessageRequest: &reflection.ServerReflectionRequest_ListServices{},
	})
	if err != nil {
		return err
	}
	for _, service := range listed.GetListServicesResponse().GetService() {
		fmt.Println(service.GetName())
	}

	described, err := ask(stream, &reflection.ServerReflectionRequest{
		MessageRequest: &reflection.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "synod.chat.v1.ChatService"},
	})
	if err != nil {
		return err
	}
	service, err := serviceIn(described.GetFileDescriptorResponse().GetFileDescriptorProto())
	if err != nil {
		return err
	}
	method := service.Methods().ByName("ListModels")
	request, reply := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
	path := fmt.Sprintf("/%s/%s", service.FullName(), method.Name())
	if err := conn.Invoke(ctx, path, request, reply); err != nil {
		return err
	}
	models := reply.Get(method.Output().Fields().ByName("models")).List()
	first := models.Get(0).Message()
	id := first.Get(first.Descriptor().Fields().ByName("id"))
	fmt.Printf("%d models, %s first\n", models.Len(), id)
	return nil
}

func ask(
	stream reflection.ServerReflection_ServerReflectionInfoClient, request *reflection.ServerReflectionRequest,
) (*reflection.ServerReflectionResponse, error) {
	if err := stream.Send(request); err != nil {
		return nil, err
	}
	return stream.Recv()
}

// serviceIn finds ChatService in the files that describe it.
func serviceIn(files [][]byte) (protoreflect.ServiceDescriptor, error) {
	set := &descriptorpb.FileDescriptorSet{}
	for _, file := range files {
		described := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(file, described); err != nil {
			return nil, err
		}
		set.File = append(set.File, described)
	}
	registry, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, err
	}
	descriptor, err := registry.FindDescriptorByName("synod.chat.v1.ChatService")
	if err != nil {
		return nil, err
	}
	return descriptor.(protoreflect.ServiceDescriptor), nil
}
