#pragma once
// The documents of the API, made from the database. The daemon serves them; outagectl makes the same ones itself when
// no daemon runs. docs/cli.md describes their fields.
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "serve/vitals.hpp"
#include "store/reader.hpp"

namespace outaged::serve {

struct View {
  WallTime now;
  bool daemon_running = true;
  std::string version;
  std::string site;                             ///< "" takes what the database says
  std::optional<Vitals> vitals = std::nullopt;  ///< of the daemon that shows it
};

/// Everything at a glance; only `component`, when given.
nlohmann::json status_document(store::Reader& reader, const View& view,
                               const std::optional<ComponentId>& component = std::nullopt);

/// Which incidents.
struct IncidentQuery {
  WallTime since{};  ///< open at some time since then
  bool open_only = false;
  IncidentId before{std::numeric_limits<std::int64_t>::max()};  ///< only those with a lower number
  int limit = 500;
};
/// Newest first. "next", when there may be more, is the `before` of the next page.
nlohmann::json incidents_document(store::Reader& reader, const View& view, const IncidentQuery& query);

/// The components as in the status, each with its last hour and its last ninety days.
nlohmann::json components_document(store::Reader& reader, const View& view);

/// Whether a probe was ever there for the component.
bool is_watched(store::Reader& reader, const ComponentId& component);

/// A component's results over `window`, in buckets of `step` (nothing: about 120 of them).
nlohmann::json history_document(store::Reader& reader, const View& view, const ComponentId& component, Micros window,
                                std::optional<Micros> step);

/// How much of the time each component had no outage.
nlohmann::json uptime_document(store::Reader& reader, const View& view, Micros window);

/// Newest first; "next", when there may be more, is the `before` of the next page (parse_cursor()).
nlohmann::json results_document(store::Reader& reader, const store::ResultFilter& filter,
                                const store::ResultCursor& before, int limit);
/// Nothing when it is no "next" of a page of results.
std::optional<store::ResultCursor> parse_cursor(std::string_view text);

/// Messages whose number is below `before` and what became of them, newest first; never their text or where they go.
/// "next", when there may be more, is the `before` of the next page.
nlohmann::json notifications_document(store::Reader& reader, std::int64_t before, int limit);

nlohmann::json site_document(store::Reader& reader, const View& view);

/// All probes of the catalog with what each last found, and what was asked of each owner within the last hour.
nlohmann::json probes_document(store::Reader& reader);

}  // namespace outaged::serve
