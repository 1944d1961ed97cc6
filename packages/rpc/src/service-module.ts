import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";

/** A service that can be mounted anywhere: behind a local transport, on a gRPC listener, on a web listener. */
export interface ServiceModule extends AsyncDisposable {
  /** Registers the implementation. */
  readonly routes: (router: ConnectRouter) => void;
  /** What is registered, for health and reflection. */
  readonly services: readonly DescService[];
}
