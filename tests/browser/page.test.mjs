// The status page in a browser, from the last healthy minutes before 3 July 2019 until after its end, and beyond the end of
// the daemon. The simulator plays the phases of the demonstration's incident; each lasts until the page has shown it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually, kSource, Stack } from "../support/stack.mjs";
import { giveNinetyDays, openBrowser, openPage, untilUsable } from "./browser.mjs";

const kPaths = ["/", "/incidents", "/incidents/1", "/components/whatsapp/media-upload", "/probes"];
const kMostBytes = 80 * 1024;
const kMostSeconds = 5; // of processor time; an alarm for what grows, the figure itself is printed
const kStates = ["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance", "unknown"];
const kRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let stack, browser, watcher;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/// Opens a page of the daemon; ready when the script has taken over and the event stream is there. `prepare` gets the page
/// before it asks for anything.
async function open(path, options, prepare = async () => {}) {
  const page = await openPage(browser, stack, options);
  await prepare(page);
  await page.goto(stack.address + path);
  if (options?.javaScriptEnabled !== false) await page.waitForSelector(".dot.live");
  return page;
}

async function close(page) {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  assert.deepEqual(page.troubles, []);
  await page.context().close();
}

/// Lets the page read the document at `path` of the API as `change` leaves it.
async function altered(page, path, change) {
  await page.route(`**/api/v1/${path}`, async (route) => {
    const answer = await route.fetch();
    const document = await answer.json();
    change(document);
    await route.fulfill({ response: answer, json: document });
  });
}

const said = (page) => page.locator("section:has(#vendor-title)");
const headline = (page, kind) => page.waitForSelector(`.headline.${kind}`, { timeout: 120_000 });

/// The simulator fails as it was at that time of that day.
async function play(at) {
  const { phases } = JSON.parse(await readFile(join(kSource, "config/incidents/2019-07-03-media-cdn.json"), "utf8"));
  const faults = phases.filter((p) => p.start <= at && at < p.end).flatMap(({ platforms, functions, layer, failure_ratio: share }) =>
    platforms.map((platform) => ({ platform, functions, layer, share })));
  await stack.simulate("/faults", faults);
}

/// The first incident's page in Italian says these, and nothing else in English than the note that a person wrote.
async function inItalian(...parts) {
  const page = await open("/incidents/1", { locale: "it-IT" });
  const text = (await page.locator("article").innerText()).replaceAll(/\s+/g, " ");
  for (const part of parts) assert.match(text, part);
  assert.deepEqual(await page.locator(".lead [lang=en], .timeline [lang=en]").allInnerTexts(), ["We think it is the cache (Ann)"]);
  assert.match(await page.locator("h1").innerText(), /^Invio di media.*: errori su /i);
  await close(page);
}

/// In the page: the texts that are drawn beyond the border of the element of `selector` that they stand in.
function wordsOutside(selector) {
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    const box = element.getBoundingClientRect(), texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode()) {
      if (texts.currentNode.parentElement.closest(".unseen")) continue;
      range.selectNodeContents(texts.currentNode);
      if ([...range.getClientRects()].some((r) => r.right > box.right + 0.5 || r.left < box.left - 0.5 || r.bottom > box.bottom + 0.5)) found.push(texts.currentNode.data);
    }
    if (element.matches(".cell-head") && element.scrollWidth > element.clientWidth) found.push(element.textContent);
  }
  return found;
}

