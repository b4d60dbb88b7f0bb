#include "serve/documents.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "incident/wording.hpp"
#include "serve/history.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

/// Shares and latencies are of so much of the past at least: three rounds of the slowest shipped probes.
constexpr auto kCounted = 15min;

struct Believed {
  ComponentState state = ComponentState::unknown;
  std::optional<WallTime> since;
};

/// What the store says of each component of an active probe.
struct Component {
  Believed believed;
  store::ComponentCounts counts;
  int probes = 0;
  std::int64_t user_reports = 0;  ///< within the last hour
};
using Components = std::map<ComponentId, Component>;

/// Since when each component has been as it is: what failed before is no part of its share.
std::map<ComponentId, WallTime> beginnings(const std::vector<store::ComponentStateRow>& states, store::Reader& reader) {
  std::map<ComponentId, WallTime> since;
  for (const auto& row : states) since[row.component] = row.since;
  for (const auto& incident : reader.open_incidents()) {
    for (const auto& part : incident.components) {
      const auto found = since.find(part.id);
      // It was noticed later than it began.
      if (found != since.end() && !part.recovered_at && part.state != ComponentState::unknown)
        found->second = part.onset;
    }
  }
  return since;
}

Components collect(store::Reader& reader, WallTime now) {
  Components components;
  for (const auto& probe : reader.probes()) {
    if (probe.state == store::ProbeState::active) ++components[probe.component].probes;
  }
  const auto states = reader.component_states();
  for (auto& counts : reader.component_counts(now, kCounted, beginnings(states, reader))) {
    if (const auto found = components.find(counts.component); found != components.end())
      found->second.counts = std::move(counts);
  }
  for (const auto& row : states) {
    const auto found = components.find(row.component);
    if (found != components.end()) found->second.believed = {row.state, row.since};
  }
  for (const auto& [id, reports] : reader.user_reports(now - 1h)) {
    if (const auto found = components.find(id); found != components.end()) found->second.user_reports = reports;
  }
  for (auto& [id, component] : components) {
    // Nothing conclusive was heard lately: that nothing failed is not known.
    if (component.believed.state == ComponentState::operational && !component.counts.heard)
      component.believed.state = ComponentState::unknown;
  }
  return components;
}

Json component_form(const ComponentId& id, const Component& component) {
  const auto& counts = component.counts;
  const double share = counts.attempts == 0 ? 0.0 : static_cast<double>(counts.failures) / counts.attempts;
  Json out = {{"id", to_string(id)},
              {"platform", id.platform},
              {"function", id.function},
              {"state", to_string(component.believed.state)},
              {"probes", component.probes},
              {"window", format_duration(std::chrono::floor<std::chrono::seconds>(counts.window))},
              {"attempts", counts.attempts},
              {"failures", counts.failures},
              {"inconclusive", counts.inconclusive},
              {"user_reports", component.user_reports},
              {"failure_share", share},
              {"latency_ms", Json::object()}};
  if (component.believed.since) out["since"] = format_time(*component.believed.since);
  if (counts.p50) out["latency_ms"]["p50"] = milliseconds(*counts.p50);
  if (counts.p95) out["latency_ms"]["p95"] = milliseconds(*counts.p95);
  if (counts.last_result_at) out["last_result_at"] = format_time(*counts.last_result_at);
  if (counts.last_failure && counts.last_failure_at) {
    out["last_failure"] = json_form(*counts.last_failure);
    out["last_failure"]["at"] = format_time(*counts.last_failure_at);
  }
  return out;
}

/// Our own network: the detector's verdict, and how the control probes ended last.
Json site_form(store::Reader& reader, const View& view) {
  int controls = 0;
  int failing = 0;
  for (const auto& result : reader.latest_results()) {
    if (result.component.platform != kControlPlatform) continue;
    ++controls;
    if (result.result_class != ResultClass::success) ++failing;
  }
  Json out = {{"name", view.site.empty() ? reader.meta("site").value_or("this machine") : view.site},
              {"network", "unknown"},
              {"controls", controls},
              {"controls_failing", failing}};
  if (const auto site = reader.site()) {
    out["network"] = site->online ? "online" : "offline";
    out["since"] = format_time(site->since);
  }
  return out;
}

Json daemon_form(store::Reader& reader, const View& view, const Components& components) {
  Json out = {{"running", view.daemon_running}, {"version", view.version}};
  if (const auto started = reader.meta("started_at")) out["started_at"] = *started;
  if (const auto alive = reader.meta("alive_at")) out["alive_at"] = *alive;
  std::optional<WallTime> last;
  for (const auto& [id, component] : components) {
    const auto at = component.counts.last_result_at;
    if (at && (!last || *at > *last)) last = at;
  }
  if (!last) {
    for (const auto& result : reader.latest_results()) last = std::max(last.value_or(result.at), result.at);
  }
  if (last) out["last_result_at"] = format_time(*last);
  if (view.vitals) out["missed_beats"] = view.vitals->schedule.missed_beats;
  return out;
}

