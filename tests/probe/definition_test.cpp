#include <algorithm>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "base/json/parse.hpp"
#include "probe/catalog.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::probe;

namespace {

/// What is wrong with a probe file, one fault a line.
std::string faults_of(const std::string& text, FixedValues values = {}) {
  json::Faults faults;
  const auto parsed = json::parse_file_text(text, "p.json");
  REQUIRE(parsed.has_value());
  const auto definition = read_definition(*parsed, values, "p.json", faults);
  CHECK(definition.has_value() == faults.empty());
  std::string out;
  for (const auto& fault : faults) out += json::to_string(fault) + "\n";
  return out;
}

std::string with_steps(const std::string& steps, const std::string& more = "") {
  return R"({"id": "a.b", "component": "whatsapp/web", "title": "t", )" + more + R"("steps": [)" + steps + "]}";
}

bool has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  MESSAGE(text);
  return false;
}

}  // namespace

TEST_CASE("a right definition has no faults") {
  FixedValues values;
  values.variables["graph"] = "https://graph.facebook.com";
  CHECK(
      faults_of(
          with_steps(
              R"({"http": {"url": "${var:graph}/me"}, "expect": {"status": [200, "400-499"]}, "save": {"id": {"json": "/id"}}},
                               {"http": {"url": "${var:graph}/${save:id}"}})"),
          values)
          .empty());
}

TEST_CASE("all faults of a file are found at once with their places") {
  const auto faults = faults_of(
      R"({"id": "A B", "component": "whatsapp", "titel": "t", "interval": "5", "steps": [{"http": {"url": "x", "methd": "GET"}, "expect": {"status": "2xx"}}]})");
  CHECK(has(faults, "p.json: /id: found text \"A B\""));
  CHECK(has(faults, "/component: found text \"whatsapp\""));
  CHECK(has(faults, "/titel: found the unknown key \"titel\""));
  CHECK(has(faults, "did you mean \"title\"?"));
  CHECK(has(faults, "/interval: found text \"5\""));
  CHECK(has(faults, "/steps/0/http/methd: found the unknown key"));
  CHECK(has(faults, "/steps/0/expect/status: found text \"2xx\""));
  CHECK(has(faults, "/steps/0/http/url: found text \"x\"; allowed: an http or https address"));
}

