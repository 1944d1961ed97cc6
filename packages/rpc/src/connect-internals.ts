/**
 * The one file that imports what Connect marks as private or leaves out of its main entry. Connect's version is exact
 * for this reason; look here first when it changes.
 */
export { createMethodImplSpec, createServiceImplSpec, type MethodImplSpec } from "@connectrpc/connect";
export { createMethodUrl, runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
export { findTrailerError } from "@connectrpc/connect/protocol-grpc";
export { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
