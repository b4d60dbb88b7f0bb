#include "probe/runner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json/parse.hpp"
#include "base/real_timer_queue.hpp"
#include "support/child.hpp"
#include "support/empty_network.hpp"
#include "support/scripted_server.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::probe;
using test::http_ok;
using test::ScriptedServer;

namespace {

/// A runner with its loop; ${var:server} is the address of `server`, ${secret:token} a secret.
struct Bench {
  explicit Bench(std::uint16_t port) {
    values.variables["server"] = "http://127.0.0.1:" + std::to_string(port);
    values.variables["target"] = "127.0.0.1:" + std::to_string(port);
    values.secrets.emplace("token", Secret{"very-secret-token"});
    auto redactor = std::make_shared<Redactor>();
    redactor->add(values.secrets.at("token"));
    net::Settings settings;
    settings.dns = {"127.0.0.1:1"};
    auto made_engine = net::HttpEngine::create(io, settings);
    auto made_resolver = net::Resolver::create(io, settings);
    REQUIRE(made_engine.has_value());
    REQUIRE(made_resolver.has_value());
    engine = std::move(*made_engine);
    resolver = std::move(*made_resolver);
    runner.emplace(*engine, *resolver, timers, Random{1}, std::move(redactor));
  }

  std::shared_ptr<const Definition> read(const std::string& steps, const std::string& fields,
                                         const std::string& component) const {
    const auto text = R"({"id": "p", "component": ")" + component +
                      R"(", "title": "t", "timeout": "3s", "requires": ["token"], )" + fields + R"("steps": [)" +
                      steps + "]}";
    json::Faults faults;
    const auto parsed = json::parse_file_text(text, "p");
    REQUIRE(parsed.has_value());
    auto definition = read_definition(*parsed, values, "p", faults);
    for (const auto& fault : faults) MESSAGE(json::to_string(fault));
    REQUIRE(definition.has_value());
    return std::make_shared<const Definition>(std::move(*definition));
  }

  template <class T>
  T finish(boost::asio::awaitable<T> running) {
    T outcome{};
    boost::asio::co_spawn(io, std::move(running), [&](const std::exception_ptr& error, T found) {
      CHECK(error == nullptr);
      outcome = std::move(found);
      io.stop();
    });
    io.restart();
    io.run();
    return outcome;
  }

  Result run(const std::string& steps, const std::string& fields = {}, const std::string& component = "own/web") {
    return finish(runner->run(read(steps, fields, component), Trigger::scheduled));
  }

  boost::asio::io_context io{1};
  RealTimerQueue timers{io};
  FixedValues values;
  std::unique_ptr<net::HttpEngine> engine;
  std::unique_ptr<net::Resolver> resolver;
  std::optional<Runner> runner;
};

std::string redirect_to(const std::string& location) {
  return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

/// An address that is not ours by any rule (RFC 5737).
constexpr const char* kOutside = "198.51.100.1";

}  // namespace

TEST_CASE("a run of several steps carries values from one to the next") {
  const ScriptedServer server({.reply = http_ok(R"({"id": "abc"})", "X-Next: /second\r\n")});
  Bench bench(server.port());
  const auto result = bench.run(
      R"({"http": {"url": "${var:server}/first"}, "save": {"id": {"json": "/id"}, "next": {"header": "x-next"}}},
      {"http": {"method": "POST", "url": "${var:server}${save:next}", "query": {"q": "a b&c"}, "json": {"said": "${save:id}\"x"},
                "headers": {"Authorization": "Bearer ${secret:token}"}}})");
  CHECK(result.result_class == ResultClass::success);
  CHECK(result.steps.size() == 2);
  CHECK(result.took == result.steps[0].phases.total() + result.steps[1].phases.total());
  const auto sent = server.last_request();
  CHECK(sent.starts_with("POST /second?q=a%20b%26c HTTP/1.1"));
  CHECK(sent.find("Authorization: Bearer very-secret-token") != std::string::npos);
  CHECK(sent.ends_with(R"({"said":"abc\"x"})"));
}

