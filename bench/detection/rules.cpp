#include "detection/rules.hpp"

#include <array>
#include <deque>
#include <map>
#include <set>
#include <utility>

namespace outaged::bench {
namespace {

using namespace std::chrono_literals;

/// Alarms of single components (or platforms). What is shown is one incident for as long as any alarm stands; every
/// alarm and every all-clear is a message.
class Alarms {
 public:
  void raise(const ComponentId& what, WallTime at) {
    if (!standing_.insert(what).second) return;
    if (standing_.size() == 1) shown_.push_back({at, std::nullopt, {}, 0});
    shown_.back().components.push_back(what);
    ++shown_.back().messages;
  }
  void clear(const ComponentId& what, WallTime at) {
    if (standing_.erase(what) == 0) return;
    ++shown_.back().messages;
    if (!standing_.empty()) return;
    shown_.back().resolved = at;
    shown_.back().all_clears.push_back(at);
  }
  [[nodiscard]] const std::vector<Shown>& shown() const { return shown_; }

 private:
  std::set<ComponentId> standing_;
  std::vector<Shown> shown_;
};

/// So many failures in a row, lasting so long, raise an alarm; so many successes in a row end it.
struct InARowSettings {
  int failures = 1;
  int successes = 1;
  Micros lasting{0};
  bool anchored = false;  ///< a failure does not count while the first control host cannot be reached
};

class InARow final : public Monitor {
 public:
  explicit InARow(InARowSettings settings) : settings_(settings) {}

  std::vector<detect::Recheck> take(const Result& result) override {
    const bool failed = result.result_class == ResultClass::platform_failure;
    if (!failed && result.result_class != ResultClass::success) return {};
    if (result.component.platform == kControlPlatform) {
      if (result.probe.name == "control-0") reachable_ = !failed;
      return {};
    }
    if (failed && settings_.anchored && !reachable_) return {};
    Row& row = rows_[result.component];
    if (failed) {
      if (row.failures == 0) row.since = result.known_at();
      ++row.failures;
      row.successes = 0;
      if (row.failures >= settings_.failures && result.known_at() - row.since >= settings_.lasting) {
        alarms_.raise(result.component, result.known_at());
      }
    } else {
      row.failures = 0;
      if (++row.successes >= settings_.successes) alarms_.clear(result.component, result.known_at());
    }
    return {};
  }
  [[nodiscard]] std::vector<Shown> shown() const override { return alarms_.shown(); }

 private:
  struct Row {
    int failures = 0;
    int successes = 0;
    WallTime since;
  };
  InARowSettings settings_;
  bool reachable_ = true;
  std::map<ComponentId, Row> rows_;
  Alarms alarms_;
};

/// Several windows, several burn rates, per platform (Beyer et al., "The Site Reliability Workbook", O'Reilly 2018,
/// chapter 5): the error budget burns 14.4 times too fast over an hour and five minutes, or 6 times over six hours and
/// thirty minutes.
class BurnRate final : public Monitor {
 public:
  explicit BurnRate(double budget) : budget_(budget) {}

  std::vector<detect::Recheck> take(const Result& result) override {
    const bool failed = result.result_class == ResultClass::platform_failure;
    if (!failed && result.result_class != ResultClass::success) return {};
    if (result.component.platform == kControlPlatform) return {};
    Platform& platform = platforms_[result.component.platform];
    for (Window& window : platform.windows) window.add(result.known_at(), failed);
    if (failed) platform.failing.insert(result.component);
    const auto& [hour, five, six_hours, thirty] = platform.windows;
    const bool burns = (hour.share() > 14.4 * budget_ && five.share() > 14.4 * budget_) ||
                       (six_hours.share() > 6 * budget_ && thirty.share() > 6 * budget_);
    if (burns) {
      alarms_.raise({result.component.platform, "all"}, result.known_at());
    } else {
      alarms_.clear({result.component.platform, "all"}, result.known_at());
    }
    return {};
  }
  /// It knows platforms only: it names the components that failed.
  [[nodiscard]] std::vector<Shown> shown() const override {
    auto out = alarms_.shown();
    for (Shown& one : out) {
      std::vector<ComponentId> named;
      for (const ComponentId& id : one.components) {
        const auto& failing = platforms_.at(id.platform).failing;
        named.insert(named.end(), failing.begin(), failing.end());
      }
      one.components = std::move(named);
    }
    return out;
  }

 private:
  class Window {
   public:
    explicit Window(Micros length) : length_(length) {}
    void add(WallTime at, bool failed) {
      seen_.emplace_back(at, failed);
      failures_ += failed ? 1 : 0;
      while (seen_.front().first + length_ < at) {
        failures_ -= seen_.front().second ? 1 : 0;
        seen_.pop_front();
      }
    }
    [[nodiscard]] double share() const { return static_cast<double>(failures_) / static_cast<double>(seen_.size()); }

   private:
    Micros length_;
    std::deque<std::pair<WallTime, bool>> seen_;
    int failures_ = 0;
  };
  struct Platform {
    std::array<Window, 4> windows{Window{1h}, Window{5min}, Window{6h}, Window{30min}};
    std::set<ComponentId> failing;
  };
  double budget_;
  std::map<std::string, Platform> platforms_;
  Alarms alarms_;
};

using Probes = std::vector<detect::ProbeInfo>;

}  // namespace

std::vector<Rule> rules() {
  std::vector<Rule> out;
  out.push_back({"3 failures / 2 successes in a row", [](const Probes&) -> std::unique_ptr<Monitor> {
                   return std::make_unique<InARow>(InARowSettings{3, 2, 0s, false});
                 }});
  out.push_back({"the same with a connectivity anchor", [](const Probes&) -> std::unique_ptr<Monitor> {
                   return std::make_unique<InARow>(InARowSettings{3, 2, 0s, true});
                 }});
  out.push_back({"one retry", [](const Probes&) -> std::unique_ptr<Monitor> {
                   return std::make_unique<InARow>(InARowSettings{2, 1, 0s, false});
                 }});
  out.push_back({"failing for 5 minutes", [](const Probes&) -> std::unique_ptr<Monitor> {
                   return std::make_unique<InARow>(InARowSettings{1, 1, 5min, false});
                 }});
  out.push_back({"burn rate at 99.9 %",
                 [](const Probes&) -> std::unique_ptr<Monitor> { return std::make_unique<BurnRate>(0.001); }});
  out.push_back({"burn rate at 99 %",
                 [](const Probes&) -> std::unique_ptr<Monitor> { return std::make_unique<BurnRate>(0.01); }});
  return out;
}

}  // namespace outaged::bench
