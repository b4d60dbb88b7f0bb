// schema/openapi.json as tests use it: which answer belongs to a request, and what is wrong with the one that came.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { kSource } from "../support/stack.mjs";

export const document = JSON.parse(readFileSync(join(kSource, "schema/openapi.json"), "utf8"));

/// What an object may hold is what is written down: more is a fault of the description.
function close(schema) {
  if (Array.isArray(schema)) return schema.map(close);
  if (schema === null || typeof schema !== "object") return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  if (closed.type === "object" && closed.properties && closed.additionalProperties === undefined) closed.additionalProperties = false;
  return closed;
}

const ajv = new Ajv.default({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema({ $id: "openapi", ...close(document) });

/// A reference within the document, followed.
export const follow = (node) =>
  node?.$ref ? node.$ref.slice(2).split("/").reduce((at, name) => at[name], document) : node;

const pointer = (...names) => names.map((name) => "/" + encodeURIComponent(name.replace(/~/g, "~0").replace(/\//g, "~1"))).join("");

/// The faults of `body` as the answer with `status` to `method` `path` (as the document writes it).
export function faults(method, path, status, type, body) {
  const { responses } = document.paths[path][method];
  const code = responses[status] ? String(status) : "default";
  const content = follow(responses[code]).content;
  if (!content[type]) return [`${type} is not described`];
  if (!content[type].schema) return [];
  const place = responses[code].$ref ? responses[code].$ref.slice(1) : pointer("paths", path, method, "responses", code);
  const validate = ajv.getSchema(`openapi#${place}${pointer("content", type, "schema")}`);
  if (!validate) return [`no schema at ${place}`];
  return validate(body) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}
