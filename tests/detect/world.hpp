#pragma once
// A small simulated world for tests of detection: probes that run on their intervals and when the detector asks for
// re-checks, answers by a rule of the test, a detector that is fed as the daemon feeds it. No real time passes.
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "detect/detector.hpp"

namespace outaged::test {

using namespace std::chrono_literals;

inline WallTime at(const char* text) {
  return *parse_time(text);
}
inline const WallTime kStart = at("2026-03-02T00:00:00Z");
/// When a test's fault begins: two quiet hours have been seen by then.
inline const WallTime kFrom = kStart + std::chrono::hours{2};

inline detect::ProbeInfo probe(const std::string& component, const std::string& endpoint = {}, Micros interval = 60s) {
  const auto id = *parse_component(component);
  auto host = endpoint.empty() ? id.function + "." + id.platform + ".example" : endpoint;
  return {ProbeId{id.platform + "." + id.function + (endpoint.empty() ? "" : "." + endpoint)}, id, interval, Tier::open,
          std::move(host)};
}

/// Three unrelated hosts.
inline std::vector<detect::ProbeInfo> controls(int count = 3) {
  std::vector<detect::ProbeInfo> out;
  for (int i = 0; i < count; ++i) out.push_back(probe("control/web", "host-" + std::to_string(i)));
  return out;
}

inline std::vector<detect::ProbeInfo> operator+(std::vector<detect::ProbeInfo> one,
                                                const std::vector<detect::ProbeInfo>& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

inline std::vector<detect::ProbeInfo> name_servers(int count) {
  std::vector<detect::ProbeInfo> out;
  for (int i = 0; i < count; ++i) out.push_back(probe("control/dns", "resolver-" + std::to_string(i)));
  return out;
}

/// Controls of every kind: four hosts over HTTP, three name servers, our gateway.
inline std::vector<detect::ProbeInfo> all_kinds_of_controls() {
  return controls(4) + name_servers(3) + std::vector{probe("control/gateway")};
}

inline std::vector<detect::ProbeInfo> probes_of(const std::vector<std::string>& components) {
  std::vector<detect::ProbeInfo> out;
  for (const auto& component : components) out.push_back(probe(component));
  return out;
}

/// Three platforms, four functions.
inline std::vector<detect::ProbeInfo> twelve_probes() {
  std::vector<std::string> components;
  for (const std::string platform : {"whatsapp", "instagram", "facebook"}) {
    for (const std::string function : {"media-upload", "media-download", "message", "login"}) {
      components.push_back(platform + "/" + function);
    }
  }
  return probes_of(components);
}

/// What a probe was answered.
struct Answer {
  ResultClass result_class = ResultClass::success;
  Micros took = 200ms;
  Layer layer = Layer::http;
  std::string kind = "status";
  std::string detail = "HTTP 503";
  bool slow = false;
};
inline Answer ok() {
  return {};
}
inline Answer slow_answer() {
  Answer answer;
  answer.slow = true;
  answer.took = 4s;
  return answer;
}
inline Answer failure(Layer layer = Layer::http, const std::string& kind = "status", Micros took = 200ms) {
  return {ResultClass::platform_failure, took, layer, kind, "HTTP 503", false};
}
inline Answer time_out() {
  return failure(Layer::timeout, "no_answer", 10s);
}
inline Answer our_fault(const std::string& kind, Layer layer = Layer::api) {
  return {ResultClass::our_fault, 200ms, layer, kind, "code 190", false};
}
inline Answer blocked() {
  return {ResultClass::blocked, 200ms, Layer::http, "captcha", "a captcha", false};
}

inline Result result_of(const detect::ProbeInfo& probe, WallTime began, const Answer& answer) {
  Result result;
  result.probe = probe.id;
  result.component = probe.component;
  result.at = began;
  result.took = answer.took;
  result.result_class = answer.result_class;
  result.slow = answer.slow;
  if (probe.component.function == "dns") result.steps.emplace_back().kind = StepKind::dns;
  if (answer.result_class != ResultClass::success) {
    result.failure = Failure{answer.layer, std::nullopt, answer.kind, answer.detail};
  }
  return result;
}

inline bool is_control(const detect::ProbeInfo& probe) {
  return probe.component.platform == kControlPlatform;
}

class World {
 public:
  using Rule = std::function<Answer(const detect::ProbeInfo&, WallTime, Random&)>;

  World(std::vector<detect::ProbeInfo> probes, Rule rule, std::uint64_t seed = 1, detect::Settings settings = {})
      : detector(settings, probes),
        probes_(std::move(probes)),
        settings_(settings),
        rule_(std::move(rule)),
        random_(seed) {
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      index_[probes_[i].id] = i;
      runs_.emplace_back();
      const auto offset =
          static_cast<Micros::rep>(random_.uniform() * static_cast<double>(probes_[i].interval.count()));
      push(kStart + Micros{offset}, i, true, {});
    }
  }

  /// Lets time pass; may be called again with a later time.
  void run_until(WallTime end) {
    while (!events_.empty() && events_.top().when <= end) {
      const Event event = events_.top();
      events_.pop();
      pass_deadlines(event.when);
      now_ = event.when;
      if (event.result) {
        finish(event);
      } else {
        start(event);
      }
      if (after_each) after_each();
    }
    pass_deadlines(end);
    now_ = end;
  }

  /// The daemon is restarted: nothing remains but what was saved. False when the saved state is refused.
  bool restart() {
    const auto saved = detector.save();
    detector = detect::Detector{settings_, probes_};
    return detector.load(saved).has_value();
  }

  [[nodiscard]] std::vector<detect::ComponentFinding> of_components() const { return of<detect::ComponentFinding>(); }
  [[nodiscard]] std::vector<detect::SiteFinding> of_site() const { return of<detect::SiteFinding>(); }
  [[nodiscard]] std::vector<detect::ProbeProblem> of_problems() const { return of<detect::ProbeProblem>(); }
  [[nodiscard]] std::vector<detect::ComponentFinding> turns(detect::Turn turn) const {
    std::vector<detect::ComponentFinding> out;
    for (const auto& one : of_components()) {
      if (one.turn == turn) out.push_back(one);
    }
    return out;
  }
  [[nodiscard]] WallTime now() const { return now_; }
  [[nodiscard]] std::uint64_t results() const { return results_; }

  detect::Detector detector;
  std::vector<detect::Finding> findings;
  std::function<void(const detect::Finding&)> on_finding;
  std::function<void(const ComponentId&, WallTime)> on_answer;
  std::function<void(WallTime)> on_time;
  std::function<void()> after_each;
  Micros clock_error{0};  ///< what the machine's wall clock is off by
  bool grant_rechecks = true;

 private:
  struct Event {
    WallTime when;
    std::uint64_t number = 0;
    std::size_t probe = 0;
    bool scheduled = false;
    std::optional<Answer> result;
    WallTime began{};
    bool operator<(const Event& other) const { return when != other.when ? when > other.when : number > other.number; }
  };
  struct Run {
    bool running = false;
    std::optional<WallTime> recheck;
  };

  template <class T>
  [[nodiscard]] std::vector<T> of() const {
    std::vector<T> out;
    for (const auto& finding : findings) {
      if (const auto* one = std::get_if<T>(&finding)) out.push_back(*one);
    }
    return out;
  }

  void push(WallTime when, std::size_t index, bool scheduled, std::optional<Answer> result, WallTime began = {}) {
    events_.push({when, ++number_, index, scheduled, std::move(result), began});
  }

  void start(const Event& event) {
    Run& run = runs_[event.probe];
    if (event.scheduled) {
      push(event.when + probes_[event.probe].interval, event.probe, true, {});
    } else if (run.recheck != event.when) {
      return;
    } else {
      run.recheck.reset();
    }
    if (run.running) return;
    run.running = true;
    const Answer answer = rule_(probes_[event.probe], event.when, random_);
    push(event.when + answer.took, event.probe, false, answer, event.when);
  }

  void finish(const Event& event) {
    runs_[event.probe].running = false;
    ++results_;
    const auto decisions = detector.observe(result_of(probes_[event.probe], event.began + clock_error, *event.result));
    if (decisions.answered && on_answer) on_answer(probes_[event.probe].component, *decisions.answered);
    take(decisions);
    if (on_time) on_time(event.when + clock_error);
  }

  void pass_deadlines(WallTime until) {
    for (auto due = detector.next_deadline(); due && *due <= until + clock_error; due = detector.next_deadline()) {
      take(detector.advance(std::max(*due, now_ + clock_error)));
      if (on_time) on_time(std::max(*due, now_ + clock_error));
    }
    if (on_time) on_time(until + clock_error);
  }

  void take(const detect::Decisions& decisions) {
    for (const auto& finding : decisions.findings) {
      findings.push_back(finding);
      if (on_finding) on_finding(finding);
    }
    if (!grant_rechecks) return;
    for (const auto& wanted : decisions.rechecks) {
      const std::size_t index = index_.at(wanted.probe);
      const WallTime due = now_ + wanted.after;
      Run& run = runs_[index];
      if (run.recheck && *run.recheck <= due && *run.recheck > now_) continue;
      run.recheck = due;
      push(due, index, false, {});
    }
  }

  std::vector<detect::ProbeInfo> probes_;
  detect::Settings settings_;
  Rule rule_;
  Random random_;
  std::map<ProbeId, std::size_t> index_;
  std::vector<Run> runs_;
  std::priority_queue<Event> events_;
  std::uint64_t number_ = 0;
  std::uint64_t results_ = 0;
  WallTime now_ = kStart;
};

}  // namespace outaged::test
