export * from "./gen/synod/round/v1/member_pb.js";
export * from "./gen/synod/round/v1/round_service_pb.js";
