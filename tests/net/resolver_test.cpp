#include "net/resolver.hpp"

#include <filesystem>

#include <ares.h>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "net/dns_channel.hpp"
#include "net/dns_responder.hpp"
#include "support/child.hpp"
#include "support/empty_network.hpp"

using namespace outaged;
using namespace outaged::net;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  /// Without servers: asks the responder.
  explicit Fixture(std::vector<std::string> servers = {}, IpFamily ip = IpFamily::any) {
    Settings settings;
    settings.ip = ip;
    settings.dns = servers.empty() ? std::vector{responder.address()} : std::move(servers);
    auto made = Resolver::create(io, settings);
    REQUIRE(made.has_value());
    resolver = std::move(*made);
  }

  std::vector<DnsAnswer> ask_all(const std::vector<DnsQuestion>& questions) {
    std::vector<DnsAnswer> answers(questions.size());
    std::size_t left = questions.size();
    for (std::size_t i = 0; i < questions.size(); ++i) {
      auto run = resolver->query(questions[i]);
      boost::asio::co_spawn(io, std::move(run), [&, i](const std::exception_ptr& error, DnsAnswer answer) {
        CHECK(error == nullptr);
        answers[i] = std::move(answer);
        if (--left == 0) io.stop();
      });
    }
    io.restart();
    io.run();
    return answers;
  }
  DnsAnswer ask(const std::string& name, RecordType type = RecordType::a, Micros timeout = 5s) {
    return ask_all({{name, type, {}, timeout}}).front();
  }
  Resolution resolve(const std::string& name, std::optional<IpFamily> family = std::nullopt) {
    Resolution out;
    auto run = resolver->resolve(name, family, 5s);
    boost::asio::co_spawn(io, std::move(run), [&](const std::exception_ptr&, Resolution found) {
      out = std::move(found);
      io.stop();
    });
    io.restart();
    io.run();
    return out;
  }

  test::DnsResponder responder;
  boost::asio::io_context io{1};
  std::unique_ptr<Resolver> resolver;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what a name server can say is told apart") {
  for (const std::string kind : {"nxdomain", "servfail", "refused", "formerr", "empty"}) {
    const auto answer = ask(kind + ".example");
    CAPTURE(kind);
    REQUIRE(answer.failure.has_value());
    CHECK(answer.failure->layer == Layer::dns);
    CHECK(answer.failure->kind == kind);
    CHECK(answer.rcode.has_value());
  }
}

TEST_CASE_FIXTURE(Fixture, "an answer has its addresses and aliases and the smallest time to live") {
  const auto plain = ask("www.example");
  CHECK_FALSE(plain.failure.has_value());
  CHECK(plain.records == std::vector<std::string>{"192.0.2.1"});
  CHECK(plain.ttl == 30);
  CHECK(plain.took.count() > 0);
  const auto alias = ask("cname.example");
  CHECK(alias.records == std::vector<std::string>{"192.0.2.7"});
  CHECK(alias.aliases == std::vector<std::string>{"target.example"});
  CHECK(alias.ttl == 60);
}

TEST_CASE_FIXTURE(Fixture, "a name server that does not answer is a time-out of name resolution") {
  const auto answer = ask("silent.example", RecordType::a, 300ms);
  REQUIRE(answer.failure.has_value());
  CHECK(answer.failure->layer == Layer::timeout);
  CHECK(answer.failure->phase == Phase::dns);
  CHECK_FALSE(answer.rcode.has_value());
  CHECK(answer.failure->detail == "no answer from a name server within 0.3 s");
}

TEST_CASE_FIXTURE(Fixture, "garbage and answers that promise too much never become addresses") {
  CHECK(ask("garbage.example", RecordType::a, 300ms).failure.has_value());
  const auto answer = ask("short.example");
  REQUIRE(answer.failure.has_value());
  CHECK(answer.failure->kind == "malformed");
  CHECK(answer.records.empty());
}

TEST_CASE_FIXTURE(Fixture, "a truncated answer gives what it has and harms no other question") {
  const auto answers = ask_all({{"truncated.example"}, {"www.example"}});
  CHECK(answers[0].truncated);
  CHECK(answers[0].records.size() == 1);
  CHECK(answers[1].records.size() == 1);
}

