// A real browser, Chromium without a window, and the person before it. What they saw is left as JSON.
//
//     node browser.mjs --packages FOLDER --chromium PROGRAM --report FILE [--click ID] [--screenshots FOLDER] URL...
//
// FOLDER has node_modules with playwright-core. Each URL is opened and looked at. With --click the URL is the first
// page of a sign-in: the element with that id, `allow` or `deny`, is clicked once it is there, and looked at is the
// page where the sign-in ends: at /oauth/callback, at /device/end if it is a device's, or the one that shows a text to
// carry over, the report's `code`. The report is a list, an element for each URL, which tells URLs without their query;
// it appears all at once, when the browser has gone. A page that never comes is an `error` in its element, and an exit
// status of 1.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const MILLISECONDS = 30_000;
const ENDS = ["/oauth/callback", "/device/end", "/v1/sessions/confirmation"];
const SCHEMES = ["light", "dark"];
const SCREENS = { wide: { width: 1280, height: 800 }, narrow: { width: 320, height: 640 } };

const { values: options, positionals: urls } = parseArgs({
    allowPositionals: true,
    options: {
        packages: { type: "string" },
        chromium: { type: "string" },
        report: { type: "string" },
        click: { type: "string" },
        screenshots: { type: "string" },
    },
});
const { chromium } = createRequire(resolve(options.packages, "package.json"))("playwright-core");

// The URL as a test knows it beforehand.
function bare(url) {
    const { protocol, host, pathname } = new URL(url);
    return protocol === "data:" ? "data:" : `${protocol}//${host}${pathname}`;
}

// Notes what is asked for on the whole way, and what the page at its end complains of.
async function watch(page) {
    const seen = { status: null, requests: [], failed_requests: [], console_errors: [], violations: [] };
    const isMain = (frame) => frame === page.mainFrame();
    page.on("response", (response) => {
        if (response.request().isNavigationRequest() && isMain(response.frame())) {
            seen.status = response.status();
        }
    });
    page.on("framenavigated", (frame) => {
        if (isMain(frame)) {
            Object.assign(seen, { failed_requests: [], console_errors: [], violations: [] });
        }
    });
    page.on("request", (request) => seen.requests.push(bare(request.url())));
    page.on("requestfailed", (request) => seen.failed_requests.push(bare(request.url())));
    page.on("pageerror", (error) => seen.console_errors.push(error.message));
    page.on("console", (message) => {
        // That the page itself came with an error status is no complaint of the page's.
        const isStatus = message.location().url === page.url() && message.text().startsWith("Failed to load resource");
        if (["error", "warning"].includes(message.type()) && !isStatus) {
            seen.console_errors.push(message.text());
        }
    });
    await page.exposeBinding("tellViolation", (_, violation) => seen.violations.push(violation));
    await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
            window.tellViolation(`${violatedDirective} ${blockedURI.split("?")[0]}`);
        });
    });
    return seen;
}

// Runs in the page: its ground, and the lowest contrast of any text with it, as WCAG 2 defines that.
function colors() {
    const rgba = (color) => color.match(/[\d.]+/g).map(Number);
    const luminance = (color) => {
        const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const [red, green, blue] = rgba(color).map((part) => linear(part / 255));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (element) => {
        const color = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
        return rgba(color)[3] === 0 ? ground(element.parentElement) : color;
    };
    const contrast = (element) => {
        const both = [getComputedStyle(element).color, ground(element)].map(luminance);
        return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    };
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
    const texts = [...document.body.querySelectorAll("*")].filter((element) => [...element.childNodes].some(isText));
    return { background: ground(document.body), contrast: Math.min(...texts.map(contrast)) };
}

// What a person at the page sees, in daylight and at night, on a wide screen and on a narrow one.
async function look(page, name) {
    const found = {
        url: bare(page.url()),
        language: await page.locator("html").getAttribute("lang"),
        title: await page.title(),
        h1: await page.locator("h1").allInnerTexts(),
        text: await page.locator("body").innerText(),
        elements: await page.locator("body *").evaluateAll((all) => all.map(({ localName }) => localName)),
        code: (await page.locator("#code").allInnerTexts())[0] ?? null,
    };
    for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        found[colorScheme] = await page.evaluate(colors);
        for (const [width, size] of Object.entries(SCREENS)) {
            await page.setViewportSize(size);
            if (options.screenshots) {
                await page.screenshot({ path: join(options.screenshots, `${name}-${width}-${colorScheme}.png`) });
            }
        }
    }
    found.fits_narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    found.moves_when_reduced = await page.evaluate(() => document.getAnimations().length !== 0);
    return found;
}

async function prepare(browser) {
    const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: SCREENS.wide });
    page.setDefaultTimeout(MILLISECONDS);
    return { page, seen: await watch(page) };
}

// Opens the URL, and goes on to the end of the sign-in if there is a choice to click.
async function open({ page, seen }, url) {
    try {
        await page.goto(url, { waitUntil: "commit" });
        if (options.click) {
            await page.locator(`#${options.click}`).click();
            await page.waitForURL(({ pathname }) => ENDS.includes(pathname));
        }
        return { page, seen, error: null };
    } catch (error) {
        return { page, seen, error };
    }
}

async function tell({ page, seen, error }, name) {
    try {
        if (error) {
            throw error;
        }
        await page.waitForLoadState();
        return { ...(await look(page, name)), ...seen };
    } catch (error) {
        return { url: bare(page.url()), error: error.message.split("\n")[0], ...seen };
    }
}

if (options.screenshots) {
    mkdirSync(options.screenshots, { recursive: true });
}
const browser = await chromium.launch({
    executablePath: options.chromium,
    // Root has no sandbox, a container little shared memory, and nothing but the page is to be on the network.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking"],
    env: { PATH: "/usr/bin:/bin", HOME: tmpdir() },
});
// All are ready before one is opened, and all are opened before one is looked at, as each takes its time: a second visit
// must not come too late.
const ready = [];
for (const _ of urls) {
    ready.push(await prepare(browser));
}
const opened = [];
for (const [index, url] of urls.entries()) {
    opened.push(await open(ready[index], url));
}
const report = [];
for (const [index, visit] of opened.entries()) {
    await visit.page.bringToFront();
    report.push(await tell(visit, `page-${index + 1}`));
}
await browser.close();
writeFileSync(`${options.report}.new`, JSON.stringify(report, null, 2));
renameSync(`${options.report}.new`, options.report);
process.exitCode = report.some(({ error }) => error) ? 1 : 0;
