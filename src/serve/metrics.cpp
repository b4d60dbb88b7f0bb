#include "serve/metrics.hpp"

#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "base/units.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

double seconds(Micros duration) {
  return std::chrono::duration<double>(duration).count();
}
double unix_time(WallTime time) {
  return seconds(time.time_since_epoch());
}

/// One metric with all its samples: HELP and TYPE stand once, before them.
class Metric {
 public:
  Metric(std::string& out, const char* name, const char* type, const char* help) : out_(out), name_(name) {
    out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void add(const std::string& labels, double value) {
    out_ += labels.empty() ? fmt::format("{} {}\n", name_, value) : fmt::format("{}{{{}}} {}\n", name_, labels, value);
  }

 private:
  std::string& out_;
  const char* name_;
};

std::string label(const char* name, std::string_view value) {
  return fmt::format("{}=\"{}\"", name, escaped(value));
}

/// blackbox_exporter's words for the phases; "send" is part of its "processing".
constexpr std::array<std::pair<Phase, const char*>, 4> kPhases{
    {{Phase::dns, "resolve"}, {Phase::connect, "connect"}, {Phase::tls, "tls"}, {Phase::receive, "transfer"}}};

struct Probed {
  const Result& result;
  std::string labels;
  /// The one step that stands for all of the run (Reader::latest_results_summed()): times are sums, all else is of the
  /// last one. Nothing for a run that came to no step.
  [[nodiscard]] const StepResult* whole() const { return result.steps.empty() ? nullptr : &result.steps.back(); }
  [[nodiscard]] const StepResult* http() const {
    const auto* step = whole();
    return step != nullptr && step->kind == StepKind::http ? step : nullptr;
  }
};

void add_results(std::string& out, const std::vector<Probed>& probed) {
  Metric success(out, "probe_success", "gauge", "1 if the last run of the probe succeeded.");
  for (const auto& p : probed) success.add(p.labels, p.result.result_class == ResultClass::success ? 1 : 0);
  Metric duration(out, "probe_duration_seconds", "gauge", "How long the last run took.");
  for (const auto& p : probed) duration.add(p.labels, seconds(p.result.took));
  const auto add = [&](const char* name, const char* help, auto step_of, auto value) {
    Metric metric(out, name, "gauge", help);
    for (const auto& p : probed) {
      const auto* step = (p.*step_of)();
      if (const std::optional<double> number = step != nullptr ? value(*step) : std::nullopt)
        metric.add(p.labels, *number);
    }
  };
  using Value = std::optional<double>;
  add("probe_dns_lookup_time_seconds", "Time of the name look-ups of the last run, all steps together.", &Probed::whole,
      [](const StepResult& step) { return Value{seconds(step.phases[Phase::dns])}; });
  add("probe_http_status_code", "HTTP status of the last step of the last run; 0: no answer.", &Probed::http,
      [](const StepResult& step) { return Value{step.status}; });
  add("probe_http_ssl", "1 if the last step of the last run was answered over TLS.", &Probed::http,
      [](const StepResult& step) { return step.status != 0 ? Value{step.certificate_ends ? 1 : 0} : Value{}; });
  add("probe_ssl_earliest_cert_expiry", "When the first certificate of the chain ends, Unix time.", &Probed::whole,
      [](const StepResult& step) {
        return step.certificate_ends ? Value{unix_time(*step.certificate_ends)} : Value{};
      });
  add("probe_ip_protocol", "4 or 6: the address family of the last step.", &Probed::whole, [](const StepResult& step) {
    if (step.address.empty()) return Value{};
    return Value{step.address.find(':') == std::string::npos ? 4 : 6};
  });
  Metric phases(out, "probe_http_duration_seconds", "gauge", "Time of each phase of the last run, all steps together.");
  for (const auto& p : probed) {
    const auto* step = p.http();
    if (step == nullptr) continue;
    const auto& times = step->phases;
    for (const auto& [phase, word] : kPhases) phases.add(p.labels + "," + label("phase", word), seconds(times[phase]));
    phases.add(p.labels + "," + label("phase", "processing"), seconds(times[Phase::send] + times[Phase::wait]));
  }
  Metric at(out, "outaged_probe_last_run_timestamp_seconds", "gauge", "When the last run began, Unix time.");
  for (const auto& p : probed) at.add(p.labels, unix_time(p.result.at));
  Metric classes(out, "outaged_probe_result_class", "gauge", "1 for the class of the last result, 0 for the others.");
  for (const auto& p : probed) {
    for (const auto name : enum_names<ResultClass>())
      classes.add(p.labels + "," + label("class", name), to_string(p.result.result_class) == name ? 1 : 0);
  }
  Metric lag(out, "outaged_probe_start_lag_seconds", "gauge", "How late the event loop was when the last run began.");
  for (const auto& p : probed) lag.add(p.labels, seconds(p.result.loop_lag));
}

void add_components(std::string& out, const Json& status, const std::string& site) {
  const auto labels = [&site](const Json& component) {
    return label("platform", text_of(component, "platform")) + "," + label("function", text_of(component, "function")) +
           "," + label("site", site);
  };
  Metric state(out, "outaged_component_state", "gauge", "1 for the state that the component is believed to be in.");
  for (const auto& one : status["components"]) {
    for (const auto name : enum_names<ComponentState>())
      state.add(labels(one) + "," + label("state", name), text_of(one, "state") == name ? 1 : 0);
  }
  Metric share(out, "outaged_component_failure_ratio", "gauge", "Of recent attempts, how many fail; 0 to 1.");
  for (const auto& one : status["components"]) share.add(labels(one), one.value("failure_share", 0.0));
  Metric attempts(out, "outaged_component_recent_attempts", "gauge",
                  "Conclusive results of the last 15 minutes, or of two rounds of the slowest probe.");
  for (const auto& one : status["components"]) attempts.add(labels(one), one.value("attempts", 0));
  Metric latency(out, "outaged_component_latency_seconds", "gauge",
                 "Duration of the successful ones of the recent attempts.");
  for (const auto& one : status["components"]) {
    const auto of = one.value("latency_ms", Json::object());
    constexpr double kMilli = 1000;
    if (of.contains("p50"))
      latency.add(labels(one) + "," + label("percentile", "50"), of["p50"].get<double>() / kMilli);
    if (of.contains("p95"))
      latency.add(labels(one) + "," + label("percentile", "95"), of["p95"].get<double>() / kMilli);
  }
}

void add_incidents(std::string& out, const Json& status, const std::string& site) {
  std::map<std::string, int> open;
  for (const auto name : enum_names<Severity>()) open[std::string{name}] = 0;
  for (const auto& incident : status["incidents"]) ++open[text_of(incident, "severity")];
  Metric count(out, "outaged_incidents_open", "gauge", "Incidents that are not resolved.");
  for (const auto& [severity, number] : open)
    count.add(label("severity", severity) + "," + label("site", site), number);
  Metric onset(out, "outaged_incident_onset_timestamp_seconds", "gauge",
               "First bad result of an open incident, Unix time.");
  for (const auto& incident : status["incidents"]) {
    const auto at = parse_time(text_of(incident, "onset"));
    if (at)
      onset.add(label("incident", json::written(incident["id"])) + "," +
                    label("severity", text_of(incident, "severity")) + "," + label("site", site),
                unix_time(*at));
  }
}

void add_self(std::string& out, store::Reader& reader, const Json& status, const View& view) {
  const auto site = label("site", text_of(status["site"], "name"));
  Metric(out, "outaged_build_info", "gauge", "1; the version is in the label.").add(label("version", view.version), 1);
  const auto network = text_of(status["site"], "network");
  if (network != "unknown")
    Metric(out, "outaged_site_online", "gauge", "1 if our own network is believed to work.")
        .add(site, network == "online" ? 1 : 0);
  Metric controls(out, "outaged_site_controls", "gauge", "Control probes, by how their last run ended.");
  const int failing = status["site"].value("controls_failing", 0);
  controls.add(site + "," + label("outcome", "failing"), failing);
  controls.add(site + "," + label("outcome", "fine"), status["site"].value("controls", 0) - failing);
  Metric problems(out, "outaged_probe_problem", "gauge", "1 for a probe that cannot ask properly, by what is wrong.");
  for (const auto& one : status["problems"])
    problems.add(label("probe", text_of(one, "probe")) + "," + label("kind", text_of(one, "kind")) + "," + site, 1);
  std::map<std::string, int> probes;
  for (const auto name : enum_names<store::ProbeState>()) probes[std::string{name}] = 0;
  for (const auto& probe : reader.probes()) ++probes[std::string{to_string(probe.state)}];
  Metric count(out, "outaged_probes", "gauge", "Probes of the catalog, by state.");
  for (const auto& [state, number] : probes) count.add(label("state", state) + "," + site, number);
  std::map<std::string, int> pending;
  std::optional<WallTime> oldest;
  for (const auto& entry : reader.pending_outbox()) {
    ++pending[entry.channel];
    if (!oldest || entry.created < *oldest) oldest = entry.created;
  }
  Metric waiting(out, "outaged_outbox_pending", "gauge", "Messages still to be sent, by channel.");
  for (const auto& [channel, number] : pending) waiting.add(label("channel", channel), number);
  Metric(out, "outaged_outbox_oldest_seconds", "gauge", "Age of the oldest message still to be sent; 0: none.")
      .add("", oldest ? seconds(view.now - *oldest) : 0);
  if (const auto started = parse_time(text_of(status["daemon"], "started_at")))
    Metric(out, "outaged_start_timestamp_seconds", "gauge", "When the daemon started, Unix time.")
        .add("", unix_time(*started));
  if (const auto last = parse_time(text_of(status["daemon"], "last_result_at")))
    Metric(out, "outaged_last_result_timestamp_seconds", "gauge", "When the newest result began, Unix time.")
        .add("", unix_time(*last));
}

void add_vitals(std::string& out, const Vitals& vitals, const std::string& site) {
  const auto labels = label("site", site);
  const auto add = [&](const char* name, const char* type, const char* help, auto value) {
    Metric(out, name, type, help).add(labels, static_cast<double>(value));
  };
  const auto& runs = vitals.schedule;
  add("outaged_scheduler_runs_started_total", "counter", "Runs of probes that were begun.", runs.started);
  add("outaged_scheduler_missed_beats_total", "counter",
      "Runs that were due while the one before was not over, or had not begun.", runs.missed_beats);
  add("outaged_scheduler_late_runs_total", "counter",
      "Runs that began more than a quarter interval after they were due.", runs.late);
  add("outaged_scheduler_given_up_runs_total", "counter", "Runs that never answered.", runs.given_up);
  add("outaged_scheduler_refrained_runs_total", "counter", "Runs left out: budget, back-off, spacing.", runs.refrained);
  add("outaged_scheduler_rechecks_total", "counter", "Quick re-checks that were granted.", runs.rechecks);
  add("outaged_scheduler_refused_rechecks_total", "counter", "Quick re-checks that were refused.",
      runs.refused_rechecks);
  add("outaged_scheduler_running", "gauge", "Runs under way.", runs.running);
  add("outaged_scheduler_waiting", "gauge", "Runs that are due and wait for others to end.", runs.waiting);
  const auto& store = vitals.store;
  add("outaged_store_results_written_total", "counter", "Results that are on disk.", store.results);
  add("outaged_store_batches_written_total", "counter", "Batches that are on disk.", store.batches);
  add("outaged_store_commits_total", "counter", "Transactions.", store.commits);
  add("outaged_store_refused_batches_total", "counter", "Batches of results lost because the disk did not keep up.",
      store.refused);
  add("outaged_store_unusable_batches_total", "counter", "Batches that the database did not accept.", store.unusable);
  add("outaged_store_waiting_batches", "gauge", "Batches that wait for the disk.", store.queued);
  add("outaged_store_trouble", "gauge", "1 while the database cannot be written.", store.trouble.empty() ? 0 : 1);
}

}  // namespace

std::string metrics_text(store::Reader& reader, const Json& status, const View& view) {
  const auto site = text_of(status["site"], "name");
  const auto results = reader.latest_results_summed();
  std::vector<Probed> probed;
  for (const auto& result : results)
    probed.push_back({result, label("probe", result.probe.name) + "," + label("platform", result.component.platform) +
                                  "," + label("function", result.component.function) + "," + label("site", site)});
  std::string out;
  add_results(out, probed);
  add_components(out, status, site);
  add_incidents(out, status, site);
  add_self(out, reader, status, view);
  if (view.vitals) add_vitals(out, *view.vitals, site);
  return out;
}

}  // namespace outaged::serve
