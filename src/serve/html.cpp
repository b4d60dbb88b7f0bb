#include "serve/html.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/json_forms.hpp"
#include "serve/page_words.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

/// `head` is what a page has in its head besides.
std::string document(const std::string& title, std::string_view head, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n"
      "<link rel=\"stylesheet\" href=\"/assets/app.css\">\n{}</head>\n<body>\n{}</body>\n</html>\n",
      escape_markup(title), head, body);
}

std::string frame(const std::string& title, const std::string& content) {
  constexpr auto kHead =
      "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/feed.atom\" title=\"Incidents\">\n"
      "<script type=\"module\" src=\"/assets/app.js\"></script>\n";
  return document(
      title, kHead,
      fmt::format("<div id=\"app\">\n<header class=\"top\"><a class=\"brand\" href=\"/\">outaged</a>"
                  "<nav aria-label=\"outaged\"><a href=\"/\">Now</a> <a href=\"/incidents\">Incidents</a> <a "
                  "href=\"/probes\">Probes</a></nav></header>\n<main id=\"content\">\n{}</main>\n"
                  "<footer><p>Measured from outside by outaged; not run by the platforms. Without JavaScript this page "
                  "is as of "
                  "its loading; load it again for news.</p></footer>\n</div>\n",
                  content));
}

