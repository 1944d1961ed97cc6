export * from "./gen/synod/chat/v1/chat_service_pb.js";
export * from "./gen/synod/chat/v1/consensus_pb.js";
export * from "./gen/synod/chat/v1/run_event_pb.js";
export * from "./gen/synod/chat/v1/run_pb.js";
export * from "./gen/synod/chat/v1/run_spec_pb.js";