/// What axe-core finds wrong, a line each.
async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), kRules);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.failureSummary}`));
}

before(async () => {
  [stack, browser] = await Promise.all([
    Stack.start({ speed: 60, config: (settings) => (settings.clock.start = "2019-07-03T13:00:00Z") }), openBrowser()]);
  await stack.healthy();
  watcher = await openPage(browser, stack);
  await watcher.goto(stack.address);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

test("while everything works the page says so, with a word in every cell of the matrix", async () => {
  await headline(watcher, "operational");
  await watcher.evaluate(() => (globalThis.neverLoadedAnew = true));
  const words = await watcher.locator(".matrix .cell b").allTextContents();
  assert.ok(words.length >= 18, words.join());
  assert.match(await watcher.locator("section:has(#network-title)").innerText(), /Fine: 8 of 8/);
  await eventually("the vendor's status page was read", async () => /Meta: no known issues, read /.test(await said(watcher).innerText()));
});

test("the vendor's own word stands on the page without an incident, trouble first and in its words", async () => {
  const page = await open("/", {}, (page) => altered(page, "status", ({ vendors }) =>
    Object.assign(vendors[0], { state: "outage", words: "High disruptions", since: "2019-07-03T12:30:00Z" })));
  const claims = said(page).locator("li");
  assert.match(await claims.first().innerText(), /Meta, [\s\S]*“High disruptions” since 3 Jul, 12:30, read /);
  assert.match(await claims.last().innerText(), /Meta: no known issues with \d+ more/);
  assert.deepEqual(await faults(page), []);
  await page.locator(".choices select").first().selectOption("it");
  assert.match(await claims.last().innerText(), /nessun problema noto/);
  await close(page);
  const plain = await open("/", { javaScriptEnabled: false });
  assert.match(await plain.locator("body").innerText(), /What the platforms say\s+. Meta: no known issues, read /);
  await close(plain);
});

test("the page takes less than 80 KB over the wire and, with ninety days of past, little work until it can be used", async (t) => {
  await giveNinetyDays(stack);
  const page = await openPage(browser, stack);
  const network = await page.context().newCDPSession(page);
  const addresses = new Map(), sizes = new Map(); // what is fetched again counts once
  network.on("Network.requestWillBeSent", ({ requestId, request }) => addresses.set(requestId, request.url));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(addresses.get(requestId), encodedDataLength));
  await network.send("Network.enable");
  await network.send("Performance.enable");
  const worked = async () => (await network.send("Performance.getMetrics")).metrics.find((m) => m.name === "ProcessTime").value;
  const before = await worked(), passed = await untilUsable(page, stack);
  // Processor time, which other tests beside this one do not stretch.
  const after = await worked(), seconds = after > before ? after - before : after; // a new process began at none
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${bytes} bytes, ${seconds.toFixed(2)} s of work, usable after ${passed.toFixed(0)} ms`);
  assert.ok(bytes > 10_000 && bytes < kMostBytes, `${bytes} bytes`);
  assert.ok(seconds > 0 && seconds < kMostSeconds, `${seconds} s`);
  await close(page);
});

test("an outage appears on the open page by itself: what fails, what still works, since when", async () => {
  await play("2019-07-03T14:00:00Z"); // the worst three hours
  await headline(watcher, "outage");
  await eventually("the incident spans all that failed that day", async () => {
    // What joined first comes first, with a capital.
    const title = (await watcher.locator("h1").innerText()).toLowerCase();
    return ["upload", "download", "feed", "whatsapp", "instagram", "facebook"].every((name) => title.includes(name));
  });
  assert.equal(await watcher.evaluate(() => globalThis.neverLoadedAnew), true);
  const incident = watcher.locator("article.incident");
  assert.match(await incident.innerText(), /still works[\s\S]*WhatsApp[\s\S]*Messages/i);
  assert.match(await incident.innerText(), /timeline[\s\S]*Joined/i);
  assert.ok((await watcher.locator(".cell.partial_outage, .cell.major_outage").count()) >= 3);
  assert.match(await watcher.locator(".cell.partial_outage, .cell.major_outage").first().innerText(), /(Partly fails|Down)[\s\S]*% fail/);
  assert.match(await watcher.locator("section:has(#network-title)").innerText(), /Fine/);
});

