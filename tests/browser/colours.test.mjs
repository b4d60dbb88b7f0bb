// The page's colours as its style sheet has them: contrasts as WCAG 2.2 defines them (1.4.3 text, 1.4.11 marks).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { kSource } from "../support/stack.mjs";

const css = readFileSync(join(kSource, "dashboards/status/src/style.css"), "utf8");
const themes = [...css.matchAll(/color-scheme: (\w+);([^}]*)/g)].map(([, name, rules]) =>
  ({ name, colours: Object.fromEntries([...rules.matchAll(/--([\w-]+): (#\w+)/g)].map(([, key, colour]) => [key, colour])) }));

function luminance(colour) {
  const digits = colour.length === 4 ? colour.replace(/\w/g, "$&$&") : colour;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test("every colour can be told from what it stands on, in both themes", () => {
  assert.deepEqual(themes.map((t) => t.name), ["light", "dark", "dark"]);
  assert.deepEqual(themes[1].colours, themes[2].colours); // by the system's wish and by the reader's
  for (const { name, colours } of themes) {
    const washes = Object.keys(colours).filter((key) => key.endsWith("-wash"));
    const grounds = { ink: washes, quiet: washes, link: washes, good: ["good-wash"], slow: ["slow-wash"], part: ["part-wash"], down: ["down-wash"], work: ["work-wash"] };
    for (const [text, own] of Object.entries(grounds)) {
      for (const ground of ["page", "card", ...own]) {
        const found = contrast(colours[text], colours[ground]);
        assert.ok(found >= 4.5, `${name}: ${text} on ${ground}, ${found.toFixed(2)}`);
      }
    }
    for (const ground of ["page", "card", "none-wash"]) {
      const found = contrast(colours.none, colours[ground]);
      assert.ok(found >= 3, `${name}: none on ${ground}, ${found.toFixed(2)}`);
    }
  }
});
