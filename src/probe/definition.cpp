#include "probe/definition.hpp"

#include <algorithm>

#include "probe/target.hpp"

namespace outaged::probe {
namespace {

class Binder {
 public:
  Binder(const FixedValues& values, const std::vector<std::string>& secrets, json::Faults& faults) : faults_(faults) {
    known_.fixed = &values;
    known_.required_secrets = secrets;
  }

  void bind(Step& step) {
    if (step.http) bind(*step.http);
    if (step.tcp) bind(step.tcp->target);
    if (step.tls) bind(step.tls->target);
    if (step.dns) {
      bind(step.dns->name);
      if (step.dns->server) bind(*step.dns->server);
    }
    if (step.expect.sha256) bind(*step.expect.sha256);
    for (const auto& [name, rule] : step.save) known_.saved.push_back(name);
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  void bind(HttpStep& http) {
    known_.media = known_.media || http.media.has_value();
    bind(http.url);
    bind(http.headers);
    bind(http.query);
    bind(http.json_texts);
    if (http.body) bind(*http.body);
    if (http.form) bind(*http.form);
    if (!http.multipart) return;
    for (auto& field : *http.multipart) {
      if (field.value) bind(*field.value);
    }
  }
  void bind(std::map<std::string, TextTemplate>& templates) {
    for (auto& [name, text] : templates) bind(text);
  }
  void bind(TextTemplate& text) { whole_ = text.bind(known_, faults_) && whole_; }

  TextTemplate::Known known_;
  json::Faults& faults_;
  bool whole_ = true;
};

}  // namespace

bool bind_names(Definition& definition, const FixedValues& values, json::Faults& faults) {
  Binder binder(values, definition.required_secrets, faults);
  for (auto& step : definition.steps) binder.bind(step);
  return binder.whole();
}

Micros UntilRule::pause_after(std::int64_t attempt) const {
  Micros next = pause;
  for (std::int64_t i = 1; i < attempt && longest_pause && next < *longest_pause; ++i) next *= 2;
  return longest_pause ? std::min(next, *longest_pause) : next;
}

std::optional<std::size_t> Definition::step_named(std::string_view name) const {
  const auto found = std::ranges::find(steps, name, &Step::name);
  return found == steps.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - steps.begin()));
}

std::string Definition::endpoint() const {
  const auto& step = steps.front();
  const RunValues none;
  if (step.http) return host_of(step.http->url.render(none));
  if (step.tcp) return host_of(step.tcp->target.render(none));
  if (step.tls) return host_of(step.tls->target.render(none));
  // All steps of independent questions together are one witness.
  return step.dns->server && !enough ? step.dns->server->render(none) : host_of(step.dns->name.render(none));
}

}  // namespace outaged::probe
