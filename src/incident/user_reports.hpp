#pragma once
// User reports: what people say does not work for them. They are counted and never trusted alone; many of them within a
// short time raise attention once for each level they reach. Pure; one thread.
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "core/names.hpp"

namespace outaged::incident {

/// What people had said of a component by the time at which its outage was noticed.
struct EarlyReports {
  std::size_t reports = 0;  ///< > 0
  WallTime first;
  std::string words = {};  ///< of the latest who said more than that it does not work; or empty
  bool operator==(const EarlyReports&) const = default;
};

class UserReports {
 public:
  /// Reports within it count together.
  static constexpr Micros kWindow = std::chrono::minutes{10};
  /// The first level; each further one is a little more than three times as high: 3, 10, 30, 100 …
  static constexpr std::size_t kFirstLevel = 3;

  /// One more report, with what its user has to say or "". How many came within the window, when with it a level is
  /// reached that was not yet.
  std::optional<std::size_t> add(const ComponentId& component, WallTime now, const std::string& words = {});

  /// For so long it is remembered who noticed an outage before the probes did.
  static constexpr Micros kRemembered = std::chrono::hours{1};
  [[nodiscard]] std::optional<EarlyReports> early(const ComponentId& component, WallTime now) const;
  /// Its outage is over: what was said of it concerns no later one.
  void forget(const ComponentId& component) { recent_.erase(component); }

 private:
  struct Recent {
    std::deque<WallTime> times;  ///< sorted
    std::string words;
    WallTime words_at;
    std::size_t next_level = kFirstLevel;
  };
  std::map<ComponentId, Recent> recent_;
};

/// For a timeline: "12 users report trouble within ten minutes: Media upload on WhatsApp."
std::string sentence_on_reports(const ComponentId& component, std::size_t reports);
/// "A user reports trouble: Media upload on WhatsApp. “Photos hang at 99 %”"
std::string sentence_on_words(const ComponentId& component, const std::string& words);
/// "13 user reports since 12:02 UTC, before it was detected: Media upload on WhatsApp. “Photos hang at 99 %”"
std::string sentence_on_early_reports(const ComponentId& component, const EarlyReports& early);

}  // namespace outaged::incident