test("on no page does axe-core find a fault in either theme, and none scrolls sideways, down to 320 pixels", async () => {
  const page = await open("/");
  for (const path of kPaths) {
    await page.goto(stack.address + path);
    await page.waitForSelector("main h1");
    await page.waitForSelector("main [aria-busy]", { state: "detached" });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faults(page), [], `${path} ${colorScheme}`);
    }
    for (const width of [320, 390, 820]) {
      await page.setViewportSize({ width, height: 800 });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${path} at ${width}`);
    }
  }
  await close(page);
});

test("an incident's page has no fault for axe-core in either theme, whatever its severity", async () => {
  for (const severity of ["minor", "major", "critical"]) {
    const page = await open("/incidents/1", {}, (page) => altered(page, "incidents/1", (incident) => (incident.severity = severity)));
    await page.waitForSelector(`.badge.${severity}`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faults(page), [], `${severity} ${colorScheme}`);
    }
    await close(page);
  }
});

test("a day's bar has the colour and the height of its worst state, and says which and how long", async () => {
  const page = await open("/", {}, (page) => altered(page, "components", ({ components }) => {
    const day = { known_s: 86400, down_s: 0, degraded_s: 0, peak_state: "operational" };
    Object.assign(components.find((c) => c.id === "facebook/login").days[0], day, { down_s: 52 * 60, peak_state: "major_outage" });
    Object.assign(components.find((c) => c.id === "facebook/login").days[1], day, { down_s: 4 * 3600, degraded_s: 600, peak_state: "partial_outage" });
    Object.assign(components.find((c) => c.id === "facebook/login").days[2], day);
  }));
  const bars = page.locator(".days-row:has(a[href='/components/facebook/login']) svg");
  const titles = (await bars.locator("title").allTextContents()).slice(0, 3);
  assert.match(titles[0], /: Down, 52 min of outage$/);
  assert.match(titles[1], /: Partly fails, 4 h of outage, 10 min slow$/);
  assert.match(titles[2], /: Works, no outage$/);
  assert.match(await bars.getAttribute("aria-label"), /without outage.*: Down, 52 min of outage; .*: Partly fails, 4 h/);
  const [down, part, well] = await Promise.all([0, 1, 2].map((i) => bars.locator("rect").nth(i).evaluate((r) => ({ look: r.className.baseVal, height: r.getBoundingClientRect().height }))));
  assert.deepEqual([down, part, well].map((b) => b.look), ["major_outage", "partial_outage", "operational"]);
  assert.ok(down.height > part.height && part.height > well.height);
  assert.equal(await page.locator(".days-legend li").count(), kStates.length);
  assert.match(await page.locator(".days-legend").innerText(), /Works[\s\S]*Slow[\s\S]*Partly fails[\s\S]*Down[\s\S]*No data/);
  await page.locator(".choices select").first().selectOption("it");
  assert.match(await bars.locator("title").first().textContent(), /: Fuori servizio, 52 min di disservizio$/);
  await close(page);
});

test("where nothing succeeded the page says so instead of an empty chart, and no chart leaves its panel", async () => {
  const none = await open("/components/whatsapp/media-upload", {}, (page) => altered(page, "components/*/*/history*", ({ buckets }) =>
    buckets.forEach((b) => Object.assign(b, { failures: b.attempts, phases_ms: {}, layers: b.attempts ? { tcp: b.attempts } : {}, p50_ms: undefined, p95_ms: undefined }))));
  await none.waitForSelector("article .chart");
  assert.match(await none.locator("article").innerText(), /Latency by phase\s+No attempt succeeded in this window/);
  assert.equal(await none.locator("article .chart").count(), 1);
  await close(none);
  const page = await open("/components/whatsapp/media-upload");
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await eventually(`charts inside their panels at ${width}`, () => page.evaluate(() => {
      const charts = [...document.querySelectorAll(".chart")];
      return charts.length > 0 && charts.every((chart) => chart.querySelector("canvas").getBoundingClientRect().right <= chart.getBoundingClientRect().right - 8);
    }));
  }
  await close(page);
});

test("of a component of which nothing can be said no share is told, nor of an incident's part", async () => {
  const unknown = (status) => status.components.forEach((c) => Object.assign(c, { state: "unknown", attempts: 18, failures: 13, failure_share: 0.72 }));
  const page = await open("/", {}, (page) => altered(page, "status", unknown));
  await page.waitForSelector(".cell.unknown");
  assert.doesNotMatch((await page.locator(".cell").allInnerTexts()).join(), /%|ms/);
  assert.equal(await page.locator(".cell .failed").count(), 0);
  assert.doesNotMatch(await page.locator("article.incident .affected").innerText(), /%/);
  assert.match(await page.locator("article.incident .affected").innerText(), /Unknown/);
  await close(page);
  const alone = await open("/components/whatsapp/media-upload", {}, async (page) => {
    await altered(page, "status", unknown);
    await altered(page, "components", unknown);
  });
  await alone.waitForSelector(".lead .unknown");
  assert.match(await alone.locator(".lead").innerText(), /^\s*Unknown\s*$/);
  assert.match(await alone.locator("article").innerText(), /Nothing can be said of it at the moment/);
  assert.doesNotMatch(await alone.locator("article").innerText(), /13 of 18/);
  await close(alone);
});

test("numbers, units and endings are those of the language", async () => {
  const once = { state: "operational", attempts: 1, failures: 1, latency_ms: { p50: 1234, p95: 1234 } };
  const alter = async (page) => {
    await altered(page, "components", ({ components }) => components.forEach((c) => {
      c.days = c.days.map((day) => ({ ...day, known_s: 86400, down_s: 0, degraded_s: 0, peak_state: "operational" }));
      c.days[0].down_s = 43000;
      c.days[0].peak_state = "major_outage";
      Object.assign(c, once);
    }));
    await altered(page, "status", ({ components, incidents: [incident] }) => {
      components.forEach((c) => Object.assign(c, once));
      incident.timeline.push({ at: incident.at, kind: "joined", state: "investigating", text: "Messages on WhatsApp fails too: 1 of 1 attempts failed since 14:02 UTC." });
    });
  };
  const page = await open("/", { locale: "it-IT" }, alter);
  await page.waitForSelector(".days-row");
  assert.match(await page.locator(".days-row").first().innerText(), /99,4\d %/);
  assert.match(await page.locator(".days-row svg").first().getAttribute("aria-label"), /^99,4\d % di 90 g senza/);
  assert.match(await page.locator(".cell").first().innerText(), /1,2 s/);
  assert.match(await page.locator("article.incident .timeline").innerText(), /1 tentativo su 1 fallito dalle 14:02/);
  await close(page);
  const component = await open("/components/whatsapp/message", { locale: "it-IT" }, alter);
  await component.waitForSelector(".facts");
  assert.match(await component.locator(".facts").innerText(), /1 tentativo su 1 fallito/);
  await close(component);
});

test("every word of the matrix stays in its cell, whatever the state, the language and the width", async () => {
  const page = await open("/", {}, (page) => altered(page, "status", ({ components }) =>
    components.forEach((c, i) => Object.assign(c, { state: kStates[(i + (i >> 3)) % kStates.length], failure_share: 1 }))));
  for (const language of ["en", "it"]) {
    await page.locator(".choices select").first().selectOption(language);
    for (const width of [360, 900, 920, 1024, 1152, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await page.evaluate(wordsOutside, ".matrix th, .matrix .cell, .matrix .cell-head"), [], `${language} at ${width}`);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${language} at ${width}`);
    }
  }
  assert.equal(new Set(await page.locator(".matrix .cell b").allTextContents()).size, kStates.length);
  await close(page);
});

