// How soon a person can use the page: its first load in the browser of the tests, with ninety days of past.
import { execFileSync } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { kSource } from "../../tests/support/stack.mjs";

const kLoads = 5;

/// {ms, note}; without a browser only the note, which says so.
export async function pageUsable(stack) {
  const folder = join(kSource, "tests/browser");
  const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell";
  if (!(await access(chromium).then(() => true, () => false))) return { note: `skipped: no browser here (${chromium})` };
  await access(join(folder, "node_modules")).catch(() =>
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] }));
  const { giveNinetyDays, openBrowser, openPage, untilUsable } = await import("../../tests/browser/browser.mjs");
  await giveNinetyDays(stack);
  const browser = await openBrowser(), times = [];
  try {
    for (let i = 0; i < kLoads; ++i) {
      const page = await openPage(browser, stack); // with nothing in its cache
      times.push(await untilUsable(page, stack));
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
  times.sort((a, b) => a - b);
  const { components } = await stack.status(), [least, middle, most] = [0, kLoads >> 1, kLoads - 1].map((i) => Math.round(times[i]));
  return { ms: middle, note: `until the page can be used in headless Chromium beside the daemon on the same cores: ${components.length} components, 90 days; median of ${kLoads} first loads, ${least} to ${most} ms; reference: the goal` };
}
