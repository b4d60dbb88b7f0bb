#include "incident/wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "detect/family.hpp"

namespace outaged::incident {
namespace {

struct Name {
  std::string_view id;
  std::string_view text;
};
/// In the order in which people name them.
constexpr std::array kPlatforms{Name{"whatsapp", "WhatsApp"}, Name{"instagram", "Instagram"},
                                Name{"facebook", "Facebook"}, Name{"own", "your own sites"},
                                Name{"control", "the control hosts"}};
constexpr std::array kFunctions{Name{"media-upload", "media upload"},
                                Name{"media-download", "media download"},
                                Name{"feed-load", "feed loading"},
                                Name{"message", "messages"},
                                Name{"login", "log-in"},
                                Name{"web", "the web site"},
                                Name{"dns", "finding the servers (DNS)"},
                                Name{"edge", "reaching the servers"}};
constexpr std::size_t kLongestExample = 120;
constexpr std::string_view kNoneFails = "none fails now";

/// A failure's detail up to its first semicolon, behind which the evidence for experts stands.
std::string in_short(const std::string& detail) {
  return printable(detail.substr(0, detail.find(';')), kLongestExample);
}

template <std::size_t N>
std::string name_in(const std::array<Name, N>& names, std::string_view id) {
  for (const Name& name : names) {
    if (name.id == id) return std::string{name.text};
  }
  std::string text{id};
  std::ranges::replace(text, '-', ' ');
  return text;
}

template <std::size_t N>
std::size_t rank_in(const std::array<Name, N>& names, std::string_view id) {
  const auto found = std::ranges::find(names, id, &Name::id);
  return static_cast<std::size_t>(found - names.begin());
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// Ids in the order of the table, unknown ones after them by name.
template <std::size_t N>
std::vector<std::string> ordered(const std::array<Name, N>& names, const std::set<std::string>& ids) {
  std::vector<std::string> out(ids.begin(), ids.end());
  std::ranges::stable_sort(out, {}, [&names](const std::string& id) { return rank_in(names, id); });
  return out;
}

/// The user's own sites are no name, as platforms are.
std::string platform_in_sentence(const std::string& id) {
  return id == kOwnPlatform ? name_in(kPlatforms, id) : platform_name(id);
}

std::string platforms_in_words(const std::set<std::string>& ids) {
  std::vector<std::string> names;
  for (const auto& id : ordered(kPlatforms, ids)) names.push_back(platform_in_sentence(id));
  return join_names(names);
}

std::string functions_in_words(const std::set<std::string>& ids) {
  std::vector<std::string> names;
  for (const auto& id : ordered(kFunctions, ids)) names.push_back(name_in(kFunctions, id));
  return join_names(names);
}

bool is_outage(ComponentState state) {
  return state == ComponentState::partial_outage || state == ComponentState::major_outage;
}

/// What an incident is about: who is hit and how.
struct Scope {
  std::set<std::string> platforms;
  std::set<std::string> functions;
  std::set<ComponentId> components;
  bool outage = false;
};

Scope scope_of(const Incident& incident) {
  Scope scope;
  for (const AffectedComponent& one : incident.components) scope.outage = scope.outage || is_outage(one.peak_state);
  for (const AffectedComponent& one : incident.components) {
    // Beside an outage, what is only slow is not worth the headline.
    if (scope.outage && !is_outage(one.peak_state)) continue;
    scope.platforms.insert(one.id.platform);
    scope.functions.insert(one.id.function);
    scope.components.insert(one.id);
  }
  return scope;
}

/// Whether all that people do on the hit platforms is hit, and that is more than one function. That the servers can
/// still be found or reached is no use to anybody.
bool is_everything(const Scope& scope, const Surroundings& surroundings) {
  return scope.functions.size() > 1 && std::ranges::all_of(surroundings.components, [&scope](const auto& watched) {
           const ComponentId& id = watched.first;
           const bool useful = id.function != "dns" && id.function != "edge";
           return !useful || !scope.platforms.contains(id.platform) || scope.components.contains(id);
         });
}

std::string who_answers(const Scope& scope) {
  if (std::ranges::all_of(scope.functions, detect::is_media)) return "the media tier";
  if (scope.functions == std::set<std::string>{"login"}) return "log-in";
  return scope.platforms.size() > 1 ? "the platforms" : platform_in_sentence(*scope.platforms.begin());
}

/// Behind what it shows: in brackets, or behind a colon when it has some of its own.
std::string with_example(const std::string& text, const std::string& example) {
  const auto shown = in_short(example);
  return shown.find('(') == std::string::npos ? text + " (" + shown + ")" : text + ": " + shown;
}

/// "the media tier answers with HTTP errors".
std::string where_it_breaks(const Incident& incident, const Scope& scope) {
  const std::string who = who_answers(scope);
  const char* s = who == "the platforms" || who == platform_in_sentence(std::string{kOwnPlatform}) ? "" : "s";
  switch (*incident.layer) {
    case Layer::dns: return fmt::format("the names of {} cannot be resolved (DNS)", who);
    case Layer::tcp: return fmt::format("connections to {} fail (TCP)", who);
    case Layer::tls: return fmt::format("secure connections to {} fail (TLS)", who);
    case Layer::http: return fmt::format("{} answer{} with HTTP errors", who, s);
    case Layer::api: return fmt::format("{} answer{} with API errors", who, s);
    case Layer::content: return fmt::format("{} deliver{} wrong or incomplete content", who, s);
    case Layer::timeout: return fmt::format("{} do{} not answer in time", who, *s == 's' ? "es" : "");
    case Layer::local: return "the reason is on this machine";
  }
  return {};
}

bool only_slow(const detect::ComponentFinding& finding) {
  return finding.state == ComponentState::degraded_performance;
}

bool is_slow(const AffectedComponent& one) {
  return !one.recovered_at && one.state == ComponentState::degraded_performance;
}

/// Those that still fail.
std::vector<const AffectedComponent*> failing_members(const Incident& incident) {
  std::vector<const AffectedComponent*> failing;
  for (const AffectedComponent& one : incident.components) {
    if (!one.recovered_at && is_outage(one.peak_state) && !is_slow(one)) failing.push_back(&one);
  }
  return failing;
}

std::string what_fails(const Incident& incident, const Scope& scope, bool online) {
  const std::string since = format_clock(incident.onset) + " UTC";
  const bool over =
      std::ranges::all_of(incident.components, [](const auto& one) { return one.recovered_at.has_value(); });
  if (!scope.outage && over) return fmt::format("Answers were slow from {} on; none is now.", since);
  if (!scope.outage) return fmt::format("Answers have been unusually slow since {}.", since);
  const auto failing = failing_members(incident);
  if (failing.empty()) {
    return fmt::format("Attempts failed from {} on; {}{}.", since, kNoneFails,
                       std::ranges::any_of(incident.components, is_slow) ? ", but answers are slow" : "");
  }
  if (std::ranges::all_of(failing, [](const auto* one) { return only_warns(*one); }))
    return fmt::format("It still answers, but {}.", in_short(failing.front()->example));
  // The share is that of the latest attempts, not of all since the onset.
  std::string text = fmt::format("{} {}; it began at {}.", share_words(failing_share(incident)),
                                 online ? "fail now" : "failed at last", since);
  if (!incident.layer) return text;
  auto where = capital(where_it_breaks(incident, scope));
  const auto example = std::ranges::find_if(
      failing, [&incident](const auto* one) { return !one->example.empty() && one->layer == incident.layer; });
  if (example != failing.end()) where = with_example(where, (*example)->example);
  return text + " " + where + ".";
}

/// Believed to work, and seen to since `onset`: what was not asked since then may have gone with the rest.
bool works_still(const ComponentId& id, ComponentState state, const Surroundings& surroundings, WallTime onset) {
  const auto answered = surroundings.answered.find(id);
  return state == ComponentState::operational && answered != surroundings.answered.end() && answered->second > onset;
}

/// " Working again: messages." of the functions of the hit platforms all of which answer, some after they had failed.
std::string what_works_again(const std::set<std::string>& functions) {
  return functions.empty() ? "" : fmt::format(" Working again: {}.", functions_in_words(functions));
}

std::string what_works(const Incident& incident, const Scope& scope, const Surroundings& surroundings) {
  std::map<std::string, std::pair<int, int>> functions;  // on the hit platforms: working, all
  std::map<std::string, std::pair<int, int>> platforms;  // the others
  std::set<std::string> failed;                          // functions
  for (const auto& [id, state] : surroundings.components) {
    auto& [working, all] = scope.platforms.contains(id.platform) ? functions[id.function] : platforms[id.platform];
    working += works_still(id, state, surroundings, incident.onset) ? 1 : 0;
    ++all;
    if (scope.components.contains(id)) failed.insert(id.function);
  }
  std::set<std::string> working_functions;
  std::set<std::string> working_again;
  std::set<std::string> working_sites;
  std::set<std::string> working_platforms;
  for (const auto& [id, counts] : functions) {
    if (counts.first == counts.second) (failed.contains(id) ? working_again : working_functions).insert(id);
  }
  for (const auto& [id, counts] : platforms) {
    if (counts.first == counts.second) working_platforms.insert(id);
  }
  // Sites of the user's own have little to do with each other: that one is not known says nothing of the next.
  const std::string own{kOwnPlatform};
  for (const auto& [id, state] : surroundings.components) {
    if (id.platform == own && !working_platforms.contains(own) && !scope.platforms.contains(own) &&
        works_still(id, state, surroundings, incident.onset))
      working_sites.insert(id.function);
  }
  std::vector<std::string> parts;
  // Where everything fails that people do, finding and reaching the servers is all that is left.
  const char* only = is_everything(scope, surroundings) && working_again.empty() ? "nothing but " : "";
  if (!working_functions.empty()) parts.push_back(only + functions_in_words(working_functions));
  if (!working_sites.empty())
    parts.push_back(fmt::format("{} {}", platform_in_sentence(own), functions_in_words(working_sites)));
  if (!working_platforms.empty()) parts.push_back("everything on " + platforms_in_words(working_platforms));
  const auto again = what_works_again(working_again);
  if (parts.empty()) return again;
  return fmt::format(" Still working: {}.", fmt::join(parts, "; ")) + again;
}

/// How often everything answered again and then did not.
std::ptrdiff_t times_back(const Incident& incident) {
  const auto calm = std::ranges::count(incident.timeline, UpdateKind::monitoring, &Update::kind);
  return incident.state == IncidentState::monitoring || incident.state == IncidentState::resolved ? calm - 1 : calm;
}

/// What comes and goes is named so from the second time on: once is a relapse.
std::string flapping(const Incident& incident) {
  const auto times = times_back(incident);
  return times < 2 ? "" : fmt::format(" Flapping: it has come back {} times.", times);
}

/// The latest that is known of anything.
WallTime latest_seen(const Incident& incident, const Surroundings& surroundings) {
  WallTime latest = incident.opened_at;
  for (const auto& [id, at] : surroundings.answered) latest = std::max(latest, at);
  for (const AffectedComponent& one : incident.components) {
    latest = std::max({latest, one.last_failure.value_or(latest), one.recovered_at.value_or(latest)});
  }
  return latest;
}

/// " 41 of 44 failures are of DNS (names gone)."
std::string pattern_in_words(const Incident& incident, const Surroundings& surroundings) {
  std::vector<ComponentId> works;
  for (const auto& [id, state] : surroundings.components) {
    if (state == ComponentState::operational) works.push_back(id);
  }
  const auto found = pattern_of(incident.components, surroundings.failures, works, latest_seen(incident, surroundings));
  return found && agrees(found->pattern, incident.layer) ? " " + sentence(*found) : "";
}

/// "The names could not be resolved (DNS). ", for what is over.
std::string pattern_of_all(const Incident& incident) {
  const auto pattern = longest_pattern(incident.timeline, *incident.resolved_at);
  return pattern ? looking_back(*pattern) + " " : "";
}

/// The end of what has not become quicker is that nobody expects it to.
std::string as_slow_as_before(const Incident& incident) {
  const auto last = std::find_if(incident.timeline.rbegin(), incident.timeline.rend(),
                                 [](const Update& update) { return update.kind == UpdateKind::recovered; });
  const bool accustomed = last != incident.timeline.rend() && last->text.ends_with(kAccustomedWords);
  return accustomed ? " It has not become quicker" + std::string{kAccustomedWords} : "";
}

std::string own_network(const Surroundings& surroundings) {
  if (!surroundings.checked) return " Our own network is not checked: there are no control probes.";
  if (!surroundings.online) return " Our own network is down now, so the present state is not known.";
  if (surroundings.silent) return " Of our own network nothing is known: the control probes do not answer.";
  return " Our own network is fine.";
}

/// "3 of 4 attempts failed since 14:02 UTC (HTTP 503)."
std::string counted(const detect::ComponentFinding& finding) {
  const auto& evidence = finding.evidence;
  if (evidence.failures == 0 && finding.state != ComponentState::degraded_performance)
    return fmt::format("failures now and then since {} UTC.", format_clock(finding.onset));
  const std::string since = format_clock(evidence.since) + " UTC";
  if (finding.state == ComponentState::degraded_performance) {
    const auto slow = evidence.kinds.find("slow");
    return fmt::format("{} of {} answers were slow since {}.", slow == evidence.kinds.end() ? 0 : slow->second,
                       evidence.attempts, since);
  }
  auto text = fmt::format("{} of {} attempts failed since {}", evidence.failures, evidence.attempts, since);
  if (!evidence.example.empty()) text = with_example(text, evidence.example);
  text += ".";
  if (evidence.own_network == detect::OwnNetwork::silent) text += " The control probes had not answered by then.";
  return text;
}

}  // namespace

std::string platform_name(std::string_view platform) {
  return capital(name_in(kPlatforms, platform));
}
std::string function_name(std::string_view function) {
  return capital(name_in(kFunctions, function));
}
std::string component_name(const ComponentId& component) {
  return fmt::format("{} on {}", function_name(component.function), name_in(kPlatforms, component.platform));
}

std::string join_names(std::span<const std::string> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string share_words(double share) {
  if (share >= 0.995) return "All attempts";
  if (share >= 0.95) return "Nearly all attempts";
  if (share < 0.05) return "A few attempts";
  const double step = share < 0.2 ? 0.05 : 0.1;
  return fmt::format("About {} % of attempts", std::lround(std::round(share / step) * step * 100));
}

double failing_share(const Incident& incident) {
  const auto failing = failing_members(incident);
  double share = 0;
  for (const auto* one : failing) share += one->share / static_cast<double>(failing.size());
  return share;
}

std::optional<double> told_share(std::string_view diagnosis) {
  if (diagnosis.find(kNoneFails) != std::string_view::npos) return 0;
  for (int percent = 0; percent <= 100; percent += 5) {
    const double share = percent / 100.0;
    if (diagnosis.find(share_words(share) + " fail now;") != std::string_view::npos) return share;
  }
  return std::nullopt;
}

std::string_view news_of_diagnosis(std::string_view entry) {
  for (const auto words : {kElsewhereWords, kNewPatternWords, kMoreWords, kLessWords}) {
    if (entry.starts_with(words)) return words;
  }
  return {};
}

namespace {

constexpr std::string_view kAtTimes = " at times";

/// Half of the attempts or more succeed; of what fails no more, as it was said while it did.
bool comes_through_often(const Incident& incident) {
  if (failing_members(incident).empty()) return incident.title.find(kAtTimes) != std::string::npos;
  return failing_share(incident) <= 0.5;
}

}  // namespace

std::string title(const Incident& incident, const Surroundings& surroundings) {
  const Scope scope = scope_of(incident);
  const bool everything = is_everything(scope, surroundings);
  const bool plural = !everything && (scope.functions.size() > 1 || scope.functions.contains("message"));
  const char* verb = scope.outage ? (plural ? "fail" : "fails") : (plural ? "are slow" : "is slow");
  // "Everything fails" would be read as a total outage.
  const std::string_view how = everything && scope.outage && comes_through_often(incident) ? kAtTimes : "";
  return fmt::format("{} {}{} on {}", everything ? "Everything" : capital(functions_in_words(scope.functions)), verb,
                     how, platforms_in_words(scope.platforms));
}

std::string diagnosis(const Incident& incident, const Surroundings& surroundings) {
  const Scope scope = scope_of(incident);
  if (const auto ended = end_of(incident); ended && incident.state == IncidentState::resolved) {
    const WallTime end = *ended;
    return fmt::format("{}It lasted {}, from {} to {} UTC.{}{}", pattern_of_all(incident),
                       format_duration_rounded(std::max(Micros{0}, end - incident.onset)), format_clock(incident.onset),
                       format_clock(end), flapping(incident), as_slow_as_before(incident));
  }
  return what_fails(incident, scope, surroundings.online) + pattern_in_words(incident, surroundings) +
         flapping(incident) + what_works(incident, scope, surroundings) + own_network(surroundings);
}

std::string evidence_line(const detect::ComponentFinding& finding) {
  return component_name(finding.component) + ": " + counted(finding);
}

std::string joined_line(const detect::ComponentFinding& finding) {
  const auto words = only_slow(finding) ? " is slow too: " : kJoinedWords;
  return component_name(finding.component) + std::string{words} + counted(finding);
}

std::string again_line(const detect::ComponentFinding& finding, std::string_view when) {
  return fmt::format("{} again{}. {}", only_slow(finding) ? "Slow" : "Failing", when, evidence_line(finding));
}

}  // namespace outaged::incident