test("the probes are listed with what may be asked of each owner, and until when a target is left alone", async () => {
  const page = await open("/probes", {}, (page) => altered(page, "probes", (document) => {
    document.probes[0].left_alone_until = "2019-07-03T15:30:00Z";
    document.probes[0].usage_percent = 97;
    delete document.budgets.find((b) => b.owner === "control").max_requests;
  }));
  const rows = page.locator("section:has(#budgets-title) tbody tr");
  await eventually("the budgets are there", async () => (await rows.count()) >= 4);
  const text = (await rows.allInnerTexts()).join("\n");
  for (const part of [/Control hosts\s+\d+, no bound/, /Facebook\s+\d+ of 6000\s+[\d.]+ .?i?B of 512 MiB/]) assert.match(text, part);
  assert.match(await page.locator("table.list").first().innerText(), /left alone until 3 Jul, 15:30\s+asked less: 97 % of what the platform allows is used/);
  assert.deepEqual(await faults(page), []);
  await page.locator(".choices select").first().selectOption("it");
  assert.match(await page.locator("article").innerText(), /fino alle 3 lug, 15:30[\s\S]*il 97 % di quanto[\s\S]*senza limite/);
  await close(page);
});

test("maintenance that is under way or planned stands on the page", async () => {
  for (const [component, begins, title] of [["facebook/*", "2020-01-01T02:00:00Z", "New racks"], ["*/login", "2019-07-03T12:00:00Z", "Keys change"]]) {
    const added = await stack.ctl("maintenance", "add", component, "--title", title, "--begins", begins, "--for", "48h");
    assert.equal(added.code, 0, added.output);
  }
  const page = await open("/");
  const windows = page.locator("section:has(#maintenance-title) li");
  await eventually("both are there", async () => (await windows.count()) === 2);
  assert.match(await windows.first().innerText(), /Keys change\s+Every platform: Log-in\s+under way until 5 Jul, 12:00/);
  assert.match(await windows.last().innerText(), /New racks\s+Facebook: everything\s+from 1 Jan, 02:00, for 2 d/);
  assert.deepEqual(await faults(page), []);
  await page.locator(".choices select").first().selectOption("it");
  assert.match(await windows.first().innerText(), /Tutte le piattaforme: Accesso\s+in corso fino alle 5 lug/);
  await close(page);
  const plain = await open("/", { javaScriptEnabled: false });
  const text = (await plain.locator("body").innerText()).replaceAll(/\s+/g, " ");
  assert.match(text, /Maintenance .* Keys change Every platform: Log-in under way until 2019-07-05 12:00 UTC New racks Facebook: everything from 2020-01-01 02:00 UTC, for 2 d/);
  await close(plain);
  for (const { id } of (await stack.get("/api/v1/maintenance")).maintenance) await stack.ctl("maintenance", "end", String(id));
});

