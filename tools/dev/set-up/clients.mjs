import { join } from "node:path";
import { bin, root } from "../run/workspace.mjs";

/** Where what is made of the clients in other languages is kept. */
export const clientsFolder = join(root, ".nx", "clients");

const place = (language, ...path) => join(clientsFolder, language, ...path);
const source = (language, ...path) => join(root, "tools", "clients", language, ...path);
const contracts = join(root, "proto");

const pythonHere = { cwd: source("python") };
const python = {
  name: "python",
  version: ["python3", ["--version"], pythonHere],
  sources: [contracts, source("python")],
  install: [
    ["python3", ["-m", "venv", place("python", "venv")], pythonHere],
    [
      place("python", "venv", "bin", "pip"),
      ["install", "--quiet", "--only-binary=:all:", "--requirement", "requirements.txt"],
      pythonHere,
    ],
  ],
  build: [[place("python", "venv", "bin", "python"), ["generate.py", place("python", "gen")], pythonHere]],
  run: [
    place("python", "venv", "bin", "python"),
    ["-m", "examples"],
    { ...pythonHere, env: { PYTHONPATH: place("python", "gen"), PYTHONDONTWRITEBYTECODE: "1" } },
  ],
};

const goHere = { cwd: source("go") };
const go = {
  name: "go",
  version: ["go", ["version"], goHere],
  sources: [contracts, ...["go.mod", "go.sum", "buf.gen.yaml", "examples"].map((name) => source("go", name))],
  install: [["go", ["mod", "download"], goHere]],
  // Read when it is needed: buf is there once the packages are installed.
  get build() {
    return [
      [process.execPath, [bin("@bufbuild/buf", "buf"), "generate"], goHere],
      ["go", ["vet", "./examples"], goHere],
      ["go", ["build", "-o", place("go", "examples"), "./examples"], goHere],
    ];
  },
  run: [place("go", "examples"), [], goHere],
};

/** The languages that clients are written in. */
export const languages = [python, go];
