// Prints the credentials of a profile as AWS's SDK for JavaScript gets them, refreshed where it finds that due.
//
//     node login_session.mjs FOLDER PROFILE
//
// FOLDER has node_modules with @aws-sdk/credential-provider-login. The SDK heeds HTTPS_PROXY when it is told to.

import { request } from "node:http";
import { Agent } from "node:https";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { connect } from "node:tls";

const [packages, profile] = process.argv.slice(2);
const { fromLoginCredentials } = createRequire(resolve(packages, "package.json"))("@aws-sdk/credential-provider-login");

const init = { profile };
const proxy = process.env.HTTPS_PROXY;
if (proxy) {
    const httpsAgent = new Agent();
    httpsAgent.createConnection = (options, done) => {
        const tunnel = request(proxy, { method: "CONNECT", path: `${options.host}:${options.port}` });
        tunnel.on("connect", (_, socket) => done(null, connect({ ...options, socket })));
        tunnel.on("error", done);
        tunnel.end();
    };
    init.clientConfig = { requestHandler: { httpsAgent } };
}
const { accessKeyId, secretAccessKey, sessionToken, accountId, expiration } = await fromLoginCredentials(init)();
console.log(
    JSON.stringify({
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        AccountId: accountId,
        Expiration: expiration,
    }),
);
