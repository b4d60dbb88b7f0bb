#include "serve/status_text.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "core/vocabulary.hpp"
#include "serve/json_forms.hpp"
#include "serve/text_table.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

std::optional<WallTime> time_of(const Json& object, const char* key) {
  return parse_time(text_of(object, key));
}

std::string moment(std::optional<WallTime> time) {
  return time ? fmt::format("{} {} UTC", format_date(*time), format_clock(*time)) : "unknown";
}

std::string percent(double share) {
  return fmt::format("{:.0f} %", share * 100);
}

std::string milliseconds(const Json& value) {
  if (!value.is_number()) return "";
  const double ms = value.get<double>();
  return ms < 10 ? fmt::format("{:.1f} ms", ms) : fmt::format("{:.0f} ms", ms);
}

struct StateLook {
  std::string_view word;
  Color color;
};
StateLook look_of(ComponentState state) {
  switch (state) {
    case ComponentState::operational: return {"up", Color::green};
    case ComponentState::degraded_performance: return {"slow", Color::yellow};
    case ComponentState::partial_outage: return {"FAILING", Color::red};
    case ComponentState::major_outage: return {"DOWN", Color::red};
    case ComponentState::under_maintenance: return {"maintenance", Color::cyan};
    case ComponentState::unknown: break;
  }
  return {"?", Color::dim};
}

Cell component_cell(const Json& component, const std::string& at) {
  const auto state = parse_enum<ComponentState>(text_of(component, "state")).value_or(ComponentState::unknown);
  const auto [word, color] = look_of(state);
  std::string text{word};
  const bool failing = state == ComponentState::partial_outage || state == ComponentState::major_outage;
  if (failing) {
    // Of what failed nothing may be recorded yet.
    const auto share = component.find("failure_share");
    if (share != component.end() && share->is_number() && *share > 0.0) text += " " + percent(share->get<double>());
  } else if (state == ComponentState::operational || state == ComponentState::degraded_performance) {
    if (const auto latency = component.find("latency_ms"); latency != component.end() && latency->contains("p50"))
      text += " " + milliseconds((*latency)["p50"]);
  }
  if (const auto age = age_worth_telling(component, at); !age.empty()) text += " (" + age + " ago)";
  return {std::move(text), color};
}

struct Headline {
  std::string_view word;
  Color color;
};
Headline headline_of(const std::string& indicator) {
  if (indicator == "operational") return {"OPERATIONAL", Color::green};
  if (indicator == "degraded") return {"DEGRADED", Color::yellow};
  if (indicator == "outage") return {"OUTAGE", Color::red};
  return {"UNKNOWN", Color::yellow};
}

