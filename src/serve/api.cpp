#include "serve/api.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <embedded/openapi.hpp>
#include <nlohmann/json.hpp>

#include "base/completion.hpp"
#include "serve/acknowledge_link.hpp"
#include "serve/board.hpp"
#include "serve/documents.hpp"
#include "serve/events.hpp"
#include "serve/gate.hpp"
#include "serve/incident_api.hpp"
#include "serve/json_forms.hpp"
#include "serve/page_api.hpp"
#include "serve/past_api.hpp"
#include "serve/user_reports.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Shared by the routes; lives on the server's thread.
class Api {
 public:
  Api(Daemon daemon, std::shared_ptr<Board> board, std::shared_ptr<Events> events)
      : daemon_(std::move(daemon)), board_(std::move(board)), events_(std::move(events)) {}

  Response status(const Request&) {
    events_->look();
    return shared(board_->status());
  }

  Response components(const Request&) {
    events_->look();
    return shared(board_->components());
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
    co_return json_answer(json_form(*result));
  }

 private:
  static Response shared(std::shared_ptr<const Document> made) {
    Response response;
    response.document = std::move(made);
    return response;
  }

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
  const auto archive = std::make_shared<Archive>(daemon.database);
  const auto of_component = past_route({}, component_status, daemon, archive);
  std::vector<Route> routes = {
      {"GET",
       {"api", "v1", "status"},
       [api, of_component](Request request) {
         return request.query.contains("component") ? of_component.answer(request) : done(api->status(request));
       }},
      get({"healthz"}, &Api::alive),
      get({"readyz"}, &Api::ready),
      get({"events"}, &Api::events),
      get({"api", "v1", "components"}, &Api::components),
      get({"api", "v1", "openapi.json"}, &Api::openapi),
      {"POST",
       {"api", "v1", "probes", "*", "run"},
       guarded(gate, [api](Request request) { return api->run_probe(request.path[3]); })},
  };
  for (auto& route : past_routes(daemon, archive)) routes.push_back(std::move(route));
  for (auto& route : incident_write_routes(daemon, gate)) routes.push_back(std::move(route));
  for (auto& route : user_report_routes(daemon, gate)) routes.push_back(std::move(route));
  for (auto& route : acknowledge_routes(daemon)) routes.push_back(std::move(route));
  for (auto& route : page_routes(daemon, board, events, archive)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace outaged::serve
