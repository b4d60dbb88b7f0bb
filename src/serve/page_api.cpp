#include "serve/page_api.hpp"

#include <algorithm>

#include <embedded/page.hpp>
#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "serve/feed.hpp"
#include "serve/html.hpp"
#include "serve/incident_api.hpp"
#include "serve/json_forms.hpp"
#include "serve/page_texts.hpp"
#include "serve/past_api.hpp"
#include "serve/status_text.hpp"
#include "serve/statuspage.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;
using namespace std::chrono_literals;

/// The page's own files and connections, nothing else; charts set styles by script, which needs no permission.
constexpr auto kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";
constexpr Micros kPast = 24h * 90;
/// How long maintenance stays on calendars, and how far ahead they reach.
constexpr Micros kShownAfter = 24h * 30;
constexpr Micros kShownAhead = 24h * 366;

/// The texts in the language that the reader likes best.
const PageTexts& texts_for(const Request& request) {
  std::vector<std::string_view> codes;
  for (const auto* texts : page_languages()) codes.push_back(texts->language);
  return *page_languages()[preferred_language(request, codes)];
}

Response page(const PageTexts& t, std::string html, unsigned status = 200) {
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  response.headers = {{"Content-Security-Policy", kPagePolicy},
                      {"Content-Language", std::string{t.language}},
                      {"Vary", "Accept, Accept-Language"}};
  return response;
}

/// What others may show on their pages.
Response for_everybody(std::string type, std::string body) {
  Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  response.headers = {{"Access-Control-Allow-Origin", "*"}, {"Cross-Origin-Resource-Policy", "cross-origin"}};
  return response;
}

std::string type_of(std::string_view name) {
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return "image/svg+xml";
}

Response incident_view(const Request& request, const View& view, store::Reader& reader) {
  const auto& t = texts_for(request);
  const auto found = stored_incident(request.path[1], reader);
  if (!found) return page(t, missing_page(t, t.no_incident), 404);
  return page(t, incident_page(t, json_form(*found, view.now)));
}

Response probes_view(const Request& request, const View&, store::Reader& reader) {
  const auto& t = texts_for(request);
  return page(t, probes_page(t, probes_document(reader)));
}

class PageApi {
 public:
  PageApi(Daemon daemon, std::shared_ptr<Board> board, std::shared_ptr<Events> events)
      : daemon_(std::move(daemon)), board_(std::move(board)), events_(std::move(events)) {
    for (const auto& file : embedded::page::files())
      assets_.emplace(file.name, make_document(type_of(file.name), std::string{file.content}));
  }

  /// People get the page, terminals get text.
  Response front(const Request& request) {
    events_->look();
    const auto accept = request.headers.find("accept");
    if (accept == request.headers.end() || accept->second.find("text/html") == std::string::npos) {
      Response text{200, "text/plain; charset=utf-8", render_status(board_->status_json(), {})};
      text.headers = {{"Vary", "Accept"}};
      return text;
    }
    const auto now = daemon_.now();
    const auto& t = texts_for(request);
    const auto maintenance = maintenance_section(t, daemon_.maintenance(now, now + kShownAhead), now);
    return page(t, now_page(t, board_->status_json(), board_->recent_incidents(), maintenance));
  }

  Response incidents(const Request& request) {
    events_->look();
    const auto& t = texts_for(request);
    return page(t, incidents_page(t, board_->status_json(), board_->recent_incidents()));
  }

  Response component(const Request& request) {
    events_->look();
    const auto& t = texts_for(request);
    const auto wanted = request.path[1] + "/" + request.path[2];
    for (const auto& component : board_->status_json()["components"]) {
      if (component["id"] == wanted) return page(t, component_page(t, component));
    }
    return page(t, missing_page(t, t.no_component), 404);
  }

  Response asset(const Request& request) {
    const auto found = assets_.find(request.path[1]);
    if (found == assets_.end()) return problem(404, "Not found");
    Response response;
    response.document = found->second;
    return response;
  }

