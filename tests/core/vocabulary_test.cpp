#include "core/vocabulary.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace outaged;

namespace {

template <class E>
bool names_go_both_ways(E last) {
  std::set<std::string_view> seen;
  for (const std::string_view name : enum_names<E>()) {
    const auto value = parse_enum<E>(name);
    if (!value || to_string(*value) != name || !seen.insert(name).second) return false;
  }
  return seen.size() == static_cast<std::size_t>(last) + 1;
}

}  // namespace

TEST_CASE("every word of the field has one name of its own") {
  CHECK(names_go_both_ways(Phase::receive));
  CHECK(names_go_both_ways(Layer::local));
  CHECK(names_go_both_ways(ResultClass::our_network));
  CHECK(names_go_both_ways(ComponentState::unknown));
  CHECK(names_go_both_ways(IncidentState::resolved));
  CHECK(names_go_both_ways(Severity::critical));
  CHECK(names_go_both_ways(Tier::authenticated));
  CHECK(names_go_both_ways(StepKind::http));
  CHECK(names_go_both_ways(Trigger::manual));
}

TEST_CASE("the names that files and wires depend on are these") {
  CHECK(to_string(Tier::open) == "public");
  CHECK(to_string(ComponentState::degraded_performance) == "degraded_performance");
  CHECK(to_string(ResultClass::platform_failure) == "platform_failure");
  CHECK(Severity::minor < Severity::critical);
}
