// Reads files as `node --env-file` does and prints their variables as one JSON document; null where Node.js is too old.
import { readFileSync } from "node:fs";
import * as util from "node:util";

const { parseEnv } = util;
const found = parseEnv ? process.argv.slice(2).map((path) => parseEnv(readFileSync(path, "utf8"))) : null;
process.stdout.write(JSON.stringify(found));