TEST_CASE(
    "an address from the platform that is none is its wrong answer, one from us is our fault, and neither is a name "
    "that is gone") {
  const ScriptedServer server({.reply = http_ok(R"({"id": "htps://scontent.example/a", "lines": "a\r\nX: b"})")});
  Bench bench(server.port());
  bench.values.variables["none"] = "";
  const auto given = [&bench](const std::string& step) {
    auto result = bench.run(
        R"({"http": {"url": "${var:server}/"}, "save": {"id": {"json": "/id"}, "lines": {"json": "/lines"}}}, )" +
        step);
    REQUIRE(result.failure.has_value());
    return result;
  };
  for (const auto* step :
       {R"({"http": {"url": "${save:id}"}})", R"({"tls": {"target": "${save:id}"}})",
        R"({"dns": {"name": "${save:id}"}})", R"({"dns": {"name": "x.example", "server": "${save:id}"}})"}) {
    const auto result = given(step);
    CHECK(result.result_class == ResultClass::platform_failure);
    CHECK(result.failure->layer == Layer::content);
    CHECK(result.failure->kind == "not_an_address");
    CHECK(result.failure->detail.find("htps://scontent.example/a") != std::string::npos);
  }
  for (const auto* step : {R"({"http": {"url": "${var:none}/a"}})", R"({"tcp": {"target": "${var:none}"}})"}) {
    const auto result = given(step);
    CHECK(result.result_class == ResultClass::our_fault);
    CHECK(result.failure->layer == Layer::local);
    CHECK(result.failure->kind == "bad_target");
  }
  const auto unsent = given(R"({"http": {"url": "${var:server}/", "headers": {"X-A": "${save:lines}"}}})");
  CHECK(unsent.result_class == ResultClass::our_fault);
  CHECK(unsent.failure->kind == "bad_header");
  CHECK(unsent.failure->detail.ends_with("X-A"));
}

TEST_CASE("an independent question whose address an unanswered one should have given is no failure of the platform") {
  const ScriptedServer server({.reply = http_ok("{}")});
  Bench bench(server.port());
  const auto result = bench.run(
      R"({"http": {"url": "${var:server}/"}, "save": {"id": {"json": "/id"}}}, {"http": {"url": "${save:id}"}})",
      R"("enough": 1, )");
  REQUIRE(result.steps.size() == 2);
  CHECK(result.steps.back().result_class == ResultClass::our_fault);
}

TEST_CASE("a run stops at the first step that fails and cleans up all the same") {
  const ScriptedServer server({.reply = http_ok(R"({"id": "abc"})")});
  Bench bench(server.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/make"}, "save": {"id": {"json": "/id"}}},
      {"http": {"url": "${var:server}/fails"}, "expect": {"status": 404}},
      {"http": {"url": "${var:server}/never"}},
      {"http": {"method": "DELETE", "url": "${var:server}/${save:id}"}, "expect": {"status": 500}, "always": true})");
  CHECK(result.result_class == ResultClass::blocked);
  REQUIRE(result.steps.size() == 3);
  CHECK(result.steps[2].step == 3);
  CHECK(server.last_request().starts_with("DELETE /abc HTTP/1.1"));
  REQUIRE(result.failure.has_value());
  CHECK(result.failure->kind == "status_200");
  CHECK(result.took == result.steps[0].phases.total() + result.steps[1].phases.total());
}

TEST_CASE("what was never made is not cleaned up") {
  const ScriptedServer server({.reply = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"});
  Bench bench(server.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/make"}, "save": {"id": {"json": "/id"}}},
      {"http": {"method": "DELETE", "url": "${var:server}/${save:id}"}, "always": true})");
  CHECK(result.steps.size() == 1);
  CHECK(server.connections() == 1);
  CHECK(result.failure->kind == "gateway_503");
  CHECK(result.result_class == ResultClass::platform_failure);
}

TEST_CASE("a step with until is repeated and its last answer decides") {
  const ScriptedServer server({.reply = http_ok(R"({"state": "IN_PROGRESS"})")});
  Bench bench(server.port());
  const auto result = bench.run(
      R"({"http": {"url": "${var:server}/"}, "expect": {"json": {"/state": {"equals": "FINISHED"}}}, "until": {"pause": "100ms", "attempts": 3}})");
  CHECK(server.connections() == 3);
  REQUIRE(result.steps.size() == 3);
  CHECK(result.steps[0].result_class == ResultClass::success);
  CHECK(result.steps[2].result_class == ResultClass::platform_failure);
  CHECK(result.took >= std::chrono::milliseconds{200});
}

TEST_CASE("what answers say of how much is used leaves the run with its result, whatever it found") {
  const std::string used =
      "HTTP/1.1 429 Too Many\r\nX-App-Usage: {\"call_count\": 97}\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n";
  const ScriptedServer server({.reply = used});
  Bench bench(server.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/"}, "expect": {"status": 200}})");
  CHECK(result.result_class == ResultClass::blocked);
  CHECK(result.usage == Usage{97, Micros{0}, std::chrono::seconds{90}});
}

namespace {

const std::string kNotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

/// A media server's address is looked up at ${var:server}, and the bytes are there; a stale address is looked up anew.
std::string look_up_and_download(const ScriptedServer& media) {
  return R"({"name": "look up", "http": {"url": "${var:server}/"}, "save": {"url": {"json": "/url"}}},
            {"http": {"url": "http://127.0.0.1:)" +
         std::to_string(media.port()) +
         R"(/${save:url}"}, "expect": {"status": 200}, "retry_from": {"step": "look up", "status": 404}})";
}

}  // namespace

TEST_CASE("an address that is stale is looked up anew, and the bytes at the new one count") {
  const ScriptedServer api({.reply = http_ok(R"({"url": "new"})"), .first = {http_ok(R"({"url": "old"})")}});
  const ScriptedServer media({.reply = http_ok("bytes"), .first = {kNotFound}});
  Bench bench(api.port());
  const auto result = bench.run(look_up_and_download(media));
  CHECK(result.result_class == ResultClass::success);
  CHECK(media.last_request().starts_with("GET /new "));
  REQUIRE(result.steps.size() == 4);
  CHECK(result.steps[1].status == 404);
  CHECK(result.steps[1].result_class == ResultClass::success);
  CHECK(result.steps[2].step == 0);
}

TEST_CASE("an address that is not there when it was looked up anew is judged, once") {
  const ScriptedServer api({.reply = http_ok(R"({"url": "x"})")});
  const ScriptedServer media({.reply = kNotFound});
  Bench bench(api.port());
  const auto result = bench.run(look_up_and_download(media), R"("tier": "authenticated",)");
  CHECK(result.result_class == ResultClass::our_fault);
  CHECK(result.failure->kind == "status_404");
  CHECK(api.connections() == 2);
  CHECK(media.connections() == 2);
}

TEST_CASE("a media server that fails is not asked twice") {
  const ScriptedServer api({.reply = http_ok(R"({"url": "x"})")});
  const ScriptedServer media({.reply = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"});
  Bench bench(api.port());
  const auto result = bench.run(look_up_and_download(media));
  CHECK(result.result_class == ResultClass::platform_failure);
  CHECK(api.connections() == 1);
}

TEST_CASE("an undocumented answer is learned, and another one is evidence but no failure") {
  const ScriptedServer usual({.reply = "HTTP/1.1 404 Not Found\r\nServer: edge\r\nContent-Length: 2\r\n\r\nno"});
  Bench bench(usual.port());
  const std::string step = R"({"http": {"url": "${var:server}/"}, "expect": {"status": "100-499", "fingerprint": {}}})";
  CHECK(bench.run(step).result_class == ResultClass::success);

  const ScriptedServer other({.reply = http_ok("hello")});
  bench.values.variables["server"] = "http://127.0.0.1:" + std::to_string(other.port());
  const auto changed = bench.run(step);
  CHECK(changed.result_class == ResultClass::our_fault);
  REQUIRE(changed.failure.has_value());
  CHECK(changed.failure->kind == "fingerprint");
  CHECK(changed.failure->detail.find("404 - server=edge") != std::string::npos);
}

TEST_CASE("a refusal that is expected is none when it says that the platform itself fails") {
  const auto kind_of = [](int code, const std::string& expectation) {
    const auto body = fmt::format(R"({{"error":{{"code":{},"is_transient":true}}}})", code);
    const ScriptedServer server(
        {.reply = fmt::format("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)});
    Bench bench(server.port());
    const auto result = bench.run(R"({"http": {"url": "${var:server}/"}, "expect": )" + expectation +
                                  R"(, "classify": [{"code": [1, 2], "class": "platform_failure", "kind": "down"},
                                                    {"code": 368, "class": "blocked", "kind": "policy_block"},
                                                    {"code": 190, "class": "our_fault", "kind": "token"}]})");
    return result.failure ? std::string{to_string(result.result_class)} + " " + result.failure->kind : "";
  };
  for (const char* expectation : {R"({"status": "400-499", "json": {"/error/code": {"type": "number"}}})",
                                  R"({"status": "400-499", "fingerprint": {}})"}) {
    CHECK(kind_of(190, expectation) == "");
    CHECK(kind_of(99999, expectation) == "");
    CHECK(kind_of(1, expectation) == "platform_failure down");
    CHECK(kind_of(2, expectation) == "platform_failure down");
    CHECK(kind_of(368, expectation) == "blocked policy_block");
  }
}

TEST_CASE("a server error counts against an undocumented target only once it was seen healthy") {
  const ScriptedServer failing({.reply = "HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\nno"});
  const ScriptedServer healthy({.reply = http_ok("hello")});
  Bench bench(failing.port());
  const std::string step = R"({"http": {"url": "${var:server}/"}, "expect": {"status": "100-499", "fingerprint": {}}})";
  CHECK(bench.run(step).failure->kind == "status_503");
  const auto there = [](const ScriptedServer& server) { return "http://127.0.0.1:" + std::to_string(server.port()); };
  bench.values.variables["server"] = there(healthy);
  CHECK(bench.run(step).result_class == ResultClass::success);
  bench.values.variables["server"] = there(failing);
  const auto down = bench.run(step);
  CHECK(down.failure->kind == "gateway_503");
  CHECK(down.result_class == ResultClass::platform_failure);
}

TEST_CASE("independent questions all run, and enough of them decide") {
  const ScriptedServer server({.reply = http_ok("hello")});
  Bench bench(server.port());
  const std::string good = R"({"http": {"url": "${var:server}/"}})";
  const std::string bad = R"({"tcp": {"target": "127.0.0.1:1"}})";
  const auto one_of_three = bench.run(bad + "," + good + "," + bad, R"("enough": 1,)");
  CHECK(one_of_three.result_class == ResultClass::success);
  CHECK_FALSE(one_of_three.failure.has_value());
  CHECK(one_of_three.steps.size() == 3);
  const auto two_wanted = bench.run(bad + "," + good + "," + bad, R"("enough": 2,)");
  CHECK(two_wanted.result_class == ResultClass::platform_failure);
  CHECK(two_wanted.failure->kind == "refused");
  CHECK(two_wanted.failure->detail.starts_with("1 of 3 questions answered"));
}

TEST_CASE("a name server that never answered here says nothing about the platform") {
  const ScriptedServer unused({.reply = http_ok("")});
  Bench bench(unused.port());
  const auto silent =
      bench.run(R"({"dns": {"name": "www.example", "server": "127.0.0.1:1"}, "expect": {"fingerprint": {}}})");
  CHECK(silent.result_class == ResultClass::our_fault);
  CHECK(silent.failure->kind == "never_answered");
}

TEST_CASE("where a name led is remembered for when it does not resolve") {
  const ScriptedServer server({.end = test::Script::End::stay});
  Bench bench(server.port());
  const std::string step =
      R"({"tcp": {"target": "www.example:)" + std::to_string(server.port()) + R"(", "last_known": true}})";
  const auto unknown = bench.run(step);
  CHECK(unknown.result_class == ResultClass::our_fault);
  CHECK(unknown.failure->kind == "no_known_address");
  bench.runner->memory().note_address("www.example", "127.0.0.1", WallTime{});
  CHECK(bench.run(step).result_class == ResultClass::success);
}

TEST_CASE("what looks like a credential does not stay in evidence") {
  const ScriptedServer server({.reply = "HTTP/1.1 403 Forbidden\r\nContent-Length: 60\r\n\r\n"
                                        "see /x?access_token=abcdef123&oh=00_AfXY&id=7 for your page  "});
  Bench bench(server.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/"}})");
  REQUIRE(result.failure.has_value());
  CHECK(result.failure->detail.find("abcdef123") == std::string::npos);
  CHECK(result.failure->detail.find("00_AfXY") == std::string::npos);
  CHECK(result.failure->detail.find("id=7") != std::string::npos);
}

TEST_CASE("of a large page only the beginning is read where the probe says so") {
  const ScriptedServer server({.reply = http_ok(std::string(200'000, 'x'))});
  Bench bench(server.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/", "read_at_most": "4KiB"}})");
  CHECK(result.result_class == ResultClass::success);
  CHECK(result.steps.front().bytes_received < 200'000);
}

TEST_CASE("redirects are steps of their own and lead to no file") {
  const ScriptedServer last({.reply = http_ok("here")});
  const ScriptedServer first({.reply = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" +
                                       std::to_string(last.port()) + "/there\r\nContent-Length: 0\r\n\r\n"});
  Bench bench(first.port());
  const auto followed =
      bench.run(R"({"http": {"url": "${var:server}/", "follow": 2}, "expect": {"body": {"contains": "here"}}})");
  CHECK(followed.result_class == ResultClass::success);
  REQUIRE(followed.steps.size() == 2);
  CHECK(followed.steps[0].status == 302);

  const ScriptedServer hostile(
      {.reply = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"});
  Bench other(hostile.port());
  const auto refused = other.run(R"({"http": {"url": "${var:server}/", "follow": 2}})");
  REQUIRE(refused.failure.has_value());
  CHECK(refused.failure->kind == "redirect_refused");
}

TEST_CASE("a redirect beyond those that are followed is the platform's failure") {
  const ScriptedServer loop({.reply = redirect_to("/self")});
  Bench bench(loop.port());
  const auto result = bench.run(R"({"http": {"url": "${var:server}/self", "follow": 3}})");
  CHECK(loop.connections() == 4);
  CHECK(result.steps.size() == 4);
  CHECK(result.result_class == ResultClass::platform_failure);
  REQUIRE(result.failure.has_value());
  CHECK(result.failure->kind == "too_many_redirects");
  CHECK(result.failure->layer == Layer::http);

  CHECK(bench.run(R"({"http": {"url": "${var:server}/self"}})").failure->kind == "status_302");
  const auto wanted = bench.run(R"({"http": {"url": "${var:server}/self", "follow": 1}, "expect": {"status": 302}})");
  CHECK(wanted.result_class == ResultClass::success);
}

TEST_CASE("a redirect takes credentials along within the origin and to no other port") {
  const std::string step =
      R"({"http": {"url": "${var:server}/", "follow": 1, "headers": {"Authorization": "Bearer ${secret:token}"}}, "expect": {"status": [200, 302]}})";
  const ScriptedServer other({.reply = http_ok("here")});
  const ScriptedServer first({.reply = redirect_to("http://127.0.0.1:" + std::to_string(other.port()) + "/there")});
  Bench bench(first.port());
  CHECK(bench.run(step).result_class == ResultClass::success);
  CHECK(first.last_request().find("very-secret-token") != std::string::npos);
  CHECK(other.last_request().starts_with("GET /there HTTP/1.1"));
  CHECK(other.last_request().find("very-secret-token") == std::string::npos);

  const ScriptedServer same({.reply = redirect_to("/there")});
  bench.values.variables["server"] = "http://127.0.0.1:" + std::to_string(same.port());
  CHECK(bench.run(step).result_class == ResultClass::success);
  CHECK(same.last_request().starts_with("GET /there HTTP/1.1"));
  CHECK(same.last_request().find("very-secret-token") != std::string::npos);
}

TEST_CASE("no server outside leads us into our own network") {
  const auto kind = test::in_child([]() -> std::string {
    if (auto reason = test::enter_empty_network(kOutside); !reason.empty()) return reason;
    const ScriptedServer inside({.reply = http_ok("for us alone")});
    const ScriptedServer outside(
        {.reply = redirect_to("http://127.0.0.1:" + std::to_string(inside.port()) + "/"), .address = kOutside});
    Bench bench(outside.port());
    bench.values.variables["server"] = fmt::format("http://{}:{}", kOutside, outside.port());
    const auto result = bench.run(R"({"http": {"url": "${var:server}/", "follow": 2}})");
    if (outside.connections() != 1) return "the server outside was not asked";
    if (inside.connections() != 0) return "the server inside was asked";
    return result.failure ? result.failure->kind : "no failure";
  });
  CHECK(kind == "redirect_refused");
}

TEST_CASE("a secret that a server echoes never leaves the run") {
  const ScriptedServer server(
      {.reply = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 27\r\n\r\nbad token very-secret-token"});
  Bench bench(server.port());
  const auto result =
      bench.run(R"({"http": {"url": "${var:server}/", "headers": {"Authorization": "${secret:token}"}}})");
  REQUIRE(result.failure.has_value());
  CHECK(result.failure->detail.find("bad token ***") != std::string::npos);
  for (const auto& step : result.steps) CHECK(step.failure->detail.find("very-secret") == std::string::npos);
}

TEST_CASE("not even half of a secret leaves the run, wherever an answer is cut") {
  for (std::size_t before = 120; before < 165; ++before) {
    CAPTURE(before);
    const auto body = std::string(before, 'x') + " very-secret-token " + std::string(100, 'y');
    const ScriptedServer server(
        {.reply = fmt::format("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)});
    Bench bench(server.port());
    const auto result =
        bench.run(R"({"http": {"url": "${var:server}/", "headers": {"Authorization": "${secret:token}"}}})");
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->detail.find("very-s") == std::string::npos);
  }
}

TEST_CASE("connections and questions are steps too") {
  const ScriptedServer server({.end = test::Script::End::stay});
  Bench bench(server.port());
  CHECK(bench.run(R"({"tcp": {"target": "${var:target}"}})").result_class == ResultClass::success);
  const auto refused = bench.run(R"({"tcp": {"target": "127.0.0.1:1"}})");
  CHECK(refused.failure->kind == "refused");
  const auto dns = bench.run(R"({"dns": {"name": "www.example"}})");
  CHECK(dns.failure->layer == Layer::dns);
  CHECK(dns.steps.front().kind == StepKind::dns);
}

TEST_CASE("who refuses is there, where a step says so") {
  std::uint16_t nobody = 0;
  {
    const ScriptedServer gone({});
    nobody = gone.port();
  }
  Bench bench(nobody);
  const auto is_there = R"({"tcp": {"target": "${var:target}", "refusal": true}})";
  CHECK(bench.run(is_there, {}, "control/gateway").result_class == ResultClass::success);
  CHECK(bench.run(R"({"tcp": {"target": "${var:target}"}})").failure->kind == "refused");
}

TEST_CASE("uploads are multipart with the media in its place") {
  const ScriptedServer server({.reply = http_ok("{}")});
  Bench bench(server.port());
  const auto result = bench.run(
      R"({"http": {"method": "POST", "url": "${var:server}/media", "media": {"type": "image/png", "bytes": "8KiB"},
      "multipart": [{"name": "type", "value": "${media:type}"}, {"name": "file", "media": true}]}})");
  CHECK(result.result_class == ResultClass::success);
  const auto sent = server.last_request();
  CHECK(sent.find("name=\"type\"\r\n\r\nimage/png\r\n") != std::string::npos);
  CHECK(sent.find("\x89PNG") != std::string::npos);
  CHECK(result.steps.front().bytes_sent > 8192);
}

namespace {

struct Account {
  std::vector<Leftover> made;
  std::vector<Leftover> gone;
};

/// Keeps account of what the runner tells.
Account& listen(Bench& bench, Account& account) {
  bench.runner->on_leftover(
      [&account](const Leftover& leftover, bool gone) { (gone ? account.gone : account.made).push_back(leftover); });
  return account;
}

const std::string kMakeAndDelete =
    R"({"http": {"url": "${var:server}/make"}, "save": {"id": {"json": "/id"}, "other": {"json": "/other"}}},
       {"http": {"method": "DELETE", "url": "${var:server}/${save:id}", "headers": {"Authorization": "Bearer ${secret:token}"}}, "always": true})";

}  // namespace

TEST_CASE("what a run makes is told before it is deleted, with what the deletion needs and no secret") {
  const ScriptedServer server({.reply = http_ok(R"({"id": "17", "other": "x"})")});
  Bench bench(server.port());
  Account account;
  listen(bench, account);
  CHECK(bench.run(kMakeAndDelete).result_class == ResultClass::success);
  REQUIRE(account.made.size() == 1);
  CHECK(account.made[0].step == 1);
  CHECK(account.made[0].saved == std::map<std::string, std::string>{{"id", "17"}});
  CHECK(account.gone == account.made);
}

TEST_CASE("what a run could not delete stays on the account and is deleted later") {
  const ScriptedServer working({.reply = http_ok(R"({"id": "17", "other": "x"})")});
  const ScriptedServer failing({.reply = "HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\nno"});
  Bench bench(working.port());
  bench.values.variables["broken"] = "http://127.0.0.1:" + std::to_string(failing.port());
  Account account;
  listen(bench, account);
  const std::string steps =
      R"({"http": {"url": "${var:server}/make"}, "save": {"id": {"json": "/id"}}},
         {"http": {"method": "DELETE", "url": "${var:broken}/${save:id}"}, "always": true})";
  CHECK(bench.run(steps).result_class == ResultClass::success);
  REQUIRE(account.made.size() == 1);
  CHECK(account.gone.empty());

  CHECK_FALSE(bench.finish(bench.runner->clean_up(bench.read(steps, "", "own/web"), account.made[0])).gone);
  bench.values.variables["broken"] = bench.values.variables["server"];
  CHECK(bench.finish(bench.runner->clean_up(bench.read(steps, "", "own/web"), account.made[0])).gone);
  CHECK(working.last_request().starts_with("DELETE /17 HTTP/1.1"));
}

TEST_CASE("what is not there any more counts as deleted") {
  const ScriptedServer server({.reply = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"});
  Bench bench(server.port());
  const Leftover leftover{{"p"}, 1, {}, {{"id", "17"}}, 0};
  CHECK(bench.finish(bench.runner->clean_up(bench.read(kMakeAndDelete, "", "own/web"), leftover)).gone);
}

TEST_CASE("a clean-up that its probe no longer has is not tried") {
  const ScriptedServer server({.reply = http_ok("{}")});
  Bench bench(server.port());
  const auto definition = bench.read(kMakeAndDelete, "", "own/web");
  for (const Leftover& strange : {Leftover{{"p"}, 7, {}, {{"id", "17"}}, 0}, Leftover{{"p"}, -1, {}, {{"id", "17"}}, 0},
                                  Leftover{{"p"}, 0, {}, {{"id", "17"}}, 0}, Leftover{{"p"}, 1, {}, {}, 0}})
    CHECK_FALSE(bench.finish(bench.runner->clean_up(definition, strange)).gone);
  CHECK(server.connections() == 0);
}

TEST_CASE("a value that is a secret, or looks like a credential, is not told to be kept") {
  for (const char* id : {"very-secret-token", "9?access_token=EAAB123456789"}) {
    const ScriptedServer server({.reply = http_ok(R"({"id": ")" + std::string{id} + R"(", "other": "x"})")});
    Bench bench(server.port());
    Account account;
    listen(bench, account);
    (void)bench.run(kMakeAndDelete);
    CHECK(account.made.empty());
  }
}

TEST_CASE("a status page is read, and one that cannot be read or reached is the probe's problem") {
  const std::string fields = R"("vendor": {"format": "statuspage", "name": "Shop", "concerns": {"*": ["shop"]}}, )";
  const std::string step = R"({"http": {"url": "${var:server}/"}})";
  const auto result_of = [&](const std::string& reply) {
    const ScriptedServer server({.reply = reply});
    Bench bench(server.port());
    return bench.run(step, fields, "vendor/shop");
  };
  const auto read = result_of(http_ok(R"({"components": [{"name": "API", "status": "major_outage"}]})"));
  CHECK(read.result_class == ResultClass::success);
  REQUIRE(read.vendor.size() == 1);
  CHECK(read.vendor[0].state == VendorState::outage);

  const auto changed = result_of(http_ok("<html>We have moved</html>"));
  CHECK(changed.result_class == ResultClass::our_fault);
  CHECK(changed.failure->kind == "unreadable");
  CHECK(changed.vendor.empty());

  const auto down = result_of("HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\nno");
  CHECK(down.result_class == ResultClass::our_fault);
  CHECK(down.steps[0].result_class == ResultClass::our_fault);
  CHECK(down.failure->kind == "unreachable");
}
