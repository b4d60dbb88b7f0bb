#include "serve/board.hpp"

#include <algorithm>
#include <map>

#include "base/json/write.hpp"
#include "base/log.hpp"
#include "base/units.hpp"
#include "serve/json_forms.hpp"
#include "serve/metrics.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kJson = "application/json";
/// Never more often, and never more than a tenth of the time.
constexpr Micros kShortest = 500ms;
constexpr int kShareOfTime = 10;
/// Ages and durations go on even while nothing is written.
constexpr Micros kLongest = 10s;
constexpr Micros kRecentDays = 24h * 90;
constexpr int kMostRecent = 50;
constexpr std::size_t kNewestResults = 200;
/// A run is stored when it ends. Its probe's timeout is ten minutes at most (src/probe/definition_shape.cpp), and
/// results wait a moment for the disk.
constexpr Micros kLongestRun = 11min;
/// More than a thousand probes make in that time.
constexpr int kMostLookedAt = 15'000;

std::map<std::string, const Json*> by_id(const Json& list) {
  std::map<std::string, const Json*> out;
  for (const auto& entry : list)
    out.emplace(entry["id"].is_string() ? entry["id"].get<std::string>() : json::written(entry["id"]), &entry);
  return out;
}

Json without_steps(const Result& result) {
  Json form = json_form(result);
  form.erase("steps");
  return form;
}

}  // namespace

store::Reader& Board::reader() {
  auto& reader = reader_.get();
  reader.limit_work();
  return reader;
}

std::vector<Event> Board::refresh() {
  const auto now = sources_.clock();
  const auto age = now - made_at_;
  if (status_ && age < std::max(kShortest, cost_ * kShareOfTime)) return {};
  const auto change = reader().change_count();
  if (status_ && change == change_ && age < kLongest) return {};
  change_ = change;
  const Json before = status_json_;
  make();
  made_at_ = sources_.clock();
  std::vector<Event> events;
  const auto results = take_new_results();
  // What is made first has nothing before it that it could differ from.
  if (!before.is_null()) {
    compare(before, events);
    for (const auto& result : results) events.push_back({"result", without_steps(result)});
    events.push_back({"changed", {{"at", status_json_["at"]}, {"indicator", status_json_["indicator"]}}});
  }
  cost_ = sources_.clock() - now;
  return events;
}

void Board::make() {
  const View view = sources_.view();
  recent_incidents_ = nullptr;
  status_json_ = status_document(reader(), view);
  components_json_ = components_document(reader(), view);
  status_ = make_document(kJson, json::written(status_json_));
  components_ = make_document(kJson, json::written(components_json_));
  metrics_.reset();
}

void Board::compare(const Json& before, std::vector<Event>& events) {
  const auto old_components = by_id(before["components"]);
  for (const auto& component : status_json_["components"]) {
    const auto old = old_components.find(component["id"].get<std::string>());
    const Json from = old == old_components.end() ? Json() : (*old->second)["state"];
    if (from == component["state"]) continue;
    events.push_back({"component",
                      {{"id", component["id"]},
                       {"from", from},
                       {"to", component["state"]},
                       {"failure_share", component["failure_share"]},
                       {"at", status_json_["at"]}}});
  }
  const auto old_incidents = by_id(before["incidents"]);
  for (const auto& incident : status_json_["incidents"]) {
    const auto old = old_incidents.find(json::written(incident["id"]));
    if (old == old_incidents.end() || (*old->second)["timeline"] != incident["timeline"])
      events.push_back({"incident", incident});
  }
  const auto open = by_id(status_json_["incidents"]);
  for (const auto& [id, incident] : old_incidents) {
    if (open.contains(id)) continue;
    const auto ended = reader().incident(IncidentId{(*incident)["id"].get<std::int64_t>()});
    if (ended) events.push_back({"incident", json_form(*ended, sources_.view().now)});
  }
  if (before["site"]["network"] != status_json_["site"]["network"]) events.push_back({"site", status_json_["site"]});
}

/// The newest runs that were not there at the last look. Only the last while is asked for, however long nobody has
/// looked; and the board goes on without them.
std::vector<Result> Board::take_new_results() {
  try {
    std::set<std::pair<WallTime, ProbeId>> told;
    std::vector<Result> fresh;
    reader().each_latest_since(sources_.view().now - kLongestRun, kMostLookedAt, [&](const Result& result) {
      told.emplace(result.at, result.probe);
      if (fresh.size() < kNewestResults && !told_.contains({result.at, result.probe})) fresh.push_back(result);
    });
    told_ = std::move(told);
    std::ranges::reverse(fresh);
    return fresh;
  } catch (const std::exception& error) {
    log::error("new results not told", {{"reason", error.what()}});
    return {};
  }
}

void Board::ensure_made() {
  if (!status_) static_cast<void>(refresh());
}

std::shared_ptr<const Document> Board::status() {
  ensure_made();
  return status_;
}

std::shared_ptr<const Document> Board::components() {
  ensure_made();
  return components_;
}

std::shared_ptr<const Document> Board::metrics() {
  ensure_made();
  if (!metrics_) metrics_ = make_document(kMetricsType, metrics_text(reader(), status_json_, sources_.view()));
  return metrics_;
}

const Json& Board::status_json() {
  ensure_made();
  return status_json_;
}

const Json& Board::recent_incidents() {
  ensure_made();
  if (recent_incidents_.is_null()) {
    const View view = sources_.view();
    const IncidentQuery query{.since = view.now - kRecentDays, .limit = kMostRecent};
    recent_incidents_ = incidents_document(reader(), view, query);
  }
  return recent_incidents_;
}

const Json& Board::components_json() {
  ensure_made();
  return components_json_;
}

}  // namespace outaged::serve