  Response metrics() {
    events_->look();
    Response response;
    response.document = board_->metrics();
    return response;
  }

  Response feed(const Request& request) {
    events_->look();
    return for_everybody("application/atom+xml; charset=utf-8",
                         atom_feed(board_->recent_incidents()["incidents"], daemon_.site, address(request)));
  }

  Response calendar_of() {
    const auto now = daemon_.now();
    return for_everybody(
        "text/calendar; charset=utf-8",
        calendar(daemon_.maintenance(now - kShownAfter, now + kShownAhead), daemon_.site, daemon_.public_address, now));
  }

  Response badge_of(const Request& request) {
    auto function = request.path[2];
    if (!function.ends_with(".svg")) return problem(404, "Not found", "A badge ends in .svg.");
    function.resize(function.size() - 4);
    events_->look();
    for (const auto& component : board_->status_json()["components"]) {
      if (component["platform"] == request.path[1] && component["function"] == function)
        return for_everybody("image/svg+xml", badge(request.path[1] + " " + function, component["state"]));
    }
    return problem(404, "Not found", "No probe watches this component.");
  }

  Response statuspage(const Request& request) {
    events_->look();
    std::string name;
    for (std::size_t i = 2; i < request.path.size(); ++i) name += (i > 2 ? "/" : "") + request.path[i];
    const auto now = daemon_.now();
    const auto document = statuspage_document(
        name, {.status = board_->status_json(),
               .incidents = [this] { return board_->recent_incidents()["incidents"]; },
               .maintenance = [this, now] { return daemon_.maintenance(now - kShownAfter, now + kShownAhead); },
               .intervals = [this, now] { return board_->reader().component_intervals(now - kPast); },
               .address = address(request)});
    if (!document) return problem(404, "Not found", "There is no such document in this format.");
    return for_everybody("application/json; charset=utf-8", json::written(*document));
  }

 private:
  /// Where people reach the page: as configured, else as this client did.
  [[nodiscard]] std::string address(const Request& request) const {
    if (!daemon_.public_address.empty()) return daemon_.public_address;
    const auto host = request.headers.find("host");
    return "http://" + (host == request.headers.end() ? "localhost" : host->second);
  }

  Daemon daemon_;
  std::shared_ptr<Board> board_;
  std::shared_ptr<Events> events_;
  std::map<std::string, std::shared_ptr<const Document>, std::less<>> assets_;
};

}  // namespace

std::vector<Route> page_routes(const Daemon& daemon, const std::shared_ptr<Board>& board,
                               const std::shared_ptr<Events>& events, const std::shared_ptr<Archive>& archive) {
  const auto api = std::make_shared<PageApi>(daemon, board, events);
  using Member = Response (PageApi::*)(const Request&);
  const auto get = [&api](std::vector<std::string> pattern, Member member) {
    return Route{"GET", std::move(pattern), [api, member](Request request) { return done((*api.*member)(request)); }};
  };
  using Plain = Response (PageApi::*)();
  const auto plain = [&api](std::vector<std::string> pattern, Plain member) {
    return Route{"GET", std::move(pattern), [api, member](Request) { return done((*api.*member)()); }};
  };
  return {get({}, &PageApi::front),
          get({"incidents"}, &PageApi::incidents),
          past_route({"incidents", "*"}, incident_view, daemon, archive),
          past_route({"probes"}, probes_view, daemon, archive),
          get({"components", "*", "*"}, &PageApi::component),
          get({"assets", "*"}, &PageApi::asset),
          plain({"metrics"}, &PageApi::metrics),
          get({"feed.atom"}, &PageApi::feed),
          plain({"calendar.ics"}, &PageApi::calendar_of),
          get({"badge", "*", "*"}, &PageApi::badge_of),
          get({"api", "v2", "*"}, &PageApi::statuspage),
          get({"api", "v2", "*", "*"}, &PageApi::statuspage)};
}

}  // namespace outaged::serve
