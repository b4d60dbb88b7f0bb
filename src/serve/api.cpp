#include "serve/api.hpp"

#include <algorithm>
#include <limits>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <embedded/openapi.hpp>
#include <nlohmann/json.hpp>

#include "base/completion.hpp"
#include "base/number.hpp"
#include "serve/acknowledge_link.hpp"
#include "serve/board.hpp"
#include "serve/documents.hpp"
#include "serve/events.hpp"
#include "serve/gate.hpp"
#include "serve/incident_api.hpp"
#include "serve/incident_report.hpp"
#include "serve/json_forms.hpp"
#include "serve/page_api.hpp"
#include "serve/query.hpp"
#include "serve/user_reports.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr Micros kLongestWindow = 24h * 400;
constexpr int kMostIncidents = 500;
constexpr int kMostResults = 1000;
constexpr int kPage = 100;

/// Shared by the routes; lives on the server's thread.
class Api {
 public:
  Api(Daemon daemon, std::shared_ptr<Board> board, std::shared_ptr<Events> events)
      : daemon_(std::move(daemon)), board_(std::move(board)), events_(std::move(events)) {}

  Response status(const Request& request) {
    const auto named = parameter(request, "component");
    if (!named) {
      events_->look();
      return shared(board_->status());
    }
    const auto component = parse_component(*named);
    if (!component) return problem(400, "Not a component", "A component is platform/function.");
    if (!is_watched(*component)) return no_component(*component);
    return document(status_document(board_->reader(), view(), component));
  }

  Response components(const Request&) {
    events_->look();
    return shared(board_->components());
  }

  Response history(const Request& request) {
    const ComponentId component{request.path[3], request.path[4]};
    const auto window = duration_parameter(request, "since", 24h, 1min, kLongestWindow);
    if (!window) return window.error();
    const auto step = duration_parameter(request, "step", 0s, 1s, kLongestWindow);
    if (!step) return step.error();
    const auto wanted = *step == Micros{0} ? std::nullopt : std::optional{*step};
    const auto found = history_document(board_->reader(), view(), component, *window, wanted);
    if (!found) return no_component(component);
    return document(*found);
  }

  Response incidents(const Request& request) {
    IncidentQuery query;
    query.open_only = request.query.contains("open");
    const auto since = time_parameter(request, "since", daemon_.now(), WallTime{});
    if (!since) return since.error();
    const auto limit = limit_parameter(request, kMostIncidents, kMostIncidents);
    if (!limit) return limit.error();
    if (const auto cursor = parameter(request, "before")) {
      const auto before = parse_incident_id(*cursor);
      if (!before) return problem(400, "Not a cursor", "\"before\" is the \"next\" of the page before.");
      query.before = *before;
    }
    query.since = *since;
    query.limit = *limit;
    return document(incidents_document(board_->reader(), view(), query));
  }

  Response incident(const Request& request) {
    const auto found = find(request);
    if (!found) return no_incident(request);
    return document(json_form(*found, daemon_.now()));
  }

  Response report(const Request& request) {
    const auto found = find(request);
    if (!found) return no_incident(request);
    return {200, "text/markdown; charset=utf-8", incident_report(json_form(*found, daemon_.now()))};
  }

  Response probes(const Request&) { return document(probes_document(board_->reader())); }

  Response results(const Request& request) {
    store::ResultFilter filter;
    if (const auto name = parameter(request, "probe")) {
      filter.probe = parse_probe_id(*name);
      if (!filter.probe) return problem(400, "Not a probe", "\"probe\" is the id of a probe.");
    }
    if (const auto name = parameter(request, "component")) {
      filter.component = parse_component(*name);
      if (!filter.component) return problem(400, "Not a component", "A component is platform/function.");
      if (!is_watched(*filter.component)) return no_component(*filter.component);
    }
    if (const auto name = parameter(request, "class")) {
      filter.result_class = parse_enum<ResultClass>(*name);
      if (!filter.result_class)
        return problem(400, "Not a class", "success, platform_failure, blocked, our_fault or our_network.");
    }
    const auto before = results_before(request);
    if (!before) return before.error();
    const auto limit = limit_parameter(request, kPage, kMostResults);
    if (!limit) return limit.error();
    return document(results_document(board_->reader(), filter, *before, *limit));
  }

  Response uptime(const Request& request) {
    const auto window = duration_parameter(request, "window", 24h * 30, 1min, kLongestWindow);
    if (!window) return window.error();
    return document(uptime_document(board_->reader(), view(), *window));
  }

  Response site(const Request&) { return document(site_document(board_->reader(), view())); }

  Response notifications(const Request& request) {
    const auto limit = limit_parameter(request, kPage, kMostResults);
    if (!limit) return limit.error();
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    if (const auto cursor = parameter(request, "before")) {
      const auto number = parse_number<std::int64_t>(*cursor);
      if (!number || *number < 1) return problem(400, "Not a cursor", "\"before\" is the \"next\" of the page before.");
      before = *number;
    }
    return document(notifications_document(board_->reader(), before, *limit));
  }

