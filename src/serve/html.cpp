#include "serve/html.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/vocabulary.hpp"
#include "serve/json_forms.hpp"
#include "serve/page_words.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

/// `head` is what a page has in its head besides.
std::string document(const PageTexts& t, const std::string& title, std::string_view head, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n"
      "<link rel=\"stylesheet\" href=\"/assets/app.css\">\n{}</head>\n<body>\n{}</body>\n</html>\n",
      t.language, escape_markup(title), head, body);
}

std::string frame(const PageTexts& t, const std::string& title, const std::string& content) {
  const auto head = fmt::format(
      "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/feed.atom\" title=\"{}\">\n"
      "<script type=\"module\" src=\"/assets/app.js\"></script>\n",
      t.incidents);
  return document(t, title, head,
                  fmt::format("<div id=\"app\">\n<header class=\"top\"><a class=\"brand\" href=\"/\">outaged</a>"
                              "<nav aria-label=\"outaged\"><a href=\"/\">{}</a> <a href=\"/incidents\">{}</a> <a "
                              "href=\"/probes\">{}</a></nav></header>\n<main id=\"content\">\n{}</main>\n"
                              "<footer><p>{}</p></footer>\n</div>\n",
                              t.now, t.incidents, t.probes, content, t.footer));
}

std::string heading(std::string_view words) {
  return fmt::format("<h2>{}</h2>\n", words);
}

std::string quiet(std::string_view words) {
  return fmt::format("<p class=\"quiet\">{}</p>\n", words);
}

/// The word for a component's state.
std::string state_words(const PageTexts& t, const std::string& state) {
  return named(t.states, parse_enum<ComponentState>(state) ? state : "unknown");
}