/// What the daemon wrote last of its budgets (src/outaged/daemon.cpp).
Json budgets_form(store::Reader& reader) {
  const auto said = Json::parse(reader.meta("budgets").value_or(""), nullptr, false);
  if (said.is_object() && said.contains("owners") && said.contains("left_alone")) return said;
  return {{"owners", Json::array()}, {"left_alone", Json::object()}};
}

/// " The budget of facebook and whatsapp is used up until 14:02 UTC."; empty when none is.
std::string budgets_used_up(store::Reader& reader, WallTime now) {
  std::vector<std::string> owners;
  std::optional<WallTime> last;
  const Json budgets = budgets_form(reader);
  for (const auto& owner : budgets["owners"]) {
    const auto until = parse_time(owner.value("used_up_until", ""));
    if (!until || *until <= now) continue;
    owners.push_back(owner.value("owner", ""));
    last = std::max(last.value_or(*until), *until);
  }
  if (owners.empty()) return {};
  return fmt::format(" The budget of {} is used up until {} UTC.", incident::join_names(owners), format_clock(*last));
}

struct Knowledge {
  std::ptrdiff_t watched = 0;
  std::ptrdiff_t unknown = 0;
  /// What works where hardly anything is known is no news of the whole.
  [[nodiscard]] bool too_little() const { return 2 * unknown > watched; }
};

Knowledge knowledge_of(const Components& components) {
  Knowledge out;
  for (const auto& [id, component] : components) {
    if (!is_of_users(id.platform)) continue;
    ++out.watched;
    if (component.believed.state == ComponentState::unknown) ++out.unknown;
  }
  return out;
}

std::string indicator_of(const Components& components, const Json& site) {
  bool degraded = false;
  bool outage = false;
  for (const auto& [id, component] : components) {
    if (!is_of_users(id.platform)) continue;
    const auto state = component.believed.state;
    degraded = degraded || state == ComponentState::degraded_performance;
    outage = outage || state == ComponentState::partial_outage || state == ComponentState::major_outage;
  }
  if (outage) return "outage";
  const auto knowledge = knowledge_of(components);
  if (site["network"] == "offline" || knowledge.unknown == knowledge.watched) return "unknown";
  if (degraded) return "degraded";
  return knowledge.too_little() ? "unknown" : "operational";
}

/// Empty when the database can be written.
std::string not_recorded(const View& view) {
  if (!view.vitals || view.vitals->store.trouble.empty()) return {};
  return fmt::format("The database cannot be written ({}): what is found is not recorded.", view.vitals->store.trouble);
}

/// "1 of 23 functions is"
std::string functions_are(std::ptrdiff_t count, std::ptrdiff_t all) {
  return fmt::format("{} of {} functions {}", count, all, count == 1 ? "is" : "are");
}

std::string summary_of(const std::string& indicator, const Components& components,
                       const std::vector<incident::Incident>& open, const Json& site, const std::string& used_up) {
  if (site["network"] == "offline") return "Our own network is down; nothing can be said about the platforms.";
  if (!open.empty() && indicator != "operational") return open.front().title;
  const auto [watched, unknown] = knowledge_of(components);
  if (indicator == "unknown" && unknown < watched)
    return fmt::format("{} not known; what is known works.{}", functions_are(unknown, watched), used_up);
  if (indicator == "operational" && unknown > 0)
    return fmt::format("What is known works; {} not known.{}", functions_are(unknown, watched), used_up);
  if (indicator == "operational")
    return open.empty() ? "Everything that is probed works." : "Everything works again: " + open.front().title;
  if (indicator == "unknown") return "Nothing is known yet." + used_up;
  return indicator == "outage" ? "Something fails." : "Something is slower than usual.";
}

bool concerns(const incident::Incident& incident, const std::optional<ComponentId>& component) {
  return !component || std::ranges::any_of(incident.components, [&](const auto& c) { return c.id == *component; });
}