TEST_CASE("an address that no run can ask is a fault of the file") {
  FixedValues values;
  values.variables["cdn"] = "htps://scontent.example";
  values.variables["graph"] = "https://graph.example/v1";
  values.variables["host"] = "graph.example";
  values.variables["none"] = "";
  values.secrets.emplace("hook", Secret{"hunter2-hunter2"});
  const auto asking = [&](const std::string& kind, const std::string& text) {
    const auto first = R"({"http": {"url": "http://x/"}, "save": {"id": {"json": "/id"}}}, )";
    return faults_of(with_steps(first + ("{\"" + kind.substr(0, kind.find('/')) + "\": {") +
                                    (kind == "dns/server" ? R"("name": "x.example", )" : "") + "\"" +
                                    kind.substr(kind.find('/') + 1) + "\": \"" + text + "\"}}",
                                R"("requires": ["hook", "unset"], )"),
                     values);
  };
  for (const auto* text :
       {"notaurl", "file:///etc/passwd", "gopher://x/", "${var:cdn}/a", "htps://${save:id}", "${var:cdn}${save:id}",
        "${var:host}/${save:id}", "https://", "https:///a", "https://a..b/", "http://x:99999/", "http://x/a b",
        "https://b\xC3\xBC"
        "cher.example/",
        "https://a b/${save:id}"})
    CHECK(has(asking("http/url", text), "p.json: /steps/1/http/url: found text \""));
  for (const auto* text : {"${var:graph}/${save:id}", "${save:id}", "https://${save:id}/", "http://[::1]:80/?q#f",
                           "HTTP://x.example.", "${var:none}/a", "${secret:unset}/a", "https://x:${save:id}/"})
    CHECK(asking("http/url", text).empty());
  CHECK(has(asking("http/url", "${var:cdn}/a"), R"(text "htps://scontent.example/a", which is "${var:cdn}/a")"));
  CHECK(has(asking("http/url", "${var:cdn}${save:id}"), "allowed: an http or https address"));

  for (const auto* text : {"x", "x:0", "x:y", "htps://x", "x:80/", "${var:cdn}", "::1"})
    CHECK(has(asking("tls/target", text), "p.json: /steps/1/tls/target: found text \""));
  for (const auto* text : {"x:443", "[::1]:443", "https://x", "${var:host}:443", "${save:id}:443", "${var:none}"})
    CHECK(asking("tcp/target", text).empty());
  CHECK(has(asking("dns/name", "a..b"), "p.json: /steps/1/dns/name"));
  CHECK(has(asking("dns/name", "${var:cdn}"), "p.json: /steps/1/dns/name"));
  CHECK(asking("dns/name", "${var:graph}").empty());
  CHECK(has(asking("dns/server", "${var:graph}"), "p.json: /steps/1/dns/server"));
  for (const auto* text : {"9.9.9.9", "::1", "[::1]:53", "a.ns.example:53"}) CHECK(asking("dns/server", text).empty());

  const auto secret = asking("http/url", "${secret:hook}/a");
  CHECK(has(secret, R"(text "${secret:hook}/a", with the secret in it)"));
  CHECK(secret.find("hunter2") == std::string::npos);
}

TEST_CASE("a header that cannot be sent is a fault of the file") {
  FixedValues values;
  values.variables["two"] = "a\r\nHost: b";
  values.secrets.emplace("token", Secret{"hunter2\n"});
  const auto header = [&](const std::string& name, const std::string& text) {
    return faults_of(with_steps(R"({"http": {"url": "http://x/", "headers": {")" + name + R"(": ")" + text + R"("}}})",
                                R"("requires": ["token"], )"),
                     values);
  };
  for (const auto* text : {R"(a\r\nb: c)", R"(a\u0000)", R"(\u007f)", "${var:two}", "Bearer ${secret:token}"})
    CHECK(has(header("X-A", text), "/steps/0/http/headers/X-A: found text \""));
  CHECK(has(header("X-A", "${var:two}"), "with a line break or another control character in it"));
  CHECK(header("X-A", "${secret:token}").find("hunter2") == std::string::npos);
  CHECK(has(header(R"(X-A\r\nX-B)", "a"), "a header's name"));
  CHECK(header("X-A", R"(a\tb \u00fc)").empty());
}

TEST_CASE("names in templates must be known where they stand") {
  FixedValues values;
  values.variables["graph"] = "x";
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${var:grahp}"}})"), values), "did you mean \"graph\"?"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${save:id}"}, "save": {"id": {"json": "/id"}}})")),
            "/steps/0/http/url"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${secret:token}"}})")), "not in \"requires\""));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${media:sha256}"}})")), "no step so far generates any"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${vra:graph}"}})")), "did you mean \"var\"?"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "${var:graph"}})")), "/steps/0/http/url"));
}

TEST_CASE("names that are not known are told together with what else is wrong in a file") {
  FixedValues values;
  values.variables["graph"] = "https://graph.facebook.com";
  const auto faults = faults_of(
      with_steps(
          R"({"http": {"url": "${var:grap}/${secret:token}", "methd": "GET", "headers": {"a": "${secret:tokn}", "b": "1\r\n2"}}, "expect": {"status": "2xx"}, "save": {"id": {"jsn": "/id"}}},
             {"tcp": {"target": "${save:id}:${save:port}"}, "expect": {"sha256": "${media:sha256}"}},
             {"dns": {"name": "${vr:graph}"}}, 7)",
          R"("description": "${var:words}", "requires": ["token", 5], )"),
      values);
  CHECK(
      has(faults, R"(/steps/0/http/url: found the unknown variable "grap"; allowed: "graph" (did you mean "graph"?))"));
  CHECK(has(faults, "/steps/0/http/methd: found the unknown key"));
  CHECK(has(faults, R"(/steps/0/http/headers/a: found the unknown secret (not in "requires") "tokn")"));
  CHECK(has(faults, "/steps/0/expect/status: found text \"2xx\""));
  CHECK(has(faults, "/steps/0/save/id/jsn: found the unknown key"));
  CHECK(
      has(faults, R"(/steps/1/tcp/target: found the unknown saved value (of an earlier step) "port"; allowed: "id")"));
  CHECK(has(faults, "/steps/1/expect/sha256: found the unknown media"));
  CHECK(has(faults, "/steps/2/dns/name: found \"${vr:graph}\""));
  CHECK(has(faults, "/steps/3: found number 7"));
  CHECK(has(faults, "/requires/1: found number 5"));
  CHECK(has(faults, "/steps/0/http/headers/b: found text"));
  CHECK(faults.find("words") == std::string::npos);
  CHECK(std::ranges::count(faults, '\n') == 11);
}