/// Names in order of first appearance.
std::vector<std::string> distinct(const Json& components, const char* key) {
  std::vector<std::string> names;
  for (const auto& component : components) {
    auto name = text_of(component, key);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string render_matrix(const Json& components, const std::string& at, bool color) {
  const auto functions = distinct(components, "function");
  TextTable table;
  std::vector<Cell> header{{""}};
  for (const auto& function : functions) header.push_back({function, Color::dim});
  table.row(std::move(header));
  for (const auto& platform : distinct(components, "platform")) {
    std::vector<Cell> row{{platform, Color::bold}};
    for (const auto& function : functions) {
      const auto found = std::ranges::find_if(components, [&](const Json& component) {
        return text_of(component, "platform") == platform && text_of(component, "function") == function;
      });
      row.push_back(found == components.end() ? Cell{"\u00B7", Color::dim} : component_cell(*found, at));
    }
    table.row(std::move(row));
  }
  return table.render(color);
}

/// "users report (last hour): whatsapp/media-upload 12, facebook/feed-load 3"; empty when nobody does.
std::string render_user_reports(const Json& components) {
  std::string out;
  for (const auto& component : components) {
    const auto reports = component.value("user_reports", std::int64_t{0});
    if (reports == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "users report (last hour): " : ", ", text_of(component, "id"), reports);
  }
  return out;
}

/// "Meta says of Graph API: Graph API: High disruptions (since …)", one line for each trouble that is admitted.
std::string render_vendors(const Json& vendors) {
  std::string out;
  for (const auto& said : vendors) {
    const auto state = text_of(said, "state");
    if (state != "degraded" && state != "outage") continue;
    const auto since = time_of(said, "since");
    out += fmt::format("{} says of {}: {}{}\n", text_of(said, "vendor"), text_of(said, "subject"),
                       text_of(said, "words"), since ? " (since " + moment(since) + ")" : "");
  }
  return out;
}

std::string render_site(const Json& site) {
  const auto network = text_of(site, "network");
  if (network == "online") {
    return fmt::format("own network: fine ({} of {} control probes answer)",
                       site.value("controls", 0) - site.value("controls_failing", 0), site.value("controls", 0));
  }
  if (network == "offline") {
    return fmt::format(
        "own network: DOWN since {} ({} of {} control probes fail); nothing can be said about the platforms",
        moment(time_of(site, "since")), site.value("controls_failing", 0), site.value("controls", 0));
  }
  return "own network: not judged yet";
}

/// "since 2019-07-03 12:01 UTC"; of what has recovered "failed 2019-07-03 12:01 to 13:31 UTC".
std::string when_failing(const Json& component) {
  const auto onset = time_of(component, "onset");
  auto end = time_of(component, "last_failure_at");
  if (!end) end = time_of(component, "recovered_at");
  if (!onset || !end || !time_of(component, "recovered_at")) return "since " + moment(onset);
  const auto day = format_date(*end) == format_date(*onset) ? "" : format_date(*end) + " ";
  return fmt::format("{} {} {} to {}{} UTC",
                     text_of(component, "peak_state") == "degraded_performance" ? "slow" : "failed",
                     format_date(*onset), format_clock(*onset), day, format_clock(*end));
}

Color severity_color(const std::string& severity) {
  return severity == "minor" ? Color::yellow : Color::red;
}

void append_line(std::string& out, std::string_view line) {
  out += line;
  out += '\n';
}

/// Empty when it is asked as often as its interval says.
std::string why_asked_less(const Json& probe) {
  const auto reason = text_of(probe, "left_alone_reason");
  if (reason == "turned_away") return "it turned us away several times in a row";
  if (reason == "asked_to_wait") return "it turned us away and asked us to wait";
  const auto used = probe.find("usage_percent");
  if (used == probe.end() || !used->is_number_integer()) return {};
  return fmt::format("{} % of what the platform allows is used, as it says", used->get<int>());
}

}  // namespace

std::string render_status(const Json& document, TextStyle style) {
  const auto [word, color] = headline_of(text_of(document, "indicator"));
  std::string out;
  append_line(out, fmt::format("{}  {}", paint(word, color, style.color), text_of(document, "summary")));
  append_line(out, fmt::format("{}, seen from {}", moment(time_of(document, "at")),
                               text_of(document.value("site", Json::object()), "name")));
  if (const auto daemon = document.find("daemon"); daemon != document.end() && !daemon->value("running", false)) {
    append_line(out, paint(fmt::format("The daemon is not running: this is what its database says (last result {}).",
                                       moment(time_of(*daemon, "last_result_at"))),
                           Color::yellow, style.color));
  }
  out += '\n';
  out += render_matrix(document.value("components", Json::array()), text_of(document, "at"), style.color);
  out += '\n';
  append_line(out, render_site(document.value("site", Json::object())));
  if (const auto reports = render_user_reports(document.value("components", Json::array())); !reports.empty())
    append_line(out, reports);
  out += render_vendors(document.value("vendors", Json::array()));
  for (const auto& incident : document.value("incidents", Json::array())) {
    out += '\n';
    out += render_incident(incident, style);
  }
  const auto problems = document.value("problems", Json::array());
  if (!problems.empty()) {
    append_line(out, "\nprobe problems (no outage: these probes cannot ask properly)");
    TextTable table;
    for (const auto& problem : problems)
      table.row({{text_of(problem, "probe"), Color::bold},
                 {text_of(problem, "kind"), Color::yellow},
                 {"since " + moment(time_of(problem, "since"))},
                 {text_of(problem, "detail")}});
    out += table.render(style.color);
  }
  return out;
}

std::string render_incidents(const Json& incidents, TextStyle style) {
  if (incidents.empty()) return "no incidents\n";
  TextTable table("");
  table.row({{"id", Color::dim},
             {"began", Color::dim},
             {"lasted", Color::dim},
             {"state", Color::dim},
             {"severity", Color::dim},
             {"what", Color::dim}});
  for (const auto& incident : incidents) {
    const auto severity = text_of(incident, "severity");
    table.row({{fmt::format("#{}", incident.value("id", 0))},
               {moment(time_of(incident, "onset"))},
               {lasted(incident)},
               {text_of(incident, "state"), text_of(incident, "state") == "resolved" ? Color::green : Color::yellow},
               {severity, severity_color(severity)},
               {text_of(incident, "title")}});
  }
  return table.render(style.color);
}

std::string render_incident(const Json& incident, TextStyle style) {
  const auto severity = text_of(incident, "severity");
  std::string out;
  append_line(out, fmt::format("incident #{}  {}  {}  {}", incident.value("id", 0),
                               paint(severity, severity_color(severity), style.color), text_of(incident, "state"),
                               paint(text_of(incident, "title"), Color::bold, style.color)));
  append_line(out, fmt::format("  began {}, {}{}", moment(time_of(incident, "onset")),
                               time_of(incident, "resolved_at") ? "lasted " : "so far ", lasted(incident)));
  if (const auto diagnosis = text_of(incident, "diagnosis"); !diagnosis.empty()) append_line(out, "  " + diagnosis);
  TextTable components("    ");
  for (const auto& component : incident.value("components", Json::array())) {
    Cell state = component_cell(component, {});
    components.row(
        {{text_of(component, "id")}, std::move(state), {text_of(component, "layer")}, {when_failing(component)}});
  }
  out += components.render(style.color);
  TextTable timeline("    ");
  for (const auto& update : incident.value("timeline", Json::array()))
    timeline.row({{moment(time_of(update, "at")), Color::dim}, {text_of(update, "kind")}, {text_of(update, "text")}});
  const auto lines = timeline.render(style.color);
  if (!lines.empty()) append_line(out, "  timeline");
  return out + lines;
}

std::string render_result(const Json& result, TextStyle style) {
  const auto verdict = text_of(result, "class");
  std::string out;
  append_line(out, fmt::format("{}  {}  {}  in {}", text_of(result, "probe"), text_of(result, "component"),
                               paint(verdict, verdict == "success" ? Color::green : Color::red, style.color),
                               milliseconds(result.value("took_ms", Json()))));
  if (const auto failure = result.find("failure"); failure != result.end() && failure->is_object())
    append_line(out, fmt::format("  failed at layer {}{}: {}: {}", text_of(*failure, "layer"),
                                 text_of(*failure, "phase").empty() ? "" : ", phase " + text_of(*failure, "phase"),
                                 text_of(*failure, "kind"), text_of(*failure, "detail")));
  TextTable table;
  std::vector<Cell> header{{"step", Color::dim}, {"class", Color::dim}, {"status", Color::dim}};
  for (const auto phase : enum_names<Phase>()) header.push_back({std::string{phase}, Color::dim});
  header.push_back({"sent", Color::dim});
  header.push_back({"received", Color::dim});
  header.push_back({"address", Color::dim});
  table.row(std::move(header));
  for (const auto& step : result.value("steps", Json::array())) {
    const auto step_class = text_of(step, "class");
    std::vector<Cell> row{{fmt::format("{} {}", step.value("step", 0), text_of(step, "kind"))},
                          {step_class, step_class == "success" ? Color::green : Color::red},
                          {fmt::format("{}", step.value("status", 0))}};
    const auto phases = step.value("phases_ms", Json::object());
    for (const auto phase : enum_names<Phase>())
      row.push_back({milliseconds(phases.value(std::string{phase}, Json(0.0)))});
    row.push_back({fmt::format("{} B", step.value("bytes_sent", 0))});
    row.push_back({fmt::format("{} B", step.value("bytes_received", 0))});
    row.push_back({text_of(step, "address")});
    table.row(std::move(row));
  }
  return out + table.render(style.color);
}

std::string render_probes(const Json& probes, TextStyle style) {
  TextTable table("");
  table.row({{"probe", Color::dim},
             {"component", Color::dim},
             {"tier", Color::dim},
             {"every", Color::dim},
             {"state", Color::dim},
             {"last", Color::dim},
             {"took", Color::dim}});
  for (const auto& probe : probes) {
    const auto last = probe.value("last", Json::object());
    const auto verdict = text_of(last, "class");
    const auto alone = time_of(probe, "left_alone_until");
    const auto used_up = time_of(probe, "budget_used_up_until");
    auto state = text_of(probe, "state");
    if (used_up) state = "budget used up until " + format_clock(*used_up);
    if (alone) state = "left alone until " + format_clock(*alone);
    if (const auto why = why_asked_less(probe); !why.empty())
      state += alone ? ": " + why : ", asked half as often: " + why;
    table.row({{text_of(probe, "id"), Color::bold},
               {text_of(probe, "component")},
               {text_of(probe, "tier")},
               {text_of(probe, "interval")},
               {state, state == "active" ? Color::none : Color::yellow},
               {verdict, verdict == "success" ? Color::green : Color::red},
               {milliseconds(last.value("took_ms", Json()))}});
  }
  return table.render(style.color);
}

std::string render_budgets(const Json& budgets, TextStyle style) {
  if (budgets.empty()) return {};
  const auto of = [](const Json& owner, const char* spent, const char* most, bool bytes) {
    const auto words = [bytes](std::uint64_t number) {
      return bytes ? format_bytes(Bytes{number}) : std::to_string(number);
    };
    const auto bound = owner.value(most, std::uint64_t{0});
    return words(owner.value(spent, std::uint64_t{0})) + (bound == 0 ? " (no bound)" : " of " + words(bound));
  };
  std::string out = "\nasked within the last hour\n";
  TextTable table("");
  for (const auto& owner : budgets)
    table.row({{text_of(owner, "owner"), Color::bold},
               {of(owner, "requests", "max_requests", false) + " requests"},
               {of(owner, "bytes", "max_bytes", true)}});
  return out + table.render(style.color);
}

}  // namespace outaged::serve