/// What vendors' status pages say, trouble first.
Json vendors_form(store::Reader& reader, const std::optional<ComponentId>& component) {
  auto rows = reader.vendor_claims();
  std::ranges::stable_partition(rows, [](const store::VendorRow& row) { return is_trouble(row.claim.state); });
  Json out = Json::array();
  for (const auto& [probe, vendor, claim, read_at] : rows) {
    if (component && std::ranges::find(claim.platforms, component->platform) == claim.platforms.end()) continue;
    Json entry = {{"vendor", vendor},
                  {"probe", probe.name},
                  {"subject", claim.subject},
                  {"platforms", claim.platforms},
                  {"state", to_string(claim.state)},
                  {"words", claim.words},
                  {"read_at", format_time(read_at)}};
    if (claim.since) entry["since"] = format_time(*claim.since);
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

Json status_document(store::Reader& reader, const View& view, const std::optional<ComponentId>& component) {
  auto components = collect(reader, view.now);
  const Json site = site_form(reader, view);
  const Json daemon = daemon_form(reader, view, components);
  if (component) std::erase_if(components, [&](const auto& entry) { return entry.first != *component; });
  auto open = reader.open_incidents();
  std::erase_if(open, [&](const incident::Incident& incident) { return !concerns(incident, component); });

  auto indicator = indicator_of(components, site);
  auto summary = summary_of(indicator, components, open, site, budgets_used_up(reader, view.now));
  if (const auto trouble = not_recorded(view); !trouble.empty()) {
    // What is shown then is what was known before.
    summary = indicator == "outage" ? fmt::format("{}. {}", summary, trouble) : trouble;
    if (indicator != "outage") indicator = "unknown";
  }
  Json out = {{"at", format_time(view.now)},
              {"indicator", indicator},
              {"summary", summary},
              {"site", site},
              {"daemon", daemon},
              {"components", Json::array()},
              {"incidents", Json::array()},
              {"problems", Json::array()},
              {"vendors", vendors_form(reader, component)}};
  for (const auto& [id, entry] : components) {
    if (is_of_users(id.platform)) out["components"].push_back(component_form(id, entry));
  }
  for (const auto& incident : open) out["incidents"].push_back(json_form(incident, view.now));
  for (const auto& problem : reader.open_problems()) {
    if (component && problem.component != *component) continue;
    out["problems"].push_back({{"probe", problem.probe.name},
                               {"component", to_string(problem.component)},
                               {"kind", to_string(problem.kind)},
                               {"since", format_time(problem.since)},
                               {"detail", problem.detail}});
  }
  return out;
}

Json components_document(store::Reader& reader, const View& view) {
  constexpr int kDays = 90;
  const auto components = collect(reader, view.now);
  std::map<ComponentId, Buckets> recent;
  for (const auto& [id, entry] : components) recent.emplace(id, Buckets::last_hour(view.now));
  reader.each_result_since(view.now - 1h, [&recent](const Result& result) {
    if (const auto found = recent.find(result.component); found != recent.end()) found->second.add(result);
  });
  std::map<ComponentId, std::vector<store::ComponentInterval>> intervals;
  for (auto& interval : reader.component_intervals(view.now - 24h * kDays))
    intervals[interval.component].push_back(std::move(interval));
  Json out = Json::array();
  for (const auto& [id, entry] : components) {
    if (!is_of_users(id.platform)) continue;
    auto form = component_form(id, entry);
    form["recent"] = recent.at(id).short_form();
    form["days"] = days_form(intervals[id], view.now, kDays);
    out.push_back(std::move(form));
  }
  return {{"at", format_time(view.now)}, {"components", std::move(out)}};
}

bool is_watched(store::Reader& reader, const ComponentId& component) {
  const auto probes = reader.probes();
  return std::ranges::find(probes, component, &store::ProbeRow::component) != probes.end();
}

Json history_document(store::Reader& reader, const View& view, const ComponentId& component, Micros window,
                      std::optional<Micros> step) {
  constexpr std::int64_t kBuckets = 120;
  constexpr std::int64_t kMostBuckets = 2000;
  // A round number of seconds, so that buckets of neighbouring requests agree.
  auto length = step.value_or(std::max<Micros>(10s, std::chrono::round<std::chrono::seconds>(window / kBuckets)));
  if (window / length > kMostBuckets) length = window / kMostBuckets;
  const auto since_epoch = (view.now - window).time_since_epoch();
  const WallTime from{since_epoch - since_epoch % length};
  Buckets buckets(from, view.now, length);
  reader.each_result_of(component, from, view.now, [&buckets](const Result& result) { buckets.add(result); });
  return {{"at", format_time(view.now)},
          {"component", to_string(component)},
          {"from", format_time(from)},
          {"step_s", std::chrono::duration<double>(length).count()},
          {"buckets", buckets.form()}};
}

Json uptime_document(store::Reader& reader, const View& view, Micros window) {
  std::map<ComponentId, std::vector<store::ComponentInterval>> intervals;
  for (auto& interval : reader.component_intervals(view.now - window))
    intervals[interval.component].push_back(std::move(interval));
  Json out = Json::array();
  for (const auto& [id, of] : intervals) {
    if (!is_of_users(id.platform)) continue;
    const auto sum = availability(of, view.now - window, view.now);
    Json entry = {{"id", to_string(id)},
                  {"known_s", std::round(sum.known)},
                  {"down_s", std::round(sum.down)},
                  {"degraded_s", std::round(sum.degraded)},
                  {"uptime", nullptr}};
    if (sum.known > 0) entry["uptime"] = 1.0 - sum.down / sum.known;
    out.push_back(std::move(entry));
  }
  return {{"at", format_time(view.now)}, {"window", format_duration(window)}, {"components", std::move(out)}};
}

Json results_document(store::Reader& reader, const store::ResultFilter& filter, const store::ResultCursor& before,
                      int limit) {
  const auto page = reader.results_page(filter, before, limit);
  Json out = Json::array();
  for (const auto& result : page.results) out.push_back(json_form(result));
  Json document = {{"results", std::move(out)}};
  if (page.next) document["next"] = format_time(page.next->at) + "/" + page.next->probe.value_or(ProbeId{}).name;
  return document;
}

std::optional<store::ResultCursor> parse_cursor(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto at = parse_time(text.substr(0, slash));
  const auto probe = parse_probe_id(text.substr(slash + 1));
  if (!at || !probe) return std::nullopt;
  return store::ResultCursor{*at, *probe};
}

Json notifications_document(store::Reader& reader, std::int64_t before, int limit) {
  const auto page = reader.outbox_page(before, limit);
  Json out = Json::array();
  for (const auto& entry : page) {
    Json form = {{"id", entry.id},
                 {"reference", entry.reference},
                 {"channel", entry.channel},
                 {"kind", entry.kind},
                 {"state", entry.state},
                 {"attempts", entry.attempts},
                 {"created", format_time(entry.created)},
                 {"not_before", format_time(entry.not_before)},
                 {"expires", format_time(entry.expires)},
                 {"detail", entry.detail}};
    if (entry.incident.number > 0) form["incident"] = entry.incident.number;
    out.push_back(std::move(form));
  }
  Json problems = Json::array();
  for (const auto& problem : reader.open_channel_problems())
    problems.push_back({{"channel", problem.channel}, {"since", format_time(problem.at)}, {"detail", problem.detail}});
  Json document = {{"notifications", std::move(out)}, {"channel_problems", std::move(problems)}};
  if (page.size() == static_cast<std::size_t>(limit)) document["next"] = std::to_string(page.back().id);
  return document;
}

Json site_document(store::Reader& reader, const View& view) {
  return site_form(reader, view);
}

Json incidents_document(store::Reader& reader, const View& view, const IncidentQuery& query) {
  std::vector<incident::Incident> found;
  if (query.open_only) {
    found = reader.open_incidents();
    std::ranges::reverse(found);
  } else {
    found = reader.incidents_page(query.since, query.before, query.limit);
  }
  Json out = Json::array();
  for (const auto& incident : found) out.push_back(json_form(incident, view.now));
  Json document = {{"at", format_time(view.now)}, {"incidents", std::move(out)}};
  if (!query.open_only && found.size() == static_cast<std::size_t>(query.limit))
    document["next"] = std::to_string(found.back().id.number);
  return document;
}

Json probes_document(store::Reader& reader) {
  std::map<ProbeId, Result> last;
  for (auto& result : reader.latest_results()) last.emplace(result.probe, std::move(result));
  const Json budgets = budgets_form(reader);
  std::map<std::string, Json> used_up;
  for (const auto& owner : budgets["owners"]) {
    if (owner.contains("used_up_until")) used_up[owner.value("owner", "")] = owner["used_up_until"];
  }
  Json out = Json::array();
  for (const auto& probe : reader.probes()) {
    if (probe.state == store::ProbeState::gone) continue;
    const bool active = probe.state == store::ProbeState::active;
    Json entry = {{"id", probe.id.name},
                  {"component", to_string(probe.component)},
                  {"title", probe.title},
                  {"tier", to_string(probe.tier)},
                  {"interval", format_duration(probe.interval)},
                  {"state", to_string(probe.state)}};
    if (const auto until = budgets["left_alone"].find(probe.id.name); until != budgets["left_alone"].end())
      entry["left_alone_until"] = *until;
    if (const auto why = budgets.find("why"); why != budgets.end() && why->contains(probe.id.name))
      entry.update(why->at(probe.id.name));
    if (const auto until = used_up.find(probe.component.platform); until != used_up.end() && active)
      entry["budget_used_up_until"] = until->second;
    if (const auto found = last.find(probe.id); found != last.end()) {
      entry["last"] = json_form(found->second);
      entry["last"].erase("steps");
    }
    out.push_back(std::move(entry));
  }
  Json document = {{"probes", std::move(out)}, {"budgets", budgets["owners"]}};
  if (budgets.contains("at")) document["budgets_at"] = budgets["at"];
  return document;
}

}  // namespace outaged::serve