TEST_CASE("a closed port is told from a silent server") {
  Fixture fixture({"127.0.0.1:1"});
  const auto answer = fixture.ask("www.example");
  REQUIRE(answer.failure.has_value());
  CHECK(answer.failure->kind == "port_closed");
}

TEST_CASE_FIXTURE(Fixture, "a question can name its server and a wrong one is our own fault") {
  Fixture elsewhere({"127.0.0.1:1"});
  const auto answer = elsewhere.ask_all({{"www.example", RecordType::a, responder.address()}}).front();
  CHECK(answer.records.size() == 1);
  CHECK(answer.server == responder.address());
  CHECK(ask_all({{"www.example", RecordType::a, "not an address"}}).front().failure->layer == Layer::local);
}

TEST_CASE_FIXTURE(Fixture, "two thousand questions at once are all answered and make no thread") {
  namespace fs = std::filesystem;
  const auto threads = [] {
    return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator{});
  };
  const auto before = threads();
  std::vector<DnsQuestion> questions;
  for (int i = 0; i < 2000; ++i)
    questions.push_back({"name-" + std::to_string(i) + ".example", RecordType::a, {}, 60s});
  for (const auto& answer : ask_all(questions)) CHECK(answer.records.size() == 1);
  CHECK(threads() == before);
}

TEST_CASE_FIXTURE(Fixture, "two hundred questions to a silent server end in time and make no thread") {
  namespace fs = std::filesystem;
  const auto threads = [] {
    return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator{});
  };
  const auto before = threads();
  const std::vector<DnsQuestion> questions(200, {"silent.example", RecordType::a, {}, 300ms});
  for (const auto& answer : ask_all(questions)) CHECK(answer.failure.has_value());
  CHECK(threads() == before);
}

TEST_CASE_FIXTURE(Fixture, "a name without an IPv4 address resolves to its IPv6 address") {
  CHECK(resolve("v6only.example").address == "2001:db8::7");
  CHECK(resolve("www.example").address == "192.0.2.1");
  CHECK(resolve("nxdomain.example").answer.failure->kind == "nxdomain");
}

TEST_CASE("a number is its own address and nobody is asked") {
  Fixture fixture({"127.0.0.1:1"});
  CHECK(fixture.resolve("192.0.2.9").address == "192.0.2.9");
  CHECK(fixture.resolve("2001:db8::9").address == "2001:db8::9");
}

TEST_CASE("the IP version of the configuration holds where none is given, and a number says its own") {
  Fixture six({}, IpFamily::v6);
  CHECK(six.resolve("both.example").address == "::1");
  CHECK(six.resolve("both.example", IpFamily::v4).address == "127.0.0.1");
  CHECK(six.resolve("www.example").answer.failure->kind == "empty");
  CHECK(six.resolve("192.0.2.9").address == "192.0.2.9");
  Fixture four({}, IpFamily::v4);
  CHECK(four.resolve("both.example").address == "127.0.0.1");
  CHECK(four.resolve("v6only.example").answer.failure->kind == "empty");
  CHECK(four.resolve("v6only.example", IpFamily::any).address == "2001:db8::7");
}

TEST_CASE("where this machine has no route to a name's IPv4 address its IPv6 address is taken") {
  const auto addresses = test::in_child([] {
    if (const auto error = test::enter_empty_network(); !error.empty()) return error;
    Fixture fixture;
    return fixture.resolve("astray.example").address + " " + fixture.resolve("www.example").address;
  });
  CHECK(addresses == "::1 192.0.2.1");
}

TEST_CASE("bytes of any kind are read without harm") {
  rc::check([](const std::vector<unsigned char>& bytes, bool plausible) {
    std::vector<unsigned char> message = bytes;
    if (plausible) {
      const unsigned char header[] = {0, 1, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1, 0xC0, 0x0C};
      message.insert(message.begin(), std::begin(header), std::end(header));
    }
    for (const auto type : {RecordType::a, RecordType::aaaa, RecordType::cname, RecordType::ns, RecordType::txt}) {
      const auto answer = read_answer({"a", type}, ARES_SUCCESS, message.data(), static_cast<int>(message.size()));
      RC_ASSERT(answer.failure.has_value() == answer.records.empty());
    }
  });
}
