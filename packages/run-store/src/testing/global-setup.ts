import { randomUUID } from "node:crypto";
import { findPostgres, startPostgres, type TestPostgres } from "@synod/testing";
import { Client } from "pg";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A server for all tests, as the URL of its own database; undefined where PostgreSQL is not installed. */
    readonly postgresUrl: string | undefined;
  }
}

let postgres: TestPostgres | undefined;

/** Starts one server for all files. */
export async function setup(project: TestProject): Promise<void> {
  if (findPostgres() !== undefined) postgres = await startPostgres();
  project.provide("postgresUrl", await postgres?.newDatabase());
}

export async function teardown(): Promise<void> {
  await postgres?.[Symbol.asyncDispose]();
}

/** Makes an empty schema in a database, which is faster than a database of its own, and gives the URL that uses it. */
export async function newSchema(databaseUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`CREATE SCHEMA ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-csearch_path=${name}`);
  return url.href;
}
