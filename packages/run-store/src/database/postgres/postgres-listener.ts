import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Clock } from "../../clock.js";
import { Wakes } from "../wakes.js";

/** What Synod's processes tell each other is sent here: the topic alone. */
export const channel = "synod";

/** How often to look while this process is told what happens, in milliseconds. */
const toldMs = 2_000;
/** How often to look while it is not: there is no connection, or a pooler stands between. */
const untoldMs = 250;
const connectMs = 5_000;
/** How long to wait before connecting again, in milliseconds. */
const againMs = 1_000;

/** What listening needs. */
export interface ListenerOptions {
  readonly databaseUrl: string;
  readonly clock: Clock;
  /** Tells a topic to every process that listens, this one included. */
  tell(topic: string): Promise<void>;
}

/** One connection of its own that hears what other processes have written. When it breaks, it is made anew. */
export class PostgresListener implements AsyncDisposable {
  readonly wakes: Wakes;
  readonly #options: ListenerOptions;
  /** What this process says to itself, to find out whether it is heard. */
  readonly #echo = `echo:${randomUUID()}`;
  #isTold = false;
  #client: Client | undefined;
  #stopTimer = (): void => {};
  #over = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.wakes = new Wakes(options.clock, () => (this.#isTold ? toldMs : untoldMs));
  }

  /** Begins to listen, and goes on until it is disposed. */
  start(): void {
    if (this.#over) return;
    const client = new Client({
      connectionString: this.#options.databaseUrl,
      application_name: "synod (listens)",
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
    });
    this.#client = client;
    let lost = false;
    const lose = (): void => {
      if (lost) return;
      lost = true;
      this.#isTold = false;
      if (!this.#over) this.#stopTimer = this.#options.clock.after(againMs, () => this.start());
    };
    client.on("error", lose);
    client.on("end", lose);
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    client
      .connect()
      .then(() => client.query(`LISTEN ${channel}`))
      .then(() => this.#options.tell(this.#echo))
      .catch(() => client.end().then(lose, lose)); // statements say what is wrong with the database
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stopTimer();
    await this.#client?.end();
  }

  #hear(topic: string): void {
    if (topic !== this.#echo) return this.wakes.wake(topic);
    this.#isTold = true;
    this.wakes.wakeAll(); // what was said meanwhile was missed
  }
}
