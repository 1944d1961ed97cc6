/** What another gateway is installed from, and how it is asked. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** The manifest of the folder that it is installed in. */
  readonly manifest: object;
  /** The program, from that folder. */
  readonly program: string;
  readonly args: readonly string[];
  /** What it does more or less than Synod, for whoever compares. */
  readonly differences: string;
  /** The headers that send its calls to the bench's upstream. */
  headers(upstreamUrl: string): Readonly<Record<string, string>>;
}

const version = "1.15.2";

/**
 * Portkey's gateway as its package is run, without its web page.
 *
 * The two overrides are needed: what a plain install takes answers 500 to every stream.
 */
export const portkey: Peer = {
  name: "Portkey",
  version,
  manifest: {
    name: "bench-peer",
    private: true,
    dependencies: { "@portkey-ai/gateway": version },
    overrides: { hono: "4.9.7", "@hono/node-server": "1.13.5" },
  },
  program: "node_modules/@portkey-ai/gateway/build/start-server.js",
  args: ["--headless", "--port=0"],
  differences:
    "one process, asked for its OpenRouter provider, as Synod is; parses and rewrites every answer and chunk, as Synod " +
    "does; waits 25 ms by itself before the first chunk of a stream; writes no log and no metrics, and counts no cost",
  headers: (upstreamUrl) => ({
    "x-portkey-provider": "openrouter",
    "x-portkey-custom-host": `${upstreamUrl}/api/v1`,
  }),
};
