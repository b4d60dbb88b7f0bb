#include "probe/memory.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace outaged::probe;
using namespace std::chrono_literals;

namespace {

const ProbeId kProbe{"facebook.upload"};
const WallTime kStart{std::chrono::hours{24 * 20'000}};

}  // namespace

TEST_CASE("the first answer of a target is believed and then recognised") {
  Memory memory;
  CHECK_FALSE(memory.knows(kProbe, 0));
  CHECK(memory.recognises(kProbe, 0, "404 text/plain", kStart));
  CHECK(memory.knows(kProbe, 0));
  CHECK(memory.recognises(kProbe, 0, "404 text/plain", kStart + 1h));
  CHECK(memory.usual(kProbe, 0) == "404 text/plain");
  CHECK_FALSE(memory.knows(kProbe, 1));
}

TEST_CASE("another answer on the first day is believed after a few sightings") {
  Memory memory;
  memory.recognises(kProbe, 0, "404 text/plain", kStart);
  CHECK_FALSE(memory.recognises(kProbe, 0, "400 text/html", kStart + 1min));
  CHECK_FALSE(memory.recognises(kProbe, 0, "400 text/html", kStart + 2min));
  CHECK(memory.recognises(kProbe, 0, "400 text/html", kStart + 3min));
}

TEST_CASE("later a change must last for hours before it is believed") {
  Memory memory;
  memory.recognises(kProbe, 0, "404 text/plain", kStart);
  const WallTime later = kStart + 30 * 24h;
  for (int minute = 0; minute < 6 * 60; ++minute)
    REQUIRE_FALSE(memory.recognises(kProbe, 0, "200 text/html", later + std::chrono::minutes{minute}));
  CHECK(memory.recognises(kProbe, 0, "200 text/html", later + 6h));
}

TEST_CASE("what was learned survives a restart") {
  Memory before;
  before.recognises(kProbe, 0, "404 text/plain", kStart);
  before.note_address("www.facebook.com", "157.240.0.35", kStart);
  auto kept = before.take_changes();
  CHECK(kept.answers.size() == 1);
  CHECK(before.take_changes().empty());

  Memory after;
  after.restore(std::move(kept.answers), std::move(kept.addresses));
  CHECK(after.knows(kProbe, 0));
  CHECK_FALSE(after.recognises(kProbe, 0, "200 text/html", kStart + 1min));
  CHECK(after.last_address("www.facebook.com") == "157.240.0.35");
  CHECK_FALSE(after.last_address("www.instagram.com").has_value());
}

TEST_CASE("what only got a new time is kept once an hour") {
  Memory memory;
  memory.note_address("a", "192.0.2.1", kStart);
  CHECK(memory.take_changes().addresses.size() == 1);
  memory.note_address("a", "192.0.2.2", kStart + 1min);
  CHECK(memory.take_changes().empty());
  CHECK(memory.last_address("a") == "192.0.2.2");
  memory.note_address("a", "192.0.2.2", kStart + 1h);
  CHECK(memory.take_changes().addresses.size() == 1);
}

TEST_CASE("a target that answers differently each time is forgotten in part, not without end") {
  Memory memory;
  for (int i = 0; i < 1000; ++i) memory.recognises(kProbe, 0, "200 " + std::to_string(i), kStart);
  CHECK(memory.usual(kProbe, 0) == "200 0");
  CHECK(memory.take_changes().answers.size() <= 16);
}
