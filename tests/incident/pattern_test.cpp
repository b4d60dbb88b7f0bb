#include "incident/pattern.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "incident/findings.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;

namespace {

struct Failing {
  std::string id;
  std::map<Layer, int> failures;
  std::string kind = "status";
};

std::optional<PatternFound> found_in(const std::vector<Failing>& failing, const std::vector<std::string>& works = {}) {
  std::vector<AffectedComponent> members;
  FailureCounts counts;
  for (const Failing& one : failing) {
    auto member = affected(one.id);
    member.kind = one.kind;
    counts[member.id] = one.failures;
    members.push_back(std::move(member));
  }
  std::vector<ComponentId> well;
  for (const auto& id : works) well.push_back(component(id));
  return pattern_of(members, counts, well, kNoon);
}

}  // namespace

TEST_CASE("the layer that most failures share names the pattern, with the counts behind it") {
  const auto of = [](Layer layer) {
    return found_in({{"whatsapp/message", {{layer, 20}, {Layer::timeout, 2}}}, {"facebook/web", {{layer, 21}}}});
  };
  CHECK(of(Layer::dns) == PatternFound{Pattern::names_gone, 41, 43});
  CHECK(of(Layer::tcp) == PatternFound{Pattern::routes_gone, 41, 43});
  CHECK(of(Layer::tls) == PatternFound{Pattern::edge, 41, 43});
  CHECK(of(Layer::http) == PatternFound{Pattern::origin, 41, 43});
  CHECK(of(Layer::api) == PatternFound{Pattern::origin, 41, 43});
  CHECK(sentence(*of(Layer::dns)) == "41 of 43 failures are of DNS (names gone).");
  CHECK(sentence({Pattern::edge, 1, 1}) == "The one failure is of TLS (edge).");
  CHECK(sentence({Pattern::media_tier, 9, 9}) == "All 9 failures are of media functions, the rest works (media tier).");
  CHECK(sentence(*of(Layer::http)) == "41 of 43 failures are answers with errors or wrong content (origin).");
}

TEST_CASE("media functions that fail beside others that work are the media tier") {
  const std::vector<Failing> media{{"whatsapp/media-upload", {{Layer::http, 12}}},
                                   {"instagram/feed-load", {{Layer::timeout, 8}}}};
  CHECK(found_in(media, {"whatsapp/message"}) == PatternFound{Pattern::media_tier, 20, 20});
  CHECK(found_in(media, {"facebook/login"}) == PatternFound{Pattern::origin, 12, 20});
  CHECK(found_in(media) == PatternFound{Pattern::origin, 12, 20});
}

TEST_CASE("names that are gone are named so, whatever fails") {
  CHECK(found_in({{"whatsapp/media-upload", {{Layer::dns, 9}}}}, {"whatsapp/message"})->pattern == Pattern::names_gone);
}

TEST_CASE("log-in, and what needs it, is log-in") {
  CHECK(found_in({{"facebook/login", {{Layer::api, 12}}}, {"instagram/login", {{Layer::timeout, 8}}}}) ==
        PatternFound{Pattern::log_in, 20, 20});
  CHECK(found_in({{"facebook/login", {{Layer::api, 12}}, "auth"}, {"facebook/feed-load", {{Layer::api, 8}}, "auth"}},
                 {"facebook/media-download"}) == PatternFound{Pattern::log_in, 20, 20});
}

TEST_CASE("silence fits several patterns, so it gets no word") {
  CHECK_FALSE(found_in({{"whatsapp/message", {{Layer::timeout, 9}}}}).has_value());
  CHECK_FALSE(found_in({{"whatsapp/message", {{Layer::dns, 4}, {Layer::tcp, 4}}}}).has_value());
  CHECK_FALSE(found_in({{"whatsapp/message", {}}}).has_value());
  CHECK_FALSE(found_in({}).has_value());
}

TEST_CASE("what is only slow is slow; beside an outage it does not count") {
  auto slow = affected("whatsapp/message", ComponentState::degraded_performance);
  CHECK(pattern_of({slow}, {}, {}, kNoon) == PatternFound{Pattern::slow, 1, 1});
  auto quick_again = slow;
  quick_again.recovered_at = kNoon;
  CHECK_FALSE(pattern_of({quick_again}, {}, {}, kNoon).has_value());
  const auto failing = affected("facebook/web");
  CHECK(pattern_of({slow, failing}, {{failing.id, {{Layer::tls, 5}}}, {slow.id, {{Layer::dns, 50}}}}, {}, kNoon) ==
        PatternFound{Pattern::edge, 5, 5});
}

