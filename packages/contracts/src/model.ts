export * from "./gen/synod/model/v1/message_pb.js";
export * from "./gen/synod/model/v1/sampling_pb.js";
export * from "./gen/synod/model/v1/usage_pb.js";
