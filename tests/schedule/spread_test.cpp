#include "schedule/spread.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

namespace {

std::vector<Micros> gaps(std::vector<Micros> beats, Micros interval) {
  std::ranges::sort(beats);
  std::vector<Micros> out;
  for (std::size_t i = 1; i < beats.size(); ++i) out.push_back(beats[i] - beats[i - 1]);
  out.push_back(beats.front() + interval - beats.back());  // round the corner, as the grid goes on
  return out;
}

}  // namespace

TEST_CASE("probes of one interval are evenly spaced over it") {
  Random random{3};
  const auto beats = first_beats(many(60, 1min), random);
  for (const Micros gap : gaps(beats, 1min)) {
    CHECK(gap >= 1s - 1us);
    CHECK(gap <= 1s + 1us);
  }
}

TEST_CASE("the probes of each owner are evenly spaced among the others") {
  auto entries = many(50, 1min, "big");
  for (const Entry& each : many(10, 1min, "small")) entries.push_back(each);
  for (const Entry& each : many(4, 1min, "tiny")) entries.push_back(each);
  Random random{4};
  const auto beats = first_beats(entries, random);
  const std::vector<Micros> small(beats.begin() + 50, beats.begin() + 60);
  for (const Micros gap : gaps(small, 1min)) CHECK(gap >= 3s);
  const std::vector<Micros> tiny(beats.begin() + 60, beats.end());
  for (const Micros gap : gaps(tiny, 1min)) CHECK(gap >= 10s);
}

TEST_CASE("the spread depends on the seed and on nothing else") {
  Random one{5};
  Random same{5};
  Random other{6};
  const auto entries = many(100, 1min);
  const auto beats = first_beats(entries, one);
  CHECK(beats == first_beats(entries, same));
  CHECK(beats != first_beats(entries, other));
}

TEST_CASE("every first beat lies within its interval whatever the list") {
  CHECK(rc::check("first_beats", [](std::uint64_t seed) {
    const auto sizes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 4'000'000));
    std::vector<Entry> entries;
    for (const int size : sizes)
      entries.push_back(
          entry("p" + std::to_string(entries.size()), Micros{1 + size % 7}, "owner" + std::to_string(size % 3)));
    Random random{seed};
    const auto beats = first_beats(entries, random);
    RC_ASSERT(beats.size() == entries.size());
    for (std::size_t i = 0; i < beats.size(); ++i) {
      RC_ASSERT(beats[i] >= Micros{0});
      RC_ASSERT(beats[i] < entries[i].interval);
    }
  }));
}