  Response events(const Request& request) {
    const auto last = request.headers.find("last-event-id");
    // Without listeners nobody has looked for a while: what happened is no news to a new one, but to one that comes
    // back.
    if (events_->clients() == 0) events_->look();
    Response response;
    response.stream = events_->subscribe(last == request.headers.end() ? std::string{} : last->second);
    if (!response.stream) return problem(503, "Too many listeners", "Ask /api/v1/status from time to time instead.");
    response.content_type = "text/event-stream";
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    return response;
  }

  Response openapi(const Request&) {
    return {200, "application/json", std::string{embedded::openapi::files().front().content}};
  }

  Response alive(const Request&) { return {200, "text/plain", "ok\n"}; }

  Response ready(const Request&) {
    const auto trouble = trouble_of(daemon_.vitals(), board_->reader(), daemon_.now());
    if (!trouble.empty()) return problem(503, "Not healthy", trouble);
    return {200, "text/plain", "ok\n"};
  }

  asio::awaitable<Response> run_probe(std::string name) {
    // The lambda is no coroutine. NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
    const auto initiate = [this, name](auto handler) {
      auto completion = std::make_shared<Completion<std::optional<Result>>>(std::move(handler));
      daemon_.run_probe(ProbeId{name},
                        [completion](std::optional<Result> result) { (*completion)(std::move(result)); });
    };
    const auto& token = asio::use_awaitable;
    const auto result =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::optional<Result>)>(initiate, token);
    if (!result) co_return problem(404, "Not run", "There is no active probe " + name + ", or it gave no result.");
    co_return document(json_form(*result));
  }

 private:
  static Response document(const Json& body) { return {200, "application/json", dump(body)}; }
  static Response shared(std::shared_ptr<const Document> made) {
    Response response;
    response.document = std::move(made);
    return response;
  }
  static Response no_component(const ComponentId& component) {
    return problem(404, "No such component", "No probe watches " + to_string(component) + ".");
  }
  static Response no_incident(const Request& request) {
    return problem(404, "No such incident", "There is no incident " + request.path[3] + ".");
  }

  /// Now or before.
  bool is_watched(const ComponentId& component) {
    const auto probes = board_->reader().probes();
    return std::ranges::find(probes, component, &store::ProbeRow::component) != probes.end();
  }

  /// The end of the page before, or a time.
  Expected<store::ResultCursor, Response> results_before(const Request& request) {
    if (const auto cursor = parse_cursor(parameter(request, "before").value_or(""))) return *cursor;
    const auto time = time_parameter(request, "before", daemon_.now(), daemon_.now() + 24h);
    if (!time) return Unexpected{time.error()};
    return store::ResultCursor{*time};
  }

  std::optional<incident::Incident> find(const Request& request) {
    const auto id = parse_incident_id(request.path[3]);
    return id ? board_->reader().incident(*id) : std::nullopt;
  }

  View view() { return view_of(daemon_); }

  Daemon daemon_;
  std::shared_ptr<Board> board_;
  std::shared_ptr<Events> events_;
};

}  // namespace

View view_of(const Daemon& daemon) {
  return {daemon.now(), true, daemon.version, daemon.site, daemon.vitals()};
}

std::vector<Route> api_routes(const Daemon& daemon, const asio::any_io_executor& executor,
                              const std::shared_ptr<Gate>& gate) {
  const auto board = std::make_shared<Board>(
      Board::Sources{.database = daemon.database, .view = [daemon] { return view_of(daemon); }, .clock = daemon.clock});
  const auto events = std::make_shared<Events>(executor, board);
  events->start();
  const auto api = std::make_shared<Api>(daemon, board, events);
  using Member = Response (Api::*)(const Request&);
  const auto get = [&api](std::vector<std::string> pattern, Member member) {
    return Route{"GET", std::move(pattern), [api, member](Request request) { return done((*api.*member)(request)); }};
  };
  std::vector<Route> routes = {
      get({"api", "v1", "status"}, &Api::status),
      get({"healthz"}, &Api::alive),
      get({"readyz"}, &Api::ready),
      get({"events"}, &Api::events),
      get({"api", "v1", "components"}, &Api::components),
      get({"api", "v1", "components", "*", "*", "history"}, &Api::history),
      get({"api", "v1", "incidents"}, &Api::incidents),
      get({"api", "v1", "incidents", "*"}, &Api::incident),
      get({"api", "v1", "incidents", "*", "report"}, &Api::report),
      get({"api", "v1", "probes"}, &Api::probes),
      get({"api", "v1", "results"}, &Api::results),
      get({"api", "v1", "uptime"}, &Api::uptime),
      get({"api", "v1", "site"}, &Api::site),
      get({"api", "v1", "notifications"}, &Api::notifications),
      get({"api", "v1", "openapi.json"}, &Api::openapi),
      {"POST",
       {"api", "v1", "probes", "*", "run"},
       guarded(gate, [api](Request request) { return api->run_probe(request.path[3]); })},
  };
  for (auto& route : incident_write_routes(daemon, gate)) routes.push_back(std::move(route));
  for (auto& route : user_report_routes(daemon, gate)) routes.push_back(std::move(route));
  for (auto& route : acknowledge_routes(daemon)) routes.push_back(std::move(route));
  for (auto& route : page_routes(daemon, board, events)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace outaged::serve
