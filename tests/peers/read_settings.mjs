// Prints what AWS's SDK for JavaScript reads in the shared files: a JSON object of profiles, and one of sso-sessions.
//
//     node read_settings.mjs FOLDER
//
// FOLDER has node_modules with @smithy/core.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const { parseKnownFiles, loadSsoSessionData } = createRequire(resolve(process.argv[2], "package.json"))(
    "@smithy/core/config",
);
console.log(JSON.stringify({ profiles: await parseKnownFiles({}), sso_sessions: await loadSsoSessionData({}) }));
