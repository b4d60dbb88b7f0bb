#include "serve/acknowledge_link.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "serve/gate.hpp"
#include "serve/html.hpp"
#include "serve/incident_api.hpp"
#include "store/late_reader.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using incident::Intervention;
using incident::InterventionKind;

/// A form that may only be sent back to where it came from, and no script.
constexpr auto kFormPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr auto kSomebody = "somebody with the link";
constexpr auto kDeadEnd = "This link leads nowhere";

Response simple_page(unsigned status, const std::string& title, const std::string& content) {
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = simple_frame(title, content);
  // The address is as good as a key: it goes to nobody else.
  response.headers = {{"Content-Security-Policy", kFormPolicy}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

Response note(unsigned status, const std::string& title, const std::string& why) {
  return simple_page(status, title, fmt::format("<h1>{}</h1>\n<p>{}</p>\n", title, escape_markup(why)));
}

Response dead_end(unsigned status, const std::string& why) {
  return note(status, kDeadEnd, why);
}

std::string named(const incident::Incident& incident) {
  return fmt::format("<h1>Incident {}</h1>\n<p>{}</p>\n<p>{}</p>\n", incident.id.number, escape_markup(incident.title),
                     escape_markup(incident.diagnosis));
}

std::string signature_of(const Secret& key, std::string_view incident, std::string_view ends) {
  return hex_encode(hmac_sha256(key.reveal(), fmt::format("acknowledge.{}.{}", incident, ends)));
}

class AcknowledgeLinks {
 public:
  explicit AcknowledgeLinks(Daemon daemon) : daemon_(std::move(daemon)), reader_(daemon_.database) {}

  Response ask(const Request& request) {
    const auto found = incident_of(request);
    if (!found) return found.error();
    return simple_page(200, "Acknowledge",
                       named(*found) +
                           "<form method=\"post\"><p><label>Your name <input name=\"by\" maxlength=\"64\" "
                           "autocomplete=\"name\"></label> <button>I am on it</button></p></form>\n");
  }

  asio::awaitable<Response> take(Request request) {
    const auto found = incident_of(request);
    if (!found) co_return found.error();
    Request form;
    if (!parse_target("/?" + request.body, form)) co_return problem(400, "Not understood");
    std::string by = printable(form.query["by"], kLongestName);
    if (by.empty()) by = kSomebody;
    Intervention said;
    said.incident = found->id;
    said.kind = InterventionKind::acknowledge;
    said.by = by;
    auto outcome = co_await intervene(daemon_, std::move(said), std::nullopt);
    if (!outcome) co_return note(409, "Nothing changed", outcome.error());
    co_return simple_page(200, "Acknowledged",
                          named(*outcome) + fmt::format("<p>Acknowledged by {}.</p>\n<p><a href=\"/\">How it stands "
                                                        "now</a></p>\n",
                                                        escape_markup(by)));
  }

 private:
  Expected<incident::Incident, Response> incident_of(const Request& request) {
    const auto id =
        read_acknowledge_path(daemon_.link_key, request.path[1], request.path[2], request.path[3], daemon_.now());
    if (!id && id.error() == LinkFault::forged) return Unexpected{dead_end(403, "This link is not one of ours.")};
    if (!id) return Unexpected{dead_end(410, "This link is too old to acknowledge anything.")};
    auto found = reader_.get().incident(*id);
    if (!found) return Unexpected{dead_end(404, "There is no such incident.")};
    if (found->resolved_at) return Unexpected{note(410, "It is over", "There is nothing to acknowledge any more.")};
    const auto said = std::ranges::find(found->timeline, incident::UpdateKind::acknowledged, &incident::Update::kind);
    if (said != found->timeline.end()) return Unexpected{note(409, "Somebody is on it already", said->text)};
    return std::move(*found);
  }

  Daemon daemon_;
  store::LateReader reader_;
};

}  // namespace

std::string acknowledge_path(const Secret& key, IncidentId incident, WallTime ends) {
  const auto number = std::to_string(incident.number);
  const auto until = std::to_string(std::chrono::floor<std::chrono::seconds>(ends).time_since_epoch().count());
  return fmt::format("/acknowledge/{}/{}/{}", number, until, signature_of(key, number, until));
}

Expected<IncidentId, LinkFault> read_acknowledge_path(const Secret& key, const std::string& incident,
                                                      const std::string& ends, const std::string& signature,
                                                      WallTime now) {
  if (!same_secret(signature, signature_of(key, incident, ends))) return Unexpected{LinkFault::forged};
  const auto id = parse_incident_id(incident);
  std::int64_t seconds = 0;
  std::from_chars(ends.data(), ends.data() + ends.size(), seconds);
  if (!id) return Unexpected{LinkFault::forged};
  if (now >= WallTime{std::chrono::seconds{seconds}}) return Unexpected{LinkFault::ended};
  return *id;
}

std::vector<Route> acknowledge_routes(const Daemon& daemon) {
  if (daemon.link_key.empty()) return {};
  const auto links = std::make_shared<AcknowledgeLinks>(daemon);
  const std::vector<std::string> pattern = {"acknowledge", "*", "*", "*"};
  return {{"GET", pattern, [links](Request request) { return done(links->ask(request)); }},
          {"POST", pattern, [links](Request request) { return links->take(std::move(request)); }}};
}

}  // namespace outaged::serve
