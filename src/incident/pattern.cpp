#include "incident/pattern.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "detect/family.hpp"

namespace outaged::incident {
namespace {

/// A layer is the pattern when it has this share of the failures.
constexpr double kMost = 0.6;
/// Log-in is it with this share: where everything fails at times, more than half of a few failures are log-in's by
/// chance.
constexpr double kAlmostAll = 0.8;
/// What has worked again for so long while others fail is out of it: in an outage that hits a part of the attempts,
/// components come and go.
constexpr Micros kOutOfIt = std::chrono::minutes{30};

bool counts_as_failing(ComponentState state) {
  return state == ComponentState::partial_outage || state == ComponentState::major_outage;
}

bool fails_now(const AffectedComponent* one) {
  return !one->recovered_at;
}

std::vector<const AffectedComponent*> those_that_count(const std::vector<AffectedComponent>& members, WallTime now) {
  std::vector<const AffectedComponent*> all;
  for (const AffectedComponent& one : members) {
    if (counts_as_failing(one.peak_state)) all.push_back(&one);
  }
  if (std::ranges::any_of(all, fails_now))
    std::erase_if(all, [now](const auto* one) { return one->recovered_at && *one->recovered_at + kOutOfIt <= now; });
  return all;
}

/// Credentials are refused: by the platform, since our own are no reason for an outage.
bool refuses_credentials(const AffectedComponent& one) {
  const std::string_view kind = one.kind;
  return kind.starts_with("auth") || kind.starts_with("token") || kind.starts_with("credential");
}

bool is_of_log_in(const AffectedComponent* one) {
  return one->id.function == "login" || refuses_credentials(*one);
}

/// "names gone".
std::string in_a_sentence(Pattern pattern) {
  std::string word{to_string(pattern)};
  word[0] = static_cast<char>(word[0] - 'A' + 'a');
  return word;
}

std::string_view what_failures_are(Pattern pattern) {
  switch (pattern) {
    case Pattern::names_gone: return "of DNS";
    case Pattern::routes_gone: return "missing connections, TCP";
    case Pattern::edge: return "of TLS";
    case Pattern::media_tier: return "of media functions, the rest works";
    case Pattern::log_in: return "of log-in";
    case Pattern::origin: return "answers with errors or wrong content";
    case Pattern::slow: break;
  }
  return {};
}

}  // namespace

bool only_warns(const AffectedComponent& one) {
  return one.kind == "certificate_ends_soon";
}

std::optional<PatternFound> pattern_of(const std::vector<AffectedComponent>& members, const FailureCounts& counts,
                                       const std::vector<ComponentId>& works, WallTime now) {
  const auto failing = those_that_count(members, now);
  const auto slow = static_cast<int>(std::ranges::count_if(members, [](const AffectedComponent& one) {
    return one.peak_state == ComponentState::degraded_performance && !one.recovered_at;
  }));
  if (failing.empty()) {
    return slow == 0 ? std::nullopt : std::optional{PatternFound{Pattern::slow, slow, slow}};
  }
  std::array<int, enum_names<Layer>().size()> layers{};
  int failures = 0;
  int of_log_in = 0;
  for (const AffectedComponent* one : failing) {
    const auto found = counts.find(one->id);
    if (found == counts.end() || only_warns(*one)) continue;
    for (const auto& [layer, count] : found->second) {
      layers[static_cast<std::size_t>(layer)] += count;
      failures += count;
      if (is_of_log_in(one)) of_log_in += count;
    }
  }
  if (failures == 0) return std::nullopt;
  const auto of = [&layers](std::initializer_list<Layer> which) {
    int sum = 0;
    for (const Layer layer : which) sum += layers[static_cast<std::size_t>(layer)];
    return sum;
  };
  const auto most = [failures](int count) { return count >= kMost * failures; };
  if (const int dns = of({Layer::dns}); most(dns)) return PatternFound{Pattern::names_gone, dns, failures};
  if (const int tcp = of({Layer::tcp}); most(tcp)) return PatternFound{Pattern::routes_gone, tcp, failures};
  if (const int tls = of({Layer::tls}); most(tls)) return PatternFound{Pattern::edge, tls, failures};
  const bool media = std::ranges::all_of(failing, [](const auto* one) { return detect::is_media(one->id.function); });
  const bool rest_works = std::ranges::any_of(works, [&failing](const ComponentId& id) {
    return !detect::is_media(id.function) && id.function != "dns" && id.function != "edge" &&
           std::ranges::any_of(failing, [&id](const auto* one) { return one->id.platform == id.platform; });
  });
  // It is not log-in any more when log-in works, and something else does not.
  const bool over = std::ranges::any_of(failing, fails_now) &&
                    std::ranges::none_of(failing, [](const auto* one) { return fails_now(one) && is_of_log_in(one); });
  if (of_log_in >= kAlmostAll * failures && !over) return PatternFound{Pattern::log_in, of_log_in, failures};
  if (media && rest_works) return PatternFound{Pattern::media_tier, failures, failures};
  const int answers = of({Layer::http, Layer::api, Layer::content});
  if (most(answers)) return PatternFound{Pattern::origin, answers, failures};
  return std::nullopt;
}

bool agrees(Pattern pattern, std::optional<Layer> layer) {
  if (!layer) return true;
  switch (pattern) {
    case Pattern::names_gone: return layer == Layer::dns;
    case Pattern::routes_gone: return layer == Layer::tcp;
    case Pattern::edge: return layer == Layer::tls;
    case Pattern::origin: return layer == Layer::http || layer == Layer::api || layer == Layer::content;
    case Pattern::media_tier:
    case Pattern::log_in:
    case Pattern::slow: return true;
  }
  return true;
}

std::string sentence(const PatternFound& found) {
  const auto word = in_a_sentence(found.pattern);
  if (found.pattern == Pattern::slow)
    return fmt::format("Answers of {} component{} come late, none fails ({}).", found.of_it,
                       found.of_it == 1 ? "" : "s", word);
  const bool one = found.failures == 1;
  auto counted = fmt::format("{} of {} failures are", found.of_it, found.failures);
  if (found.of_it == found.failures)
    counted = one ? std::string{"The one failure is"} : fmt::format("All {} failures are", found.failures);
  return fmt::format("{} {} ({}).", counted, what_failures_are(found.pattern), word);
}

std::string looking_back(Pattern pattern) {
  switch (pattern) {
    case Pattern::names_gone: return "The names could not be resolved (DNS).";
    case Pattern::routes_gone: return "No connection came about (TCP).";
    case Pattern::edge: return "No secure connection came about (TLS).";
    case Pattern::media_tier: return "The media tier failed, the rest of the platforms worked.";
    case Pattern::log_in: return "Log-in failed.";
    case Pattern::origin: return "The servers answered, with errors or wrong content.";
    case Pattern::slow: return "Answers came late, none failed.";
  }
  return {};
}

std::optional<Pattern> named_pattern(std::string_view diagnosis) {
  const auto names = enum_names<Pattern>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto pattern = static_cast<Pattern>(i);
    const auto formerly = fmt::format("{}: ", names[i]);
    if (diagnosis.find(fmt::format(" ({}).", in_a_sentence(pattern))) != std::string_view::npos ||
        diagnosis.starts_with(formerly) || diagnosis.find(". " + formerly) != std::string_view::npos)
      return pattern;
  }
  return std::nullopt;
}

std::optional<Pattern> longest_pattern(const std::vector<Update>& timeline, WallTime end) {
  std::map<Pattern, Micros> lasted;
  std::optional<Pattern> current;
  WallTime since{};
  const auto pass = [&](WallTime until) {
    if (current) lasted[*current] += std::max(Micros{1}, until - since);
    since = until;
  };
  for (const Update& entry : timeline) {
    if (entry.kind != UpdateKind::diagnosis) continue;
    pass(entry.at);
    current = named_pattern(entry.text);
  }
  pass(end);
  if (lasted.empty()) return std::nullopt;
  return std::ranges::max_element(lasted, {}, &std::pair<const Pattern, Micros>::second)->first;
}

}  // namespace outaged::incident
