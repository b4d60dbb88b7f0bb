// Debian's Chromium (the build without a window: it starts thrice as fast), and pages in it that note what must not happen: console errors, requests elsewhere.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { kPatienceMs, kSource } from "../support/stack.mjs";

const kQuiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell", args: kQuiet });

/// Gives every component of the stack's database ninety days of past.
export async function giveNinetyDays(stack) {
  const { at } = await stack.status();
  execFileSync("python3", [join(kSource, "tests/support/ninety_days.py"), join(stack.folder, "data/outaged.db"), String(Date.parse(at) * 1000)]);
}

/// Opens the first page of a stack with ninety days of past. The milliseconds until it can be used: all days are drawn,
/// and the page's thread is free.
export async function untilUsable(page, stack) {
  const begin = performance.now();
  await page.goto(stack.address, { waitUntil: "commit" });
  await page.waitForSelector(".days-row rect.major_outage", { state: "attached" });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return performance.now() - begin;
}

/// A page whose `troubles` grows with every console error, exception and request that leaves the daemon's own address.
export async function openPage(browser, stack, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  context.setDefaultTimeout(kPatienceMs);
  const page = await context.newPage();
  page.troubles = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.troubles.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.troubles.push(`exception: ${error.stack ?? error}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${stack.address}/`) && !url.startsWith("data:")) page.troubles.push(`request elsewhere: ${url}`);
  });
  return page;
}
