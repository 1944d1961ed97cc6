import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The paths of files that are in one folder only, or differ. */
export function compareFolders(left, right) {
  const paths = [...new Set([...filesOf(left), ...filesOf(right)])].toSorted();
  return paths.filter((path) => !compareText(join(left, path), join(right, path)));
}

/** Whether both files exist and hold the same text. */
export function compareText(left, right) {
  return existsSync(left) && existsSync(right) && readFileSync(left, "utf8") === readFileSync(right, "utf8");
}

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
