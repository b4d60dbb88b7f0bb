#include "store/sample.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"

namespace outaged::test {

using namespace std::chrono_literals;

WallTime base_time() {
  return *parse_time("2019-07-03T14:00:00Z");
}

Result healthy_run(const std::string& probe, int minute) {
  StepResult step;
  step.phases.of = {1200us, 21'000us, 45'000us, 80us, 130'000us, 900us};
  step.address = "157.240.1.35";
  step.status = 200;
  step.certificate_ends = base_time() + 24h * 60;
  Result result;
  result.probe = {probe};
  result.component = {"whatsapp", "media-upload"};
  result.at = base_time() + std::chrono::minutes{minute};
  result.took = step.phases.total();
  result.loop_lag = 2ms;
  result.steps.push_back(std::move(step));
  return result;
}

Result failed_run(const std::string& probe, int minute) {
  Result result = healthy_run(probe, minute);
  result.steps.front().bytes_sent = 49'152;
  StepResult second = result.steps.front();
  second.step = 1;
  second.status = 503;
  second.bytes_received = 94;
  second.result_class = ResultClass::platform_failure;
  second.failure = Failure{Layer::http, Phase::receive, "gateway_503", "HTTP 503; text/html"};
  result.took += second.phases.total();
  result.result_class = second.result_class;
  result.failure = second.failure;
  result.steps.push_back(std::move(second));
  return result;
}

incident::Incident open_incident(std::int64_t number) {
  incident::AffectedComponent component;
  component.id = {"whatsapp", "media-upload"};
  component.state = ComponentState::partial_outage;
  component.peak_state = ComponentState::major_outage;
  component.onset = base_time();
  component.joined_at = base_time() + 40s;
  component.last_failure = base_time() + 35s;
  component.share = 0.65;
  component.worst_share = 0.9;
  component.layer = Layer::http;
  component.kind = "gateway_503";
  component.example = "HTTP 503; text/html";
  incident::Incident incident;
  incident.id = {number};
  incident.severity = Severity::major;
  incident.peak_severity = Severity::major;
  incident.title = "Media upload fails on WhatsApp";
  incident.diagnosis = "About 65 % of attempts have failed since 14:00 UTC.";
  incident.shared_cause = true;
  incident.layer = Layer::http;
  incident.onset = base_time();
  incident.opened_at = base_time() + 40s;
  incident.components.push_back(component);
  incident.timeline.push_back(
      {base_time() + 40s, incident::UpdateKind::detected, IncidentState::investigating, "Detected."});
  return incident;
}

store::OutboxMessage message_for(std::int64_t incident, const std::string& channel, const std::string& kind) {
  return {.reference = std::to_string(incident) + "-" + kind,
          .incident = {incident},
          .channel = channel,
          .kind = kind,
          .payload = "{}",
          .created = base_time(),
          .not_before = base_time(),
          .expires = base_time() + 24h};
}

std::unique_ptr<store::Writer> open_writer(const std::string& path) {
  store::Settings settings;
  settings.path = path;
  settings.retention = 24h;
  auto opened = store::Writer::open(settings, base_time);
  if (!opened) FAIL(opened.error().reason);
  return std::move(*opened);
}

store::Reader open_reader(const std::string& path) {
  auto opened = store::Reader::open(path);
  if (!opened) FAIL(opened.error());
  return std::move(*opened);
}

store::Batch batch_of(Result result) {
  store::Batch batch;
  batch.results.push_back(std::move(result));
  return batch;
}

}  // namespace outaged::test
