#include "serve/api.hpp"

#include <charconv>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "base/completion.hpp"
#include "base/units.hpp"
#include "serve/documents.hpp"
#include "serve/json_forms.hpp"
#include "serve/status_text.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

/// Shared by the routes; lives on the server's thread.
class Api {
 public:
  explicit Api(Daemon daemon) : daemon_(std::move(daemon)) {}

  Response status(const Request& request) {
    std::optional<ComponentId> component;
    if (const auto named = request.query.find("component"); named != request.query.end()) {
      component = parse_component(named->second);
      if (!component) return problem(400, "Not a component", "A component is platform/function.");
    }
    return document(status_document(reader(), view(), component));
  }

  Response front_page() {
    return {200, "text/plain; charset=utf-8", render_status(status_document(reader(), view()), {})};
  }

  Response incidents(const Request& request) {
    std::optional<WallTime> since;
    if (const auto given = request.query.find("since"); given != request.query.end()) {
      if (const auto age = parse_duration(given->second)) {
        since = daemon_.now() - *age;
      } else {
        since = parse_time(given->second);
        if (!since) return problem(400, "Not a time", "\"since\" is a duration such as 30d, or a time.");
      }
    }
    return document(incidents_document(reader(), view(), since, request.query.contains("open")));
  }

  Response incident(const Request& request) {
    const std::string& text = request.path.back();
    IncidentId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.number);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    const auto found = number ? reader().incident(id) : std::nullopt;
    if (!found) return problem(404, "No such incident", "There is no incident " + text + ".");
    return document(json_form(*found, daemon_.now()));
  }

  Response probes() { return document(probes_document(reader())); }

  Response health() {
    const auto trouble = daemon_.trouble();
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
  static Response document(const json& body) { return {200, "application/json", dump(body)}; }

  View view() { return {daemon_.now(), true, daemon_.version, daemon_.site}; }

  /// Opened at the first request, which comes after the writer has made the database.
  store::Reader& reader() {
    if (!reader_) {
      auto opened = store::Reader::open(daemon_.database);
      if (!opened) throw std::runtime_error(opened.error());
      reader_.emplace(std::move(*opened));
    }
    return *reader_;
  }

  Daemon daemon_;
  std::optional<store::Reader> reader_;
};

asio::awaitable<Response> done(Response response) {
  co_return response;
}

}  // namespace

std::vector<Route> api_routes(const Daemon& daemon) {
  const auto api = std::make_shared<Api>(daemon);
  return {
      {"GET", {}, [api](Request) { return done(api->front_page()); }},
      {"GET",
       {"healthz"},
       [](Request) {
         return done({200, "text/plain", "ok\n"});
       }},
      {"GET", {"readyz"}, [api](Request) { return done(api->health()); }},
      {"GET", {"api", "v1", "status"}, [api](Request request) { return done(api->status(request)); }},
      {"GET", {"api", "v1", "incidents"}, [api](Request request) { return done(api->incidents(request)); }},
      {"GET", {"api", "v1", "incidents", "*"}, [api](Request request) { return done(api->incident(request)); }},
      {"GET", {"api", "v1", "probes"}, [api](Request) { return done(api->probes()); }},
      {"POST",
       {"api", "v1", "probes", "*", "run"},
       [api](Request request) {
         if (!request.privileged)
           return done(problem(403, "Not allowed", "Only over the Unix socket, as the user that runs the daemon."));
         return api->run_probe(request.path[3]);
       }},
  };
}

}  // namespace outaged::serve
