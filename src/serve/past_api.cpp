#include "serve/past_api.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "base/number.hpp"
#include "serve/incident_api.hpp"
#include "serve/incident_report.hpp"
#include "serve/json_forms.hpp"
#include "serve/query.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr Micros kLongestWindow = 24h * 400;
constexpr int kMostIncidents = 500;
constexpr int kMostResults = 1000;
constexpr int kPage = 100;

Response no_cursor() {
  return problem(400, "Not a cursor", "\"before\" is the \"next\" of the page before.");
}

/// The component that the request names, if a probe watches it; nothing when it names none.
Expected<std::optional<ComponentId>, Response> component_parameter(const Request& request, store::Reader& reader) {
  const auto named = parameter(request, "component");
  if (!named) return std::optional<ComponentId>{};
  auto component = parse_component(*named);
  if (!component) return Unexpected{problem(400, "Not a component", "A component is platform/function.")};
  if (!is_watched(reader, *component)) return Unexpected{unwatched(*component)};
  return component;
}

Response history_answer(const Request& request, const View& view, store::Reader& reader) {
  const ComponentId component{request.path[3], request.path[4]};
  const auto window = duration_parameter(request, "since", 24h, 1min, kLongestWindow);
  if (!window) return window.error();
  const auto step = duration_parameter(request, "step", 0s, 1s, kLongestWindow);
  if (!step) return step.error();
  if (!is_watched(reader, component)) return unwatched(component);
  const auto wanted = *step == Micros{0} ? std::nullopt : std::optional{*step};
  return json_answer(history_document(reader, view, component, *window, wanted));
}

Response incidents_answer(const Request& request, const View& view, store::Reader& reader) {
  IncidentQuery query;
  const auto open = flag_parameter(request, "open");
  if (!open) return open.error();
  query.open_only = *open;
  const auto since = time_parameter(request, "since", view.now, WallTime{});
  if (!since) return since.error();
  const auto limit = limit_parameter(request, kMostIncidents, kMostIncidents);
  if (!limit) return limit.error();
  if (const auto cursor = parameter(request, "before")) {
    const auto before = parse_incident_id(*cursor);
    if (!before) return no_cursor();
    query.before = *before;
  }
  query.since = *since;
  query.limit = *limit;
  return json_answer(incidents_document(reader, view, query));
}

Response incident_answer(const Request& request, const View& view, store::Reader& reader) {
  const auto found = stored_incident(request.path[3], reader);
  return found ? json_answer(json_form(*found, view.now)) : unknown_incident(request.path[3]);
}

Response report_answer(const Request& request, const View& view, store::Reader& reader) {
  const auto found = stored_incident(request.path[3], reader);
  if (!found) return unknown_incident(request.path[3]);
  return {200, "text/markdown; charset=utf-8", incident_report(json_form(*found, view.now))};
}

Response probes_answer(const Request&, const View&, store::Reader& reader) {
  return json_answer(probes_document(reader));
}

/// The end of the page before, or a time.
Expected<store::ResultCursor, Response> results_before(const Request& request, WallTime now) {
  if (const auto cursor = parse_cursor(parameter(request, "before").value_or(""))) return *cursor;
  const auto time = time_parameter(request, "before", now, now + 24h);
  if (!time) return Unexpected{time.error()};
  return store::ResultCursor{*time};
}

Response results_answer(const Request& request, const View& view, store::Reader& reader) {
  store::ResultFilter filter;
  if (const auto name = parameter(request, "probe")) {
    filter.probe = parse_probe_id(*name);
    if (!filter.probe) return problem(400, "Not a probe", "\"probe\" is the id of a probe.");
  }
  const auto component = component_parameter(request, reader);
  if (!component) return component.error();
  filter.component = *component;
  if (const auto name = parameter(request, "class")) {
    filter.result_class = parse_enum<ResultClass>(*name);
    if (!filter.result_class)
      return problem(400, "Not a class", "success, platform_failure, blocked, our_fault or our_network.");
  }
  const auto before = results_before(request, view.now);
  if (!before) return before.error();
  const auto limit = limit_parameter(request, kPage, kMostResults);
  if (!limit) return limit.error();
  return json_answer(results_document(reader, filter, *before, *limit));
}

Response uptime_answer(const Request& request, const View& view, store::Reader& reader) {
  const auto window = duration_parameter(request, "window", 24h * 30, 1min, kLongestWindow);
  if (!window) return window.error();
  return json_answer(uptime_document(reader, view, *window));
}

Response site_answer(const Request&, const View& view, store::Reader& reader) {
  return json_answer(site_document(reader, view));
}

Response notifications_answer(const Request& request, const View&, store::Reader& reader) {
  const auto limit = limit_parameter(request, kPage, kMostResults);
  if (!limit) return limit.error();
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  if (const auto cursor = parameter(request, "before")) {
    const auto number = parse_number<std::int64_t>(*cursor);
    if (!number || *number < 1) return no_cursor();
    before = *number;
  }
  return json_answer(notifications_document(reader, before, *limit));
}

}  // namespace

Response json_answer(const Json& body) {
  return {200, "application/json", json::written(body)};
}

Response component_status(const Request& request, const View& view, store::Reader& reader) {
  const auto component = component_parameter(request, reader);
  return component ? json_answer(status_document(reader, view, *component)) : component.error();
}

Route past_route(std::vector<std::string> pattern, PastAnswer answer, const Daemon& daemon,
                 const std::shared_ptr<Archive>& archive) {
  return {"GET", std::move(pattern), [answer, daemon, archive](Request request) {
            auto question = [answer, request, view = view_of(daemon)](store::Reader& reader) {
              return answer(request, view, reader);
            };
            return archive->ask(std::move(request), std::move(question));
          }};
}

std::vector<Route> past_routes(const Daemon& daemon, const std::shared_ptr<Archive>& archive) {
  const auto get = [&](std::vector<std::string> pattern, PastAnswer answer) {
    return past_route(std::move(pattern), answer, daemon, archive);
  };
  return {get({"api", "v1", "components", "*", "*", "history"}, history_answer),
          get({"api", "v1", "incidents"}, incidents_answer),
          get({"api", "v1", "incidents", "*"}, incident_answer),
          get({"api", "v1", "incidents", "*", "report"}, report_answer),
          get({"api", "v1", "probes"}, probes_answer),
          get({"api", "v1", "results"}, results_answer),
          get({"api", "v1", "uptime"}, uptime_answer),
          get({"api", "v1", "site"}, site_answer),
          get({"api", "v1", "notifications"}, notifications_answer)};
}

}  // namespace outaged::serve