std::vector<std::string> distinct(const Json& components, const char* key) {
  std::vector<std::string> names;
  for (const auto& component : components) {
    auto name = text_of(component, key);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

/// Whether nothing can be said of a component; then its figures say nothing of the platform.
bool is_unknown(const Json& component) {
  return parse_enum<ComponentState>(text_of(component, "state")).value_or(ComponentState::unknown) ==
         ComponentState::unknown;
}

std::string figures(const PageTexts& t, const Json& component) {
  if (is_unknown(component)) return {};
  const auto state = text_of(component, "state");
  if (state == "partial_outage" || state == "major_outage") {
    const double share = component.value("failure_share", 0.0);
    return share > 0 ? fill(t.fail, share * 100) : "";
  }
  const auto latency = component.value("latency_ms", Json::object());
  if (!latency.contains("p95")) return {};
  return fmt::format("<span class=\"p95\"><span class=\"unseen\">{} </span>{:.0f} ms</span>", t.within,
                     latency["p95"].get<double>());
}

std::string cell(const PageTexts& t, const Json& component, const std::string& at) {
  const auto state = text_of(component, "state");
  const auto age = age_worth_telling(component, at);
  const auto ago = age.empty() ? age : fmt::format(" <span class=\"age\">{}</span>", fill(t.ago, spelled_out(t, age)));
  return fmt::format(
      "<a class=\"cell {}\" href=\"/components/{}\"><span class=\"cell-head\">{} <b>{}</b></span><span "
      "class=\"cell-figures\">{}{}</span></a>",
      escape_markup(state), safe(component, "id"), mark(state), state_words(t, state), figures(t, component), ago);
}

std::string matrix(const PageTexts& t, const Json& components, const std::string& at) {
  const auto functions = distinct(components, "function");
  std::string out = heading(t.matrix) + fmt::format(
                                            "<table class=\"matrix\"><thead><tr><th scope=\"col\"><span "
                                            "class=\"unseen\">{}</span></th>",
                                            t.platform);
  for (const auto& function : functions)
    out += fmt::format("<th scope=\"col\">{}</th>", escape_markup(function_words(t, function)));
  out += "</tr></thead><tbody>\n";
  for (const auto& platform : distinct(components, "platform")) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", escape_markup(platform_words(t, platform)));
    for (const auto& function : functions) {
      const auto found = std::ranges::find_if(components, [&](const Json& component) {
        return text_of(component, "platform") == platform && text_of(component, "function") == function;
      });
      const auto name = escape_markup(function_words(t, function));
      out += found == components.end() ? fmt::format(
                                             "<td class=\"empty\"><span class=\"not-probed\"><span "
                                             "class=\"unseen\">{}</span></span></td>",
                                             t.not_probed)
                                       : fmt::format("<td data-function=\"{}\">{}</td>", name, cell(t, *found, at));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n" + quiet(t.figures);
}

std::string network_words(const PageTexts& t, const Json& site) {
  const auto verdict = text_of(site, "network");
  const auto controls = site.value("controls", 0);
  const auto failing = site.value("controls_failing", 0);
  if (verdict == "online") return fill(t.network_online, controls - failing, controls);
  if (verdict == "offline") return fill(t.network_offline, moment(text_of(site, "since")), failing, controls);
  return std::string{t.network_unknown};
}

std::string network(const PageTexts& t, const Json& site) {
  return fmt::format("<section class=\"card\">{}<p>{}</p></section>\n", heading(t.network), network_words(t, site));
}

/// What a vendor says is fine, in one line: how many, and when the oldest of it was read.
struct FineClaims {
  int count = 0;
  bool all = true;
  std::string read_at;
};

std::string vendors(const PageTexts& t, const Json& claims) {
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
    rows += fmt::format("<li>{} <b>{}, {}</b>: \u201C{}\u201D <span class=\"quiet\">{}{}</span></li>\n",
                        vendor_mark(text_of(claim, "state")), safe(claim, "vendor"), safe(claim, "subject"),
                        in_english(t, text_of(claim, "words")), since.empty() ? "" : fill(t.since, since) + ", ",
                        fill(t.read, moment(read_at)));
  }
  for (const auto& [vendor, calm] : fine) {
    if (calm.count == 0) continue;
    const auto words = calm.all ? std::string{t.vendor_fine} : fill(t.vendor_others_fine, calm.count);
    rows += fmt::format("<li>{} <b>{}</b>: {}, <span class=\"quiet\">{}</span></li>\n", mark("operational"),
                        escape_markup(vendor), words, fill(t.read, moment(calm.read_at)));
  }
  return fmt::format("<section class=\"card\">{}{}</section>\n", heading(t.vendors),
                     rows.empty() ? quiet(t.vendors_silent) : "<ul class=\"affected\">\n" + rows + "</ul>");
}

std::string timeline(const PageTexts& t, const Json& updates) {
  std::string out = "<ol class=\"timeline\">\n";
  for (auto update = updates.rbegin(); update != updates.rend(); ++update)
    out += fmt::format("<li class=\"{}\"><span class=\"timeline-head\"><b>{}</b> {}</span>{}</li>\n",
                       safe(*update, "kind"), escape_markup(named(t.updates, text_of(*update, "kind"))),
                       moment(text_of(*update, "at")), in_english(t, text_of(*update, "text")));
  return out + "</ol>\n";
}

/// "since …, for 2 h" of one that goes on, "…, lasted 2 h" of one that is over.
std::string course(const PageTexts& t, const Json& incident) {
  return fill(incident.contains("resolved_at") ? t.past_course : t.open_course, moment(text_of(incident, "onset")),
              spelled_out(t, lasted(incident)));
}

/// `components`: all, as the status document has them. Of one of which nothing can be said now, what it was last is no
/// news.
std::string affected(const PageTexts& t, const Json& incident, const Json& components) {
  std::string out;
  for (const auto& one : incident.value("components", Json::array())) {
    const auto id = text_of(one, "id");
    const bool unknown = std::ranges::any_of(
        components, [&id](const Json& component) { return text_of(component, "id") == id && is_unknown(component); });
    out +=
        fmt::format("<li>{} <a href=\"/components/{}\">{}</a></li>", mark(unknown ? "unknown" : text_of(one, "state")),
                    escape_markup(id), escape_markup(component_words(t, id)));
  }
  return out;
}

std::string incident_card(const PageTexts& t, const Json& incident, const Json& components = Json::array()) {
  const auto severity = text_of(incident, "severity");
  return fmt::format(
      "<article class=\"card incident {0}\"><p class=\"badges\"><span class=\"badge {0}\">{1}</span> <span "
      "class=\"badge plain\">{2}</span></p><h3><a href=\"/incidents/{3}\">{4}</a></h3><p class=\"quiet\">{5}</p>"
      "<p>{6}</p><ul class=\"affected\">{7}</ul>{8}</article>\n",
      escape_markup(severity), escape_markup(named(t.severities, severity)),
      escape_markup(named(t.incident_states, text_of(incident, "state"))), incident.value("id", 0),
      in_english(t, text_of(incident, "title")), course(t, incident), in_english(t, text_of(incident, "diagnosis")),
      affected(t, incident, components), timeline(t, incident.value("timeline", Json::array())));
}

std::string past_incidents(const PageTexts& t, const Json& past) {
  constexpr int kMostShown = 20;
  std::string rows;
  int shown = 0;
  for (const auto& one : past.value("incidents", Json::array())) {
    if (!one.contains("resolved_at") || ++shown > kMostShown) continue;
    rows += fmt::format("<li class=\"card\"><a href=\"/incidents/{}\">{}</a> <span class=\"quiet\">{}</span></li>\n",
                        one.value("id", 0), in_english(t, text_of(one, "title")), course(t, one));
  }
  return heading(t.past) + (rows.empty() ? quiet(t.none_past) : "<ul class=\"past\">\n" + rows + "</ul>\n");
}

std::string open_incidents(const PageTexts& t, const Json& status) {
  std::string out;
  for (const auto& incident : status.value("incidents", Json::array()))
    out += incident_card(t, incident, status.value("components", Json::array()));
  return out;
}

/// What the headline is about: the indicator, but for two kinds of not knowing.
std::string kind_of(const Json& status) {
  auto indicator = text_of(status, "indicator");
  if (text_of(status.value("site", Json::object()), "network") == "offline") return "offline";
  const bool partly =
      indicator == "operational" && std::ranges::any_of(status.value("components", Json::array()), is_unknown);
  return partly ? "partly" : indicator;
}

struct Headline {
  std::string kind;
  std::string words;
  bool english = true;  ///< the daemon's own summary, or an incident's title
};

Headline headline(const PageTexts& t, const Json& status) {
  auto kind = kind_of(status);
  auto summary = text_of(status, "summary");
  const auto own = t.headlines.find(kind);
  const auto incidents = status.value("incidents", Json::array());
  const bool title =
      std::ranges::any_of(incidents, [&](const Json& incident) { return text_of(incident, "title") == summary; });
  if (title || own == t.headlines.end()) return {std::move(kind), std::move(summary)};
  return {std::move(kind), own->second, false};
}

/// "12 of 6000", "1.5 MiB, no bound".
std::string spent(const PageTexts& t, const Json& owner, const char* what, const char* most,
                  std::string (*words)(const PageTexts&, std::uint64_t)) {
  const auto of = words(t, owner.value(what, std::uint64_t{0}));
  return owner.contains(most) ? fill(t.spent, of, words(t, owner.value(most, std::uint64_t{0})))
                              : fill(t.unbounded, of);
}

std::string number_words(const PageTexts&, std::uint64_t number) {
  return std::to_string(number);
}

std::string table_head(std::initializer_list<std::string_view> columns) {
  std::string out = "<table class=\"list\"><thead><tr>";
  for (const auto column : columns) out += fmt::format("<th scope=\"col\">{}</th>", column);
  return out + "</tr></thead><tbody>\n";
}

std::string budgets(const PageTexts& t, const Json& owners) {
  if (owners.empty()) return {};
  std::string out = heading(t.budgets) + quiet(t.budgets_explained) + table_head({t.owner, t.requests, t.bytes});
  for (const auto& owner : owners)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                       escape_markup(platform_words(t, text_of(owner, "owner"))),
                       spent(t, owner, "requests", "max_requests", number_words),
                       spent(t, owner, "bytes", "max_bytes", size_words));
  return out + "</tbody></table>\n";
}

/// "Active, left alone until …, 97 % of what the platform allows is used"
std::string probe_state(const PageTexts& t, const Json& probe) {
  auto out = escape_markup(named(t.probe_states, text_of(probe, "state")));
  if (const auto alone = moment(text_of(probe, "left_alone_until")); !alone.empty())
    out += ", " + fill(t.left_alone, alone);
  if (const auto used = probe.value("usage_percent", 0); used != 0) out += ", " + fill(t.usage, used);
  return out;
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

std::string now_page(const PageTexts& t, const Json& status, const Json& past, const std::string& maintenance) {
  const auto site = status.value("site", Json::object());
  const auto [kind, words, english] = headline(t, status);
  std::string out = fmt::format("<p class=\"freshness\">{}</p>\n<div class=\"headline {}\"><h1>{}</h1></div>\n",
                                fill(t.as_of, moment(text_of(status, "at")), safe(site, "name")),
                                kind == "partly" ? "operational" : escape_markup(kind),
                                english ? in_english(t, words) : escape_markup(words));
  out += matrix(t, status.value("components", Json::array()), text_of(status, "at"));
  out += "<div class=\"columns beside\">" + network(t, site) + vendors(t, status.value("vendors", Json::array())) +
         "</div>\n";
  if (const auto open = open_incidents(t, status); !open.empty()) out += heading(t.open) + open;
  for (const auto& problem : status.value("problems", Json::array()))
    out += fmt::format("<p class=\"card\"><b>{}</b> {}: {}</p>\n", safe(problem, "probe"),
                       fill(t.problem, escape_markup(named(t.problems, text_of(problem, "kind")))),
                       in_english(t, text_of(problem, "detail")));
  return frame(t, fill(t.status_title, words), out + maintenance + past_incidents(t, past));
}

std::string incidents_page(const PageTexts& t, const Json& status, const Json& past) {
  const auto open = open_incidents(t, status);
  return frame(t, std::string{t.incidents},
               fmt::format("<h1>{}</h1>\n{}{}", t.incidents,
                           open.empty() ? fmt::format("<p class=\"card\">{}</p>\n", t.none_open) : open,
                           past_incidents(t, past)));
}

std::string incident_page(const PageTexts& t, const Json& incident) {
  const auto title = text_of(incident, "title");
  std::string out = fmt::format("<h1>{}</h1>\n", in_english(t, title)) + incident_card(t, incident);
  if (incident.contains("resolved_at"))
    out += fmt::format("<p>{}</p>\n", fill(t.resolved, moment(text_of(incident, "resolved_at"))));
  out += fmt::format("<p><a href=\"/api/v1/incidents/{}/report\">{}</a></p>\n", incident.value("id", 0), t.report);
  return frame(t, title, out);
}

std::string probes_page(const PageTexts& t, const Json& probes) {
  std::string out = fmt::format("<h1>{}</h1>\n<div class=\"scroll\">{}", t.probes,
                                table_head({t.probe, t.component, t.every, t.state, t.last_run}));
  for (const auto& probe : probes.value("probes", Json::array())) {
    const auto last = probe.value("last", Json::object());
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{} {}</td></tr>\n",
                       safe(probe, "id"), safe(probe, "component"),
                       escape_markup(spelled_out(t, text_of(probe, "interval"))), probe_state(t, probe),
                       escape_markup(named(t.classes, text_of(last, "class"))), moment(text_of(last, "at")));
  }
  return frame(t, std::string{t.probes},
               out + "</tbody></table></div>\n" + budgets(t, probes.value("budgets", Json::array())));
}

std::string component_page(const PageTexts& t, const Json& component) {
  const auto name = component_words(t, text_of(component, "id"));
  const auto state = text_of(component, "state");
  std::string out = fmt::format("<h1>{}</h1>\n<p class=\"lead\">{} {}</p>\n", escape_markup(name), mark(state),
                                state_words(t, state));
  const auto window = escape_markup(spelled_out(t, text_of(component, "window")));
  out += fmt::format("<p>{}</p>\n", is_unknown(component) ? std::string{t.nothing_known}
                                                          : fill(t.failed, window, component.value("failures", 0),
                                                                 component.value("attempts", 0)));
  if (const auto last = moment(text_of(component, "last_result_at")); !last.empty())
    out += quiet(fill(t.last_asked, last));
  if (component.contains("last_failure") && !is_unknown(component))
    out +=
        fmt::format("<p class=\"card evidence\">{}</p>\n", in_english(t, text_of(component["last_failure"], "detail")));
  return frame(t, name, out);
}

std::string simple_frame(const std::string& title, const std::string& content) {
  return document(
      page_english(), title, {},
      "<header class=\"top\"><a class=\"brand\" href=\"/\">outaged</a></header>\n<main>\n" + content + "</main>\n");
}

std::string missing_page(const PageTexts& t, std::string_view what) {
  return frame(t, std::string{t.missing},
               fmt::format("<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"/\">{}</a></p>\n", t.missing, escape_markup(what),
                           t.how_it_stands));
}

}  // namespace outaged::serve