std::vector<std::string> distinct(const Json& components, const char* key) {
  std::vector<std::string> names;
  for (const auto& component : components) {
    auto name = text_of(component, key);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string cell(const Json& component, const std::string& at) {
  const auto state = text_of(component, "state");
  std::string figures;
  if (state == "partial_outage" || state == "major_outage")
    figures = fmt::format("{:.0f} % fails", component.value("failure_share", 0.0) * 100);
  else if (const auto latency = component.value("latency_ms", Json::object()); latency.contains("p95"))
    figures = fmt::format(
        "<span class=\"p95\"><span class=\"unseen\">of those that succeed, 95 % within </span>{:.0f} ms</span>",
        latency["p95"].get<double>());
  if (const auto age = age_worth_telling(component, at); !age.empty())
    figures += fmt::format(" <span class=\"age\">{} ago</span>", age);
  return fmt::format(
      "<a class=\"cell {}\" href=\"/components/{}\"><span class=\"cell-head\">{} <b>{}</b></span><span "
      "class=\"cell-figures\">{}</span></a>",
      escape_markup(state), safe(component, "id"), mark(state), word_of(state), figures);
}

std::string matrix(const Json& components, const std::string& at) {
  const auto functions = distinct(components, "function");
  std::string out =
      "<h2>What people do there</h2>\n<table class=\"matrix\"><thead><tr><th scope=\"col\"><span "
      "class=\"unseen\">Platform</span></th>";
  for (const auto& function : functions)
    out += fmt::format("<th scope=\"col\">{}</th>", escape_markup(function_words(function)));
  out += "</tr></thead><tbody>\n";
  for (const auto& platform : distinct(components, "platform")) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", escape_markup(platform_words(platform)));
    for (const auto& function : functions) {
      const auto found = std::ranges::find_if(components, [&](const Json& component) {
        return text_of(component, "platform") == platform && text_of(component, "function") == function;
      });
      const auto name = escape_markup(function_words(function));
      out += found == components.end()
                 ? "<td class=\"empty\"><span class=\"not-probed\"><span class=\"unseen\">not probed</span></span></td>"
                 : fmt::format("<td data-function=\"{}\">{}</td>", name, cell(*found, at));
    }
    out += "</tr>\n";
  }
  return out +
         "</tbody></table>\n<p class=\"quiet\">Milliseconds: of the attempts that succeed, 95 % are through within "
         "this time, over the last 15 minutes, or over two rounds of a rarer probe; then it says how old the last "
         "answer is.</p>\n";
}

std::string network(const Json& site) {
  const auto verdict = text_of(site, "network");
  std::string words = "Not judged yet.";
  if (verdict == "online")
    words = fmt::format("Fine: {} of {} control hosts answer.",
                        site.value("controls", 0) - site.value("controls_failing", 0), site.value("controls", 0));
  if (verdict == "offline")
    words =
        fmt::format("Down since {}: {} of {} unrelated control hosts fail, so nothing can be said about the platforms.",
                    moment(text_of(site, "since")), site.value("controls_failing", 0), site.value("controls", 0));
  return "<section class=\"card\"><h2>Our own network</h2><p>" + words + "</p></section>\n";
}

/// What a vendor says is fine, in one line: how many, and when the oldest of it was read.
struct FineClaims {
  int count = 0;
  bool all = true;
  std::string read_at;
};

std::string vendors(const Json& claims) {
  std::string rows;
  std::map<std::string, FineClaims> fine;
  for (const auto& claim : claims) {
    auto& calm = fine[text_of(claim, "vendor")];
    const auto read_at = text_of(claim, "read_at");
    if (text_of(claim, "state") == "fine") {
      calm.count += 1;
      if (calm.read_at.empty() || read_at < calm.read_at) calm.read_at = read_at;
      continue;
    }
    calm.all = false;
    const auto since = moment(text_of(claim, "since"));
    rows += fmt::format("<li>{} <b>{}, {}</b>: \u201C{}\u201D <span class=\"quiet\">{}read {}</span></li>\n",
                        vendor_mark(text_of(claim, "state")), safe(claim, "vendor"), safe(claim, "subject"),
                        safe(claim, "words"), since.empty() ? "" : "since " + since + ", ", moment(read_at));
  }
  for (const auto& [vendor, calm] : fine) {
    if (calm.count == 0) continue;
    const auto others = calm.all ? std::string{} : fmt::format(" with {} others", calm.count);
    rows += fmt::format("<li>{} <b>{}</b>: no known issues{}, <span class=\"quiet\">read {}</span></li>\n",
                        mark("operational"), escape_markup(vendor), others, moment(calm.read_at));
  }
  return "<section class=\"card\"><h2>What the platforms say</h2>" +
         (rows.empty() ? "<p class=\"quiet\">Nothing is known of what the platforms themselves say.</p>"
                       : "<ul class=\"affected\">\n" + rows + "</ul>") +
         "</section>\n";
}

std::string timeline(const Json& updates) {
  std::string out = "<ol class=\"timeline\">\n";
  for (auto update = updates.rbegin(); update != updates.rend(); ++update)
    out += fmt::format("<li class=\"{0}\"><span class=\"timeline-head\"><b>{0}</b> {1}</span>{2}</li>\n",
                       safe(*update, "kind"), moment(text_of(*update, "at")), safe(*update, "text"));
  return out + "</ol>\n";
}

/// "since …, for 2h" of one that goes on, "…, lasted 2h" of one that is over.
std::string course(const Json& incident) {
  const auto onset = moment(text_of(incident, "onset"));
  return incident.contains("resolved_at") ? fmt::format("{}, lasted {}", onset, lasted(incident))
                                          : fmt::format("since {}, for {}", onset, lasted(incident));
}

std::string incident_card(const Json& incident) {
  std::string affected;
  for (const auto& one : incident.value("components", Json::array()))
    affected += fmt::format("<li>{} <a href=\"/components/{}\">{}</a></li>", mark(text_of(one, "state")),
                            safe(one, "id"), escape_markup(component_words(text_of(one, "id"))));
  return fmt::format(
      "<article class=\"card incident {}\"><p class=\"badges\"><span class=\"badge {}\">{}</span> <span class=\"badge "
      "plain\">{}</span></p><h3><a href=\"/incidents/{}\">{}</a></h3><p class=\"quiet\">{}</p><p>{}</p><ul "
      "class=\"affected\">{}</ul>{}</article>\n",
      safe(incident, "severity"), safe(incident, "severity"), safe(incident, "severity"), safe(incident, "state"),
      incident.value("id", 0), safe(incident, "title"), course(incident), safe(incident, "diagnosis"), affected,
      timeline(incident.value("timeline", Json::array())));
}

std::string past_incidents(const Json& past) {
  constexpr int kMostShown = 20;
  std::string rows;
  int shown = 0;
  for (const auto& one : past.value("incidents", Json::array())) {
    if (!one.contains("resolved_at") || ++shown > kMostShown) continue;
    rows += fmt::format("<li class=\"card\"><a href=\"/incidents/{}\">{}</a> <span class=\"quiet\">{}</span></li>\n",
                        one.value("id", 0), safe(one, "title"), course(one));
  }
  return "<h2>Before</h2>\n" + (rows.empty() ? "<p class=\"quiet\">No incident in the last 90 days.</p>\n"
                                             : "<ul class=\"past\">\n" + rows + "</ul>\n");
}

std::string open_incidents(const Json& status) {
  std::string out;
  for (const auto& incident : status.value("incidents", Json::array())) out += incident_card(incident);
  return out;
}

/// "12 of 6000", "1.5 MiB, no bound".
std::string spent(const Json& owner, const char* what, const char* most, std::string (*words)(std::uint64_t)) {
  const auto of = words(owner.value(what, std::uint64_t{0}));
  return owner.contains(most) ? fmt::format("{} of {}", of, words(owner.value(most, std::uint64_t{0})))
                              : of + ", no bound";
}

std::string budgets(const Json& owners) {
  if (owners.empty()) return {};
  std::string out =
      "<h2>Asked within the last hour</h2>\n<p class=\"quiet\">So much was asked of each owner, of as much as may be "
      "at most.</p>\n<table class=\"list\"><thead><tr><th scope=\"col\">Owner</th><th scope=\"col\">Requests</th><th "
      "scope=\"col\">Bytes</th></tr></thead><tbody>\n";
  for (const auto& owner : owners)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                       escape_markup(platform_words(text_of(owner, "owner"))),
                       spent(owner, "requests", "max_requests", [](std::uint64_t n) { return std::to_string(n); }),
                       spent(owner, "bytes", "max_bytes", size_words));
  return out + "</tbody></table>\n";
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string safe(const Json& object, const char* key) {
  return escape_markup(text_of(object, key));
}

std::string now_page(const Json& status, const Json& past, const std::string& maintenance) {
  const auto site = status.value("site", Json::object());
  std::string kind = text_of(status, "indicator");
  if (text_of(site, "network") == "offline") kind = "offline";
  std::string out =
      fmt::format("<p class=\"freshness\">As of {}, seen from {}</p>\n<div class=\"headline {}\"><h1>{}</h1></div>\n",
                  moment(text_of(status, "at")), safe(site, "name"), escape_markup(kind), safe(status, "summary"));
  out += matrix(status.value("components", Json::array()), text_of(status, "at"));
  out +=
      "<div class=\"columns beside\">" + network(site) + vendors(status.value("vendors", Json::array())) + "</div>\n";
  if (const auto open = open_incidents(status); !open.empty()) out += "<h2>Happening now</h2>\n" + open;
  for (const auto& problem : status.value("problems", Json::array()))
    out += fmt::format("<p class=\"card\"><b>{}</b> cannot ask properly ({}): {}</p>\n", safe(problem, "probe"),
                       safe(problem, "kind"), safe(problem, "detail"));
  return frame("Status: " + text_of(status, "summary"), out + maintenance + past_incidents(past));
}

std::string incidents_page(const Json& status, const Json& past) {
  const auto open = open_incidents(status);
  return frame("Incidents", "<h1>Incidents</h1>\n" +
                                (open.empty() ? "<p class=\"card\">No open incident.</p>\n" : open) +
                                past_incidents(past));
}

std::string incident_page(const Json& incident) {
  std::string out = fmt::format("<h1>{}</h1>\n", safe(incident, "title")) + incident_card(incident);
  if (incident.contains("resolved_at"))
    out += fmt::format("<p>Resolved {}.</p>\n", moment(text_of(incident, "resolved_at")));
  out += fmt::format("<p><a href=\"/api/v1/incidents/{}/report\">Report (Markdown)</a></p>\n", incident.value("id", 0));
  return frame(text_of(incident, "title"), out);
}

std::string probes_page(const Json& probes) {
  std::string out =
      "<h1>Probes</h1>\n<div class=\"scroll\"><table "
      "class=\"list\"><thead><tr><th>Probe</th><th>Component</th><th>Every</th>"
      "<th>State</th><th>Last run</th></tr></thead><tbody>\n";
  for (const auto& probe : probes.value("probes", Json::array())) {
    const auto last = probe.value("last", Json::object());
    const auto alone = moment(text_of(probe, "left_alone_until"));
    const auto used = probe.value("usage_percent", 0);
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}{}{}</td><td>{} {}</td></tr>\n",
                       safe(probe, "id"), safe(probe, "component"), safe(probe, "interval"), safe(probe, "state"),
                       alone.empty() ? "" : ", left alone until " + alone,
                       used == 0 ? "" : fmt::format(", {} % of what the platform allows is used", used),
                       safe(last, "class"), moment(text_of(last, "at")));
  }
  return frame("Probes", out + "</tbody></table></div>\n" + budgets(probes.value("budgets", Json::array())));
}

