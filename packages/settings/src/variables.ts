import type { TextFile } from "./environment.js";
import type { Mistake } from "./mistakes.js";
import { show } from "./schema/fields.js";
import type { LogLevel } from "./settings.js";

const logLevels: readonly string[] = [
  "fatal",
  "error",
  "warn",
  "info",
  "debug",
  "trace",
  "silent",
] satisfies readonly LogLevel[];

/** What a person is told whose URL cannot be used. */
export interface UrlAdvice {
  readonly example: string;
  /** Where the key belongs. */
  readonly keyPlace: string;
}

const ofProvider: UrlAdvice = { example: "http://127.0.0.1:11434/v1", keyPlace: "the environment" };

/**
 * Reads environment variables and notes every mistake. A variable that is empty is one that is not set.
 *
 * Values of variables that may hold a secret never stand in a mistake.
 */
export class Variables {
  readonly #all: Readonly<Record<string, string | undefined>>;
  readonly #mistakes: Mistake[];

  constructor(all: Readonly<Record<string, string | undefined>>, mistakes: Mistake[]) {
    this.#all = all;
    this.#mistakes = mistakes;
  }

  /** Notes a mistake. */
  wrong(where: { readonly source: string; readonly path: string }, message: string): undefined {
    this.#mistakes.push({ ...where, message });
  }

  #wrong(path: string, message: string): undefined {
    return this.wrong({ source: "", path }, message);
  }

  /** The text without spaces around it. */
  text(name: string): string | undefined {
    return this.#all[name]?.trim() || undefined;
  }

  /** A port; 0 takes a free one. */
  port(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    return this.#wrong(
      name,
      `${show(text)} is not a port. Use a whole number from 0 (any free port) to 65535.`,
    );
  }

  /** A name or an address to bind. */
  host(name: string): string | undefined {
    const text = this.text(name)?.replace(/^\[(.*)\]$/, "$1");
    if (text === undefined || /^[\w.:%-]+$/.test(text)) return text;
    return this.#wrong(
      name,
      `${show(text)} is not a host. Use a name or an address alone, such as 127.0.0.1.`,
    );
  }

  /** A gRPC target. */
  target(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const known = /^(dns:(\/\/[^/\s]*\/)?|ipv4:|ipv6:)?[^/\s]+:\d{1,5}(,[^/\s]+)*$/;
    if (known.test(text) || /^unix:[^\s]+$/.test(text)) return text;
    const message = `${show(text)} is not a gRPC target. Use host:port, or dns:///host:port for several replicas.`;
    return this.#wrong(name, message);
  }

  /** A secret that an HTTP header can carry. */
  secret(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^[\x21-\x7e]{1,512}$/.test(text)) return text;
    return this.#wrong(name, "is not usable. Use 1 to 512 letters, digits and signs, without spaces.");
  }

  /** Headers as `name=value,name=value`. Values are percent-encoded where they hold a comma, as OpenTelemetry has it. */
  headers(name: string): Readonly<Record<string, string>> {
    const items = (this.text(name) ?? "").split(",").filter((item) => item.trim() !== "");
    const headers = items.map(headerOf);
    const bad = headers.indexOf(undefined);
    if (bad >= 0) {
      const advice =
        "Write name=value,name=value, with %2C for a comma and %25 for a percent sign in a value";
      this.#wrong(name, `item ${bad + 1} is not a header. ${advice}.`);
    }
    return Object.fromEntries(headers.filter((header) => header !== undefined));
  }

  /** Comma-separated keys of a provider. */
  keys(name: string): readonly string[] {
    return this.#keyList(name, this.text(name) ?? "");
  }

  /** The keys that callers must show: a list, or the lines of a file. */
  apiKeys(file: TextFile | undefined): readonly string[] {
    const name = "SYNOD_API_KEYS";
    const text = this.text(name);
    if (text === undefined) return [];
    if (!text.startsWith("@")) return this.#keyList(name, text);
    if (file === undefined) return [];
    const lines = file.text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith("#"));
    const keys = this.#keyList(name, lines.join(","));
    if (keys.length === 0) this.#wrong(name, `${file.path} holds no key. Write one key on each line.`);
    return keys;
  }

  #keyList(name: string, text: string): readonly string[] {
    const keys = text
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== "");
    const bad = keys.findIndex((key) => !/^[\x21-\x7e]{1,512}$/.test(key));
    if (bad >= 0) {
      this.#wrong(name, `key ${bad + 1} holds spaces or characters that a header cannot carry. Check it.`);
    }
    return [...new Set(keys)];
  }

  /** Browser origins, comma-separated; `*` for all. */
  origins(name: string): readonly string[] {
    const origins = (this.text(name) ?? "").split(",").map((origin) => origin.trim().replace(/\/$/, ""));
    const given = origins.filter((origin) => origin !== "");
    for (const origin of given) {
      if (origin === "*" || isOrigin(origin)) continue;
      this.#wrong(
        name,
        `${show(origin)} is not an origin. Use a scheme and a host, such as https://example.org.`,
      );
    }
    return given;
  }

  /** How much is logged. */
  logLevel(name: string): LogLevel | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined || logLevels.includes(text)) return text as LogLevel | undefined;
    return this.#wrong(name, `${show(text)} is not a level. Use one of ${logLevels.join(", ")}.`);
  }

  /** The URL of a PostgreSQL database. It may hold a password, so no part of it stands in a mistake. */
  databaseUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || isPostgresUrl(text)) return text;
    return this.#wrong(
      name,
      "is not the URL of a PostgreSQL database. Use one such as postgres://user:password@host:5432/synod, with " +
        "%40 for @, %2F for / and %23 for # in the password.",
    );
  }

  /** An HTTP base URL without its trailing slash. `where` is the source and path for a mistake. */
  baseUrl(
    text: string,
    where: { readonly source: string; readonly path: string },
    advice: UrlAdvice = ofProvider,
  ): string | undefined {
    const wrong = (message: string) => this.wrong(where, message);
    if (!URL.canParse(text)) {
      return wrong(`is not a URL. Use one such as ${advice.example}.`);
    }
    const url = new URL(text);
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      return wrong(`${show(url.protocol)} is not a scheme of HTTP. Use http:// or https://.`);
    }
    if (url.username !== "" || url.password !== "") {
      return wrong(`holds a user name or a password. Put the key into ${advice.keyPlace}, not into the URL.`);
    }
    if (url.search !== "" || url.hash !== "") {
      return wrong("holds a query or a fragment. Use the part before them.");
    }
    return text.trim().replace(/\/+$/, "");
  }
}

/** One header of a list; undefined when it is none. */
function headerOf(item: string): readonly [name: string, value: string] | undefined {
  const [, name, encoded] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(item) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  try {
    const value = decodeURIComponent(encoded.trim());
    return /^[\x20-\x7e]+$/.test(value) ? [name, value] : undefined;
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname } = new URL(text);
  if (protocol !== "postgres:" && protocol !== "postgresql:") return false;
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false; // a percent sign that encodes nothing
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
