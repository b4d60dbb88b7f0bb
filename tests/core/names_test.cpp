#include "core/names.hpp"

#include <unordered_set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace outaged;

TEST_CASE("a component is platform and function") {
  const auto component = parse_component("whatsapp/media-upload");
  REQUIRE(component);
  CHECK(component->platform == "whatsapp");
  CHECK(component->function == "media-upload");
  CHECK(to_string(*component) == "whatsapp/media-upload");
}

TEST_CASE("names that are not names are refused") {
  for (const char* text : {"", "/", "whatsapp", "whatsapp/", "/web", "a/b/c", "WhatsApp/web", "a b/web", "-a/web",
                           "a-/web", "a/web-", "a.b/web", "a_b/web", "\xc3\xa4/web", "a/we\nb"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_component(text));
  }
  CHECK(parse_component(std::string(64, 'a') + "/web"));
  CHECK_FALSE(parse_component(std::string(65, 'a') + "/web"));
  CHECK(parse_probe_id("facebook.feed-2"));
  for (const char* text : {"", ".a", "a.", "A", "a/b", "a b"}) CHECK_FALSE(parse_probe_id(text));
}

TEST_CASE("every component that parses is written the same") {
  CHECK(rc::check("round trip", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"ab9-/."}));
    if (const auto component = parse_component(text)) RC_ASSERT(to_string(*component) == text);
  }));
}

TEST_CASE("identities can be sorted and hashed") {
  CHECK(ComponentId{"a", "b"} < ComponentId{"a", "c"});
  CHECK(IncidentId{1} < IncidentId{2});
  const std::unordered_set<ComponentId> components{{"a", "b"}, {"a", "b"}, {"b", "a"}};
  CHECK(components.size() == 2);
  CHECK(std::unordered_set<ProbeId>{ProbeId{"a"}, ProbeId{"a"}}.size() == 1);
}