test("what the server made stands until the script has its first answer, in the same words", async () => {
  const page = await openPage(browser, stack);
  await page.route("**/api/v1/**", (route) => route.fulfill({ contentType: "application/json", body: "{" }));
  await page.goto(stack.address);
  await page.waitForSelector(".freshness.lost");
  assert.match(await page.locator(".freshness.lost").innerText(), /as it was when this page was loaded/);
  const words = async () => ({
    columns: await page.locator(".matrix thead th").allInnerTexts().then((all) => all.map((name) => name.trim()).sort()),
    rows: await page.locator(".matrix tbody th").allInnerTexts().then((all) => all.sort()),
    legend: (await page.locator(".matrix + .quiet").innerText()).split(".")[0],
  });
  const served = await words();
  assert.match(served.legend, /of the attempts that succeed, 95 %/);
  assert.deepEqual(await faults(page), []);
  await page.unroute("**/api/v1/**");
  await page.waitForSelector(".dot.live");
  assert.deepEqual(await words(), served);
  assert.match(await page.locator(".cell .p95").first().textContent(), /^of those that succeed/);
  await close(page);
});

test("without JavaScript the page speaks the reader's language, and so does what stands until the script has an answer", async () => {
  const plain = await open("/", { javaScriptEnabled: false, locale: "it-IT" });
  assert.equal(await plain.locator("html").getAttribute("lang"), "it");
  const text = (await plain.locator("body").innerText()).replaceAll(/\s+/g, " ");
  for (const part of [/Adesso Incidenti Sonde/, /Che cosa si può fare/, /Funziona/, /% fallisce/, /La nostra rete A posto/, /In corso/, /Rilevato/, /Prima/, /Senza JavaScript/])
    assert.match(text, part);
  assert.ok((await plain.locator(".timeline [lang=en]").count()) >= 1);
  for (const [path, words] of [["/incidents", /Incidenti/], ["/probes", /Ultima esecuzione/], ["/components/facebook/login", /Facebook: Accesso[\s\S]*Tentativi falliti/], ["/incidents/999", /Non trovato/]]) {
    await plain.goto(stack.address + path);
    assert.match(await plain.locator("body").innerText(), words);
  }
  plain.troubles = plain.troubles.filter((trouble) => !trouble.includes("/incidents/999"));
  await close(plain);
  const page = await openPage(browser, stack, { locale: "it-IT" });
  await page.route("**/api/v1/**", (route) => route.fulfill({ contentType: "application/json", body: "{" }));
  await page.goto(stack.address);
  await page.waitForSelector(".freshness.lost");
  assert.match(await page.locator("main div[lang=it]").innerText(), /Che cosa si può fare/i);
  assert.deepEqual(await faults(page), []);
  await close(page);
});

