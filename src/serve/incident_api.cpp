#include "serve/incident_api.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "base/completion.hpp"
#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "base/number.hpp"
#include "serve/body.hpp"
#include "serve/json_forms.hpp"
#include "store/late_reader.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using incident::Intervention;
using incident::InterventionKind;
using Outcome = Expected<incident::Incident, std::string>;

constexpr std::size_t kLongestText = 4000;

struct Said {
  std::string text;
  std::string by;
};

const outaged::json::Shape<Said>& said_shape() {
  static const auto shape = outaged::json::object<Said>("What a person says.")
                                .field("text", &Said::text, outaged::json::text(), "In their words.")
                                .field("by", &Said::by, outaged::json::text(), "Who says it.")
                                .build();
  return shape;
}

class IncidentApi {
 public:
  explicit IncidentApi(Daemon daemon) : daemon_(std::move(daemon)), reader_(daemon_.database) {}

  asio::awaitable<Response> take(InterventionKind kind, Request request) {
    auto stored = stored_incident(request.path[3], reader_.get());
    if (!stored) co_return unknown_incident(request.path[3]);
    const auto said = request.body.empty() ? Said{} : read_body(request.body, said_shape());
    if (!said) co_return problem(400, "Not understood", said.error());
    if (said->text.size() > kLongestText) co_return problem(400, "Too long", "A text may have 4000 bytes.");
    if (said->text.empty() && incident::needs_text(kind))
      co_return problem(400, "Nothing said", "\"text\" is missing.");
    Intervention intervention;
    intervention.incident = stored->id;
    intervention.kind = kind;
    intervention.by = printable(said->by.empty() ? name_of_caller(request) : said->by, kLongestName);
    intervention.text = printable(said->text, kLongestText);
    auto resolved = stored->resolved_at ? std::move(stored) : std::nullopt;
    auto outcome = co_await intervene(daemon_, std::move(intervention), std::move(resolved));
    if (!outcome) co_return problem(409, "Not possible", outcome.error());
    co_return Response{200, "application/json", json::written(json_form(*outcome, daemon_.now()))};
  }

 private:
  Daemon daemon_;
  store::LateReader reader_;
};

}  // namespace

asio::awaitable<Outcome> intervene(Daemon daemon, Intervention said, std::optional<incident::Incident> resolved) {
  // The lambda is no coroutine. NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  const auto initiate = [daemon, said, resolved](auto handler) {
    auto completion = std::make_shared<Completion<Outcome>>(std::move(handler));
    daemon.intervene(said, resolved, [completion](Outcome outcome) { (*completion)(std::move(outcome)); });
  };
  const auto& token = asio::use_awaitable;
  auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(initiate, token);
  co_return outcome;
}

std::optional<IncidentId> parse_incident_id(const std::string& text) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number >= 1 ? std::optional{IncidentId{*number}} : std::nullopt;
}

std::optional<incident::Incident> stored_incident(const std::string& id, store::Reader& reader) {
  const auto number = parse_incident_id(id);
  return number ? reader.incident(*number) : std::nullopt;
}

Response unknown_incident(const std::string& id) {
  return problem(404, "No such incident", "There is no incident " + id + ".");
}

std::vector<Route> incident_write_routes(const Daemon& daemon, const std::shared_ptr<Gate>& gate) {
  const auto api = std::make_shared<IncidentApi>(daemon);
  std::vector<Route> routes;
  for (const auto name : enum_names<InterventionKind>()) {
    const auto kind = *parse_enum<InterventionKind>(name);
    routes.push_back({"POST",
                      {"api", "v1", "incidents", "*", std::string{name}},
                      guarded(gate, [api, kind](Request request) { return api->take(kind, std::move(request)); })});
  }
  return routes;
}

}  // namespace outaged::serve