TEST_CASE("a step is one request of one kind with at most one body") {
  CHECK(has(faults_of(with_steps(R"({})")), "exactly one of \"http\""));
  CHECK(
      has(faults_of(with_steps(R"({"tcp": {"target": "a:1"}, "tls": {"target": "a:1"}})")), "exactly one of \"http\""));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "http://x/", "body": "a", "json": {}}})")), "several bodies"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "http://x/"}, "always": true})")), "clean-up as the first step"));
  CHECK(has(faults_of(with_steps(R"({"http": {"url": "http://x/"}, "expect": {"body": {"matches": "("}}})")),
            "a regular expression"));
}

TEST_CASE("pauses of a repeated step grow up to the longest, where there is one") {
  using namespace std::chrono_literals;
  const UntilRule growing{10s, 8, 60s};
  CHECK(growing.pause_after(1) == 10s);
  CHECK(growing.pause_after(2) == 20s);
  CHECK(growing.pause_after(3) == 40s);
  CHECK(growing.pause_after(4) == 60s);
  CHECK(growing.pause_after(100) == 60s);
  CHECK(UntilRule{10s, 8, 5s}.pause_after(1) == 5s);
  CHECK(UntilRule{10s, 8, std::nullopt}.pause_after(7) == 10s);
}

TEST_CASE("bounds of a step that contradict each other are refused by both their names") {
  const auto step = [](const std::string& http, const std::string& rest) {
    return faults_of(with_steps(R"({"http": {"url": "http://x/")" + http + "}, " + rest + "}"));
  };
  CHECK(has(step("", R"("until": {"pause": "10s", "longest_pause": "5s"})"),
            "/steps/0/until/longest_pause: found 5s, below \"pause\", which is 10s"));
  CHECK(has(step("", R"("expect": {"body": {"min": "2KiB", "max": "1KiB"}})"),
            "/steps/0/expect/body/min: found 2KiB, above \"max\", which is 1KiB"));
  CHECK(has(step(R"(, "read_at_most": "1KiB")", R"("expect": {"body": {"min": "2KiB"}})"), "above \"read_at_most\""));
  CHECK(has(step("", R"("expect": {"body": {"min": "2MiB"}})"), "above \"max_body\", which is 1MiB"));
  CHECK(step(R"(, "max_body": "2MiB")", R"("expect": {"body": {"min": "2MiB"}})").empty());
}

TEST_CASE("a run goes back to an earlier step only, and only where nothing is done twice") {
  const std::string up = R"({"name": "up", "http": {"url": "http://x/", "method": "POST"}},)";
  const std::string look = R"({"name": "look", "http": {"url": "http://x/"}},)";
  const auto get = [](const std::string& step) {
    return R"({"http": {"url": "http://x/"}, "retry_from": {"step": ")" + step + R"(", "status": 404}})";
  };
  CHECK(faults_of(with_steps(up + look + get("look"))).empty());
  CHECK(has(faults_of(with_steps(up + look + get("up"))), "/steps/2/retry_from: found step 0 is asked again"));
  CHECK(has(faults_of(with_steps(up + look + get("down"))), "/steps/2/retry_from/step: found text \"down\""));
  CHECK(has(faults_of(with_steps(look + get("look"), R"("enough": 1, )")), "/steps/1/retry_from/step"));
}

TEST_CASE("a value is saved from one place, and from a list only by pointer") {
  const auto saving = [](const std::string& rule) {
    return faults_of(with_steps(R"({"http": {"url": "http://x/"}, "save": {"a": )" + rule + "}}"));
  };
  CHECK(saving(R"({"first_of": "/data", "json": "/url", "where": {"/type": {"equals": "IMAGE"}}})").empty());
  CHECK(has(saving(R"({"json": "/url", "header": "etag"})"), "exactly one of \"json\""));
  CHECK(has(saving(R"({"header": "etag", "first_of": "/data"})"), "alone"));
  CHECK(has(saving(R"({"json": "/url", "where": {"/type": {}}})"), "alone"));
}

TEST_CASE("a secret's value never stands in a fault") {
  FixedValues values;
  values.secrets.emplace("token", Secret{"hunter2-hunter2"});
  const auto faults =
      faults_of(with_steps(R"({"http": {"url": "${secret:tokne}"}})", R"("requires": ["token"], )"), values);
  CHECK(has(faults, "did you mean \"token\"?"));
  CHECK(faults.find("hunter2") == std::string::npos);
}

TEST_CASE("a catalog reads folders and knows what is not configured or disabled or changed") {
  const test::TemporaryDirectory directory;
  const auto probe = [](const std::string& id, const std::string& more) {
    return R"({"id": ")" + id + R"(", "component": "own/web", "title": "t", )" + more +
           R"("steps": [{"tcp": {"target": "localhost:1"}}]})";
  };
  std::filesystem::create_directories(directory.path() / "probes/own");
  REQUIRE(write_file_atomically(directory / "probes/own/a.json", probe("a", "")));
  REQUIRE(write_file_atomically(directory / "probes/own/b.json", probe("b", R"("requires": ["t"], )")));
  REQUIRE(write_file_atomically(directory / "probes/own/_classify.json",
                                R"({"rules": [{"status": 418, "class": "blocked", "kind": "teapot"}]})"));
  Settings settings;
  settings.paths = {"probes"};
  settings.disable = {"a"};
  settings.overrides["b"].interval = std::chrono::minutes{7};
  json::Faults faults;
  const auto catalog = load_catalog(settings, directory.path().string(), {}, "outaged.json", faults);
  REQUIRE(catalog.has_value());
  REQUIRE(catalog->size() == 2);
  CHECK((*catalog)[0].disabled);
  CHECK((*catalog)[1].missing_secrets == std::vector<std::string>{"t"});
  CHECK_FALSE((*catalog)[1].active());
  CHECK((*catalog)[1].definition->interval == std::chrono::minutes{7});
  REQUIRE((*catalog)[0].definition->table.size() == 1);
  CHECK((*catalog)[0].definition->table.front().kind == "teapot");

  settings.disable = {"aa"};
  CHECK_FALSE(load_catalog(settings, directory.path().string(), {}, "outaged.json", faults).has_value());
  CHECK(has(json::to_string(faults.back()), "did you mean \"a\"?"));
  CHECK(faults.back().file == "outaged.json");
  settings.disable = {};
  REQUIRE(write_file_atomically(directory / "probes/c.json", probe("a", "")));
  CHECK_FALSE(load_catalog(settings, directory.path().string(), {}, "outaged.json", faults).has_value());
  CHECK(has(json::to_string(faults.back()), "a unique id"));
}

TEST_CASE("one line makes the probes of a web site of one's own") {
  Settings settings;
  settings.own["shop"] = {.url = "https://shop.example/sale?x=1", .contains = "Add to cart"};
  settings.own["wiki"] = {.url = "http://wiki.example/"};
  json::Faults faults;
  const auto catalog = load_catalog(settings, ".", {}, "outaged.json", faults);
  REQUIRE(catalog.has_value());
  std::vector<std::string> ids;
  for (const auto& entry : *catalog) {
    ids.push_back(entry.definition->id.name + " " + to_string(entry.definition->component));
    CHECK(entry.active());
  }
  CHECK(ids == std::vector<std::string>{"own.shop own/shop", "own.shop-certificate own/shop-certificate",
                                        "own.wiki own/wiki"});
  const auto& page = (*catalog)[0].definition->steps.front();
  CHECK(page.expect.body->contains == "Add to cart");
  REQUIRE(page.classify.size() == 2);
  CHECK(page.classify.front().result_class == ResultClass::blocked);
  CHECK((*catalog)[1].definition->steps.front().expect.certificate == std::chrono::hours{24 * 14});
}

TEST_CASE("an address of one's own that is none is refused where it stands") {
  json::Faults faults;
  const auto text =
      json::parse_file_text(R"({"own": {"shop": {"url": "shop.example"}, "Shop": {"url": "https://a/"}}})", "c");
  CHECK_FALSE(settings_shape().read(*text, json::Cursor("c", faults)).has_value());
  REQUIRE(faults.size() == 2);
  std::string all = json::to_string(faults[0]) + json::to_string(faults[1]);
  CHECK(has(all, "/own/shop/url"));
  CHECK(has(all, "an http or https address"));
  // Whatever name is taken makes a probe.
  faults.clear();
  const auto dash = json::parse_file_text(R"({"own": {"shop-": {"url": "https://a/"}}})", "c");
  CHECK_FALSE(settings_shape().read(*dash, json::Cursor("c", faults)).has_value());
  faults.clear();
  const auto dots = json::parse_file_text(R"({"own": {"shop": {"url": "https://shop..example/"}}})", "c");
  CHECK_FALSE(settings_shape().read(*dots, json::Cursor("c", faults)).has_value());
  CHECK(has(json::to_string(faults.front()), "/own/shop/url: found text \"https://shop..example/\""));
}
