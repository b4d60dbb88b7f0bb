// Takes pictures of the page in each situation that matters, at three widths and in both themes:
//   node pictures.mjs FOLDER [SITUATION…]
// LOOKS="390-dark 1440-light-it" takes only those; HEIGHT=1350 the upper part instead of the whole page. With PAGE=dashboards/status/dist the page's files come from there instead
// of from the daemon.
import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, kPrograms, kSource, Stack } from "../support/stack.mjs";
import { openBrowser, openPage } from "./browser.mjs";

const kLooks = (process.env.LOOKS ?? "390-light 390-dark 820-light 820-dark 1440-light 1440-dark").split(" ").map((look) => look.split("-"));
const kHeight = process.env.HEIGHT ? Number(process.env.HEIGHT) : undefined;
const kVendor = "We're aware that some people are having trouble uploading or sending images, videos and other files on our "
  + "apps. We're sorry for the trouble and are working to get things back to normal as quickly as possible.";
const kEverything = ["facebook", "instagram", "whatsapp"].map((platform) => ({ platform, functions: [], layer: "tcp", share: 1 }));
/// The tier that stores and serves pictures, for most requests.
const kJuly = [
  { platform: "whatsapp", functions: ["media-upload", "media-download"], layer: "http_5xx", share: 0.8 },
  { platform: "instagram", functions: ["media-upload", "media-download", "feed-load"], layer: "http_5xx", share: 0.8 },
  { platform: "facebook", functions: ["media-upload", "media-download", "feed-load"], layer: "http_5xx", share: 0.8 },
];

/// What each situation needs, and the pages that are worth a picture in it.
const kSituations = {
  healthy: {
    paths: { now: "/", component: "/components/whatsapp/media-upload", probes: "/probes", incidents: "/incidents" },
    async make() {
      const stack = await Stack.start({ speed: 60 });
      await stack.healthy();
      const { at } = await stack.status();
      execFileSync("python3", [join(kSource, "tests/support/ninety_days.py"), join(stack.folder, "data/outaged.db"), String(Date.parse(at) * 1000)]);
      await eventually("an hour of results", async () => Date.parse((await stack.status()).at) - Date.parse(at) > 2_400_000);
      return stack;
    },
  },
  "july-2019": {
    paths: { now: "/", component: "/components/whatsapp/media-upload", incident: "/incidents/1", incidents: "/incidents" },
    async make() {
      const stack = await Stack.start({ speed: 60, config: (c) => (c.clock.start = "2019-07-03T12:45:00Z") });
      await stack.healthy();
      await eventually("some past for the charts", async () => (await stack.status()).at > "2019-07-03T13:10");
      await stack.simulate("/faults", kJuly);
      const failing = await eventually("all that failed that day", async () => {
        const [incident] = (await stack.status()).incidents;
        return incident?.components.length >= 8 && incident;
      }, 120_000);
      execFileSync(join(kPrograms, "outagectl"), ["--config", stack.configFile, "incident", "vendor", String(failing.id), kVendor]);
      return stack;
    },
  },
  everything: {
    paths: { now: "/" },
    async make() {
      const stack = await Stack.start({ speed: 60 });
      await stack.healthy();
      await stack.simulate("/faults", kEverything);
      await eventually("everything is down", async () => {
        const { components } = await stack.status();
        return components.filter((c) => c.state === "major_outage").length > components.length - 4;
      });
      return stack;
    },
  },
  "own-network": {
    paths: { now: "/" },
    async make() {
      const stack = await Stack.start({ speed: 60 });
      await stack.healthy();
      await stack.simulate("/control-hosts", { cut: true, dns: true });
      await eventually("our own network is down", async () => (await stack.status()).site.network === "offline");
      return stack;
    },
  },
  "first-start": {
    paths: { now: "/" },
    make: () => Stack.start({ speed: 1 }),
  },
};

async function take(browser, stack, folder, situation) {
  for (const [width, theme, language = "en"] of kLooks) {
    const page = await openPage(browser, stack, { viewport: { width: Number(width), height: kHeight ?? 900 }, colorScheme: theme, locale: language });
    for (const name of process.env.PAGE ? ["app.js", "app.css"] : []) {
      const contentType = name.endsWith("js") ? "text/javascript" : "text/css";
      await page.route(`**/assets/${name}`, async (route) => route.fulfill({ body: await readFile(join(process.env.PAGE, name)), contentType }));
    }
    for (const [name, path] of Object.entries(kSituations[situation].paths)) {
      await page.goto(stack.address + path);
      await page.waitForSelector(".dot.live");
      await page.waitForSelector("main [aria-busy]", { state: "detached" });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) console.log(`${situation} ${path} is ${over} px too wide at ${width}`);
      await page.screenshot({ path: join(folder, `${[situation, name, width, theme, language].join("-")}.png`), fullPage: !kHeight });
    }
    if (page.troubles.length) console.log(situation, page.troubles);
    await page.context().close();
  }
}

const [folder = "pictures", ...wanted] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
for (const situation of wanted.length ? wanted : Object.keys(kSituations)) {
  const stack = await kSituations[situation].make();
  try {
    await take(browser, stack, folder, situation);
    console.log("taken:", situation);
  } finally {
    await stack.stop();
  }
}
await browser.close();
