import { expect, it } from "vitest";
import { isLocalName } from "./local-name.js";

const origins = ["*", "https://app.example.org", "http://localhost:5173"];

it.each([
  "127.0.0.1",
  "127.0.0.1:8080",
  "10.1.2.3:8080",
  "[::1]",
  "[::1]:8080",
  "localhost",
  "LOCALHOST:8080",
  "synod.localhost:8080",
  "synod:8080",
  "app.example.org:8080",
  "APP.example.org",
])("%s is a local name", (host) => expect(isLocalName(host, origins)).toBe(true));

it.each([
  "evil.example",
  "evil.example:8080",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "localhost.",
  "example.org",
  "other.app.example.org",
])("%s is not", (host) => expect(isLocalName(host, origins)).toBe(false));