TEST_CASE("what has worked again for half an hour while something fails does not count") {
  auto recovered = affected("whatsapp/message");
  recovered.recovered_at = kNoon;
  const auto failing = affected("facebook/web");
  const FailureCounts counts{{failing.id, {{Layer::tls, 5}}}, {recovered.id, {{Layer::dns, 50}}}};
  CHECK(pattern_of({recovered, failing}, counts, {}, kNoon + 29min)->pattern == Pattern::names_gone);
  CHECK(pattern_of({recovered, failing}, counts, {}, kNoon + 30min)->pattern == Pattern::edge);
  CHECK(pattern_of({recovered}, counts, {}, kNoon + 30min)->pattern == Pattern::names_gone);
}

TEST_CASE("media functions are not all that fails while log-in comes and goes with them") {
  auto login = affected("whatsapp/login");
  login.recovered_at = kNoon;
  const auto upload = affected("whatsapp/media-upload");
  const FailureCounts counts{{login.id, {{Layer::timeout, 5}}}, {upload.id, {{Layer::timeout, 5}}}};
  const std::vector<ComponentId> works{login.id, component("whatsapp/message")};
  CHECK_FALSE(pattern_of({login, upload}, counts, works, kNoon + 5min).has_value());
  CHECK(pattern_of({login, upload}, counts, works, kNoon + 40min)->pattern == Pattern::media_tier);
}

TEST_CASE("it is not log-in while log-in works and something else fails") {
  auto login = affected("whatsapp/login");
  const auto upload = affected("whatsapp/media-upload");
  const FailureCounts counts{{login.id, {{Layer::timeout, 50}}}, {upload.id, {{Layer::timeout, 5}}}};
  CHECK(pattern_of({login, upload}, counts, {}, kNoon)->pattern == Pattern::log_in);
  login.recovered_at = kNoon;
  CHECK_FALSE(pattern_of({login, upload}, counts, {}, kNoon + 10min).has_value());
  CHECK(pattern_of({login}, counts, {}, kNoon + 10min)->pattern == Pattern::log_in);
}

TEST_CASE("a pattern of a layer is named only beside that layer") {
  CHECK(agrees(Pattern::names_gone, Layer::dns));
  CHECK_FALSE(agrees(Pattern::names_gone, Layer::timeout));
  CHECK_FALSE(agrees(Pattern::routes_gone, Layer::tls));
  CHECK_FALSE(agrees(Pattern::edge, Layer::tcp));
  CHECK(agrees(Pattern::origin, Layer::api));
  CHECK_FALSE(agrees(Pattern::origin, Layer::timeout));
  CHECK(agrees(Pattern::media_tier, Layer::timeout));
  CHECK(agrees(Pattern::origin, std::nullopt));
}

TEST_CASE("of several patterns the one that lasted longest names the whole") {
  const auto said = [](Micros at, const std::string& text) {
    return Update{kNoon + at, UpdateKind::diagnosis, IncidentState::identified, text};
  };
  const std::vector<Update> timeline{
      said(0min, "All attempts fail now; it began at 12:00 UTC (origin unknown). Still working: nothing."),
      said(10min, "They fail. Names gone: 9 of 9 failures are DNS. More."),
      said(5h, "They fail. All 9 failures are answers with errors or wrong content (origin). More.")};
  CHECK(longest_pattern(timeline, kNoon + 6h) == Pattern::names_gone);
  CHECK(longest_pattern(timeline, kNoon + 12h) == Pattern::origin);
  CHECK_FALSE(longest_pattern({timeline.front()}, kNoon + 6h).has_value());
  CHECK_FALSE(longest_pattern({}, kNoon).has_value());
}

TEST_CASE("every pattern is found again in its sentence, and has words for what is over") {
  for (std::size_t i = 0; i < enum_names<Pattern>().size(); ++i) {
    const auto pattern = static_cast<Pattern>(i);
    CAPTURE(to_string(pattern));
    CHECK(named_pattern("It fails. " + sentence({pattern, 3, 4}) + " More.") == pattern);
    CHECK(looking_back(pattern).ends_with('.'));
  }
}
