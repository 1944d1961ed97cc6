import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A PostgreSQL server for tests, in a temporary folder and on a free loopback port. Disposing it deletes everything. */
export interface TestPostgres extends AsyncDisposable {
  readonly port: number;
  /** The password of its user `synod`, percent-encoded in the URLs. */
  readonly password: string;
  /** Makes an empty database and gives its URL. */
  newDatabase(): Promise<string>;
  /** Stops the server. Connections break. */
  stop(): Promise<void>;
  /** Starts it again, with what it held. */
  start(): Promise<void>;
}

/** Where PostgreSQL's programs are; undefined when it is not installed. */
export function findPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
  ];
  return folders.find((folder) =>
    ["initdb", "postgres"].every((program) => existsSync(join(folder, program))),
  );
}

const user = "synod";
const password = "p@ss/CANARY#word";

/** Runs a server until the input ends, so also until the test's process is gone. SIGINT breaks its connections. */
const untilInputEnds = 'exec 3<&0; "$@" & cat <&3 >/dev/null; kill -INT $!; wait $!';

/** Starts a server. Throws when PostgreSQL is not installed, or says why it does not start. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = findPostgres() ?? missing();
  const folder = mkdtempSync(join(tmpdir(), "synod-postgres-"));
  const account = unprivileged();
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);

  const run = (command: readonly string[]): ChildProcess =>
    spawn("/bin/sh", ["-c", untilInputEnds, "sh", ...command], { ...account, cwd: folder, stdio: "pipe" });
  const options = ["-D", data, "-U", user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const made = spawn(join(programs, "initdb"), [...options, "-E", "UTF8", "--locale=C", "--no-sync"], {
    ...account,
    cwd: folder,
  });
  await ended(made);

  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "shared_buffers=16MB",
    "max_connections=200",
  ].flatMap((setting) => ["-c", setting]);
  let server: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    server = run([join(programs, "postgres"), "-D", data, "-p", String(port), ...settings]);
    await saidReady(server);
  }
  async function stop(): Promise<void> {
    const stopping = server;
    server = undefined;
    if (stopping === undefined || stopping.exitCode !== null) return;
    const exit = once(stopping, "exit");
    stopping.stdin?.end();
    await exit;
  }
  const url = (database: string): string =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

  await start();
  return {
    port,
    password,
    start,
    stop,
    async newDatabase() {
      const { Client } = await import("pg"); // most who import this package need none
      const database = `test_${++databases}`;
      const client = new Client({ connectionString: url("postgres") });
      await client.connect();
      await client.query(`CREATE DATABASE ${database}`);
      await client.end();
      return url(database);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function missing(): never {
  throw new Error("PostgreSQL is not installed: apt-get install postgresql");
}

/** PostgreSQL does not run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const fields = ["postgres", "nobody"].flatMap((name) =>
    accounts.filter((line) => line.startsWith(`${name}:`)).map((line) => line.split(":")),
  )[0];
  if (fields === undefined) throw new Error("there is no user to run PostgreSQL as");
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function ended(child: ChildProcess): Promise<void> {
  const said = listen(child);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with ${code}:\n${said()}`);
}

async function saidReady(child: ChildProcess): Promise<void> {
  const said = listen(child);
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(`PostgreSQL did not start:\n${said()}`));
    child.once("exit", fail);
    child.stderr?.on("data", () => {
      if (!said().includes("ready to accept connections")) return;
      child.off("exit", fail);
      resolve();
    });
  });
}

/** Reads what a process writes, so that it never waits for a reader. */
function listen(child: ChildProcess): () => string {
  let text = "";
  const hear = (chunk: string): void => {
    text = `${text}${chunk}`.slice(-10_000);
  };
  child.stdout?.setEncoding("utf8").on("data", hear);
  child.stderr?.setEncoding("utf8").on("data", hear);
  return () => text;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
