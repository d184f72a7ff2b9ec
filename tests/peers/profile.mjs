// Prints the credentials of a profile as AWS's SDK for JavaScript gets them from the shared files.
//
//     node profile.mjs FOLDER PROFILE
//
// FOLDER has node_modules with @aws-sdk/credential-provider-ini.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const [packages, profile] = process.argv.slice(2);
const { fromIni } = createRequire(resolve(packages, "package.json"))("@aws-sdk/credential-provider-ini");

const { accessKeyId, secretAccessKey, sessionToken, accountId } = await fromIni({ profile })();
console.log(
    JSON.stringify({
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        AccountId: accountId,
    }),
);
