/** Where a database is, for people: `host:port/database` of its URL, without user and password. */
export function placeOf(databaseUrl: string): string {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = decodeURIComponent(hostname) || searchParams.get("host") || "localhost";
  return `${host}:${port || "5432"}${pathname}`;
}
