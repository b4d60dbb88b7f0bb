// Bundles the page: dist/app.js and dist/app.css, minified, for the browsers of the last few years.
import { build } from "esbuild";

const out = process.argv[2] ?? "dist";
await build({
  entryPoints: { app: "src/main.tsx" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2021"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});