test("a page has another tag in another language, and caches are told what it depends on", async () => {
  const ask = (language, tag = "") => fetch(stack.address + "/incidents", { headers: { Accept: "text/html", "Accept-Language": language, "If-None-Match": tag } });
  const [english, italian] = [await ask("en"), await ask("en;q=0.4, it-CH")];
  assert.equal(english.headers.get("content-language"), "en");
  assert.equal(italian.headers.get("content-language"), "it");
  assert.match(italian.headers.get("vary"), /Accept-Language/);
  assert.notEqual(english.headers.get("etag"), italian.headers.get("etag"));
  assert.match(await italian.text(), /<html lang="it">/);
  assert.equal((await ask("it", english.headers.get("etag"))).status, 200);
});

test("axe-core finds no fault at a first start, nor while our own network is down", async () => {
  const situations = {
    starting: (status) => {
      status.daemon.started_at = status.at;
      status.components.forEach((c) => Object.assign(c, { state: "unknown", attempts: 0, failures: 0, failure_share: 0, latency_ms: {} }));
      Object.assign(status, { indicator: "unknown", incidents: [], vendors: [] });
    },
    offline: (status) => {
      status.components.forEach((c) => (c.state = "unknown"));
      Object.assign(status.site, { network: "offline", controls_failing: status.site.controls });
      status.indicator = "unknown";
    },
  };
  for (const [kind, change] of Object.entries(situations)) {
    const page = await open("/", {}, (page) => altered(page, "status", change));
    await headline(page, kind);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faults(page), [], `${kind} ${colorScheme}`);
    }
    await close(page);
  }
});