std::string component_page(const Json& component) {
  const auto id = text_of(component, "id");
  const auto name = component_words(id);
  std::string out = fmt::format("<h1>{}</h1>\n<p class=\"lead\">{} {}</p>\n", escape_markup(name),
                                mark(text_of(component, "state")), word_of(text_of(component, "state")));
  out += fmt::format("<p>Of {} attempts in the last {} {} failed.</p>\n", component.value("attempts", 0),
                     safe(component, "window"), component.value("failures", 0));
  if (const auto last = moment(text_of(component, "last_result_at")); !last.empty())
    out += fmt::format("<p class=\"quiet\">Last asked {}.</p>\n", last);
  if (component.contains("last_failure"))
    out += fmt::format("<p class=\"card evidence\">{}</p>\n", safe(component["last_failure"], "detail"));
  return frame(name, out);
}

std::string simple_frame(const std::string& title, const std::string& content) {
  return document(
      title, {},
      "<header class=\"top\"><a class=\"brand\" href=\"/\">outaged</a></header>\n<main>\n" + content + "</main>\n");
}

std::string missing_page(const std::string& what) {
  return frame("Not found",
               "<h1>Not found</h1>\n<p>" + escape_markup(what) + "</p>\n<p><a href=\"/\">How it stands now</a></p>\n");
}

}  // namespace outaged::serve
