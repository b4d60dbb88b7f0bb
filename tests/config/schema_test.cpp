// The JSON Schemas for editors are made from the tables that read the files, and say the same.
#include <array>
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "base/json/parse.hpp"
#include "config/configuration.hpp"
#include "config/configuration_page.hpp"
#include "notify/event.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using json::Json;

namespace {

std::string document(Json schema, const std::string& title) {
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = title;
  return schema.dump(2) + "\n";
}

/// The checked-in file is what the tables say; OUTAGED_WRITE_SCHEMA=1 writes it.
void check_file(const std::string& name, const std::string& content) {
  const std::string path = std::string{OUTAGED_SOURCE_DIR} + "/" + name;
  const char* write = std::getenv("OUTAGED_WRITE_SCHEMA");
  if (write != nullptr && *write == '1') REQUIRE(write_file_atomically(path, content));
  CAPTURE(path);
  CHECK(read_file(path, Bytes{1 << 20}).value_or("") == content);
}

/// A validator that is not ours: Debian's python3-jsonschema.
bool schema_accepts(const std::string& schema, const std::string& text) {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "value.json", text));
  const std::string script =
      "import json,sys,jsonschema; "
      "sys.exit(0 if "
      "jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).is_valid(json.load(open(sys.argv[2]))) else 1)";
  const auto outcome = test::run_program(
      "/usr/bin/python3",
      {"-c", script, std::string{OUTAGED_SOURCE_DIR} + "/schema/" + schema, directory / "value.json"});
  CAPTURE(outcome.output);
  REQUIRE((outcome.exit_code == 0 || outcome.exit_code == 1));
  REQUIRE(outcome.output.empty());
  return outcome.exit_code == 0;
}

template <class T>
bool reader_accepts(const json::Shape<T>& shape, const std::string& text) {
  json::Faults faults;
  const auto parsed = json::parse_file_text(text, "f");
  return parsed && shape.read(*parsed, json::Cursor("f", faults)).has_value();
}

}  // namespace

TEST_CASE("the checked-in schemas are those of the readers") {
  check_file("schema/probe.schema.json", document(probe::definition_shape().schema, "outaged probe"));
  check_file("schema/classify.schema.json",
             document(probe::classify_table_shape().schema, "outaged classification rules"));
  check_file("schema/outaged.schema.json", document(config::configuration_shape().schema, "outaged configuration"));
  check_file("schema/event.schema.json", document(notify::event_schema(), "outaged event"));
}

TEST_CASE("the page on configuration is what the readers say") {
  check_file("docs/configuration.md", test::configuration_page(config::configuration_shape().schema));
}

TEST_CASE("reader and schema judge probe files alike") {
  const std::array samples = {
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "interval": "90s", "steps": [{"http": {"url": "http://x/"}, "expect": {"status": [200, "400-499"]}}]})",
      R"({"id": "A", "component": "a/b", "title": "t", "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a", "title": "t", "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": []})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"tcp": {"target": "x:1"}, "tls": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"tcp": {"target": 7}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"tcp": {"target": "x:1"}, "expect": {"status": "many"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"http": {"url": "http://x/"}, "save": {"p": {"first_of": "/d", "json": "/u", "where": {"/t": {"equals": 1}}}}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"http": {"url": "http://x/"}, "save": {"p": {"json": "/u", "where": {"/t": {"equals": 1}}}}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"http": {"url": "http://x/"}, "save": {"p": {"first_of": "/d", "header": "etag"}}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"http": {"url": "http://x/"}, "save": {"p": {"json": "/u", "header": "etag"}}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "interval": "soon", "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "extra": 1, "steps": [{"tcp": {"target": "x:1"}}]})",
      R"({"id": "a", "component": "a/b", "title": "t", "tier": "secret", "steps": [{"tcp": {"target": "x:1"}}]})"};
  for (const char* sample : samples) {
    CAPTURE(sample);
    CHECK(reader_accepts(probe::definition_shape(), sample) == schema_accepts("probe.schema.json", sample));
  }
}

TEST_CASE("the schema accepts every shipped probe") {
  for (const auto& file : std::filesystem::recursive_directory_iterator(std::string{OUTAGED_SOURCE_DIR} + "/probes")) {
    if (!file.is_regular_file()) continue;
    const bool table = file.path().filename() == "_classify.json";
    CAPTURE(file.path().string());
    CHECK(schema_accepts(table ? "classify.schema.json" : "probe.schema.json",
                         read_file(file.path().string(), Bytes{1 << 20}).value()));
  }
}

TEST_CASE("reader and schema judge configurations alike") {
  for (const char* sample : {R"({})", R"({"site": "x", "network": {"dns": ["9.9.9.9"]}})", R"({"sites": "x"})",
                             R"({"site": ""})", R"({"network": {"concurrency": 0}})", R"({"secrets": {"a": {}}})",
                             R"({"secrets": {"a": {"env": "A"}}})", R"({"clock": {"speed": 0}})"}) {
    CAPTURE(sample);
    CHECK(reader_accepts(config::configuration_shape(), sample) == schema_accepts("outaged.schema.json", sample));
  }
}