test("the keyboard alone leads through the page", async () => {
  const page = await open("/");
  const focused = (selector) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
  const tabTo = async (selector) => {
    for (let i = 0; i < 60; ++i) {
      await page.keyboard.press("Tab");
      if (await focused(selector)) return;
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  await tabTo(".skip");
  await page.keyboard.press("Enter");
  await tabTo("a.cell");
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/components/**");
  await tabTo("input[name=window]");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("input[name=window]").nth(1).isChecked(), true);
  for (let i = 0; i < 5 && !(await focused("article a[href='/']")); ++i) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".matrix");
  await close(page);
});

test("a reader chooses language, time zone and colours, and finds them again", async () => {
  const page = await open("/");
  const [language, zone, theme] = await page.locator(".choices select").all();
  await language.selectOption("it");
  await zone.selectOption("Asia/Tokyo");
  await theme.selectOption("dark");
  await page.reload();
  await page.waitForSelector(".dot.live");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "it");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.match(await page.locator(".freshness").innerText(), /GMT\+9/);
  assert.match(await page.locator("h1").innerText(), /WhatsApp/);
  assert.deepEqual(await faults(page), []);
  await close(page);
});

test("in Italian no sentence of the daemon stays English, but what somebody wrote does", async () => {
  await stack.ctl("incident", "note", "1", "We think it is the cache", "--by", "Ann");
  await stack.ctl("incident", "ack", "1", "--by", "Ann");
  await inItalian(/Tentativi che falliscono ora: .*Funziona ancora: /, /Preso in carico da Ann\./, /Anche .* tentativi su /);
});

test("half an answer is no answer, and the page goes on asking", async () => {
  const page = await open("/");
  await page.route("**/api/v1/status", (route) => route.fulfill({ contentType: "application/json", body: '{"at": "2019-07-0' }));
  await page.waitForSelector(".freshness.lost");
  assert.ok((await page.locator(".matrix .cell").count()) >= 18);
  await page.unroute("**/api/v1/status");
  await page.waitForSelector(".dot.live");
  await close(page);
});

test("an answer that never comes is not waited for, and the page does not call itself live meanwhile", async () => {
  const page = await open("/");
  await page.route("**/api/v1/status", () => {});
  await page.waitForSelector(".freshness.lost");
  assert.equal(await page.locator(".dot.live").count(), 0);
  await page.unroute("**/api/v1/status");
  await page.waitForSelector(".dot.live");
  await close(page);
});

test("without JavaScript the page still tells what fails, since when, and what became of it", async () => {
  const page = await open("/", { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  for (const part of [/fail/, /WhatsApp: Media upload/, /Our own network/, /since .* UTC/, /Names \(DNS\)/]) assert.match(text, part);
  assert.ok((await page.locator(".matrix .cell").count()) >= 18);
  assert.ok((await page.locator(".timeline li").count()) >= 1);
  await page.locator("article.incident h3 a").click();
  assert.match(await page.locator("h1").innerText(), /Media/);
  await page.goto(`${stack.address}/components/facebook/media-download`);
  assert.match(await page.locator("body").innerText(), /Facebook/);
  await close(page);
});

test("the end appears by itself as well, and the incident is among the past ones", async () => {
  await play("2019-07-03T17:00:00Z"); // it eases
  await eventually("it eased", async () => (await stack.status()).components.filter((c) => c.state === "major_outage").length < 4);
  await play("2019-07-04T00:00:00Z");
  await watcher.waitForSelector("#past-title ~ ul.past li", { timeout: 180_000 });
  await headline(watcher, "operational");
  assert.equal(await watcher.locator("article.incident").count(), 0);
  assert.equal(await watcher.evaluate(() => globalThis.neverLoadedAnew), true);
  assert.deepEqual(watcher.troubles, []);
  const page = await open("/incidents/1");
  for (const part of [/Resolved/, /Last bad result/, /lasted/]) assert.match(await page.locator("article").innerText(), part);
  await close(page);
  await inItalian(/Finito\. .*È durato /, /Tutto risponde di nuovo/);
});

test("a page whose daemon hangs or is gone says so and keeps showing what it knew", async () => {
  stack.daemon.child.kill("SIGSTOP");
  try {
    await watcher.waitForSelector(".freshness.lost");
  } finally {
    stack.daemon.child.kill("SIGCONT"); // else it could not be stopped after the test either
  }
  await watcher.waitForSelector(".dot.live");
  await stack.daemon.stop();
  await watcher.waitForSelector(".freshness.lost");
  assert.match(await watcher.locator(".freshness.lost").innerText(), /does not answer.*out of date/);
  assert.deepEqual(await faults(watcher), []);
  assert.ok((await watcher.locator(".matrix .cell").count()) >= 18);
});
