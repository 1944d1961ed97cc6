export * from "./gen/google/rpc/error_details_pb.js";
export { ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
