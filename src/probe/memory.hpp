#pragma once
// Memory: what probes have learned from healthy targets. For hosts whose answers nobody documents, a step's
// `fingerprint` expectation compares each answer with those learned here: a change is evidence that something is
// different, never proof of an outage. For the day when no name resolves, it also knows where each name last led.
//
// Rules of learning. The first answer of a step is believed. On the first day, another one is believed after a few
// sightings; later only after many, over hours: hosts change their answers for good, outages end before that. Server
// errors and refusals of us are never offered to it (step/http_step.cpp). Bounded. One thread, that of the runner.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/learned.hpp"

namespace outaged::probe {

class Memory {
 public:
  /// Continues with what was kept.
  void restore(std::vector<LearnedAnswer> answers, std::vector<KnownAddress> addresses);

  /// Notes an answer; true when it is one of the usual ones.
  bool recognises(const ProbeId& probe, int step, const std::string& fingerprint, WallTime now);
  /// Whether any answer of this step is known.
  [[nodiscard]] bool knows(const ProbeId& probe, int step) const;
  /// The usual answers, for a person: "a", "a or b".
  [[nodiscard]] std::string usual(const ProbeId& probe, int step) const;

  void note_address(const std::string& host, const std::string& address, WallTime now);
  [[nodiscard]] std::optional<std::string> last_address(const std::string& host) const;

  /// What is to be kept since the last call. What only got a new time is handed out once an hour.
  struct Changes {
    std::vector<LearnedAnswer> answers;
    std::vector<KnownAddress> addresses;
    [[nodiscard]] bool empty() const { return answers.empty() && addresses.empty(); }
  };
  Changes take_changes();

 private:
  template <class T>
  struct Kept {
    T value;
    std::optional<WallTime> handed_out;
    bool changed = true;
  };
  using Place = std::pair<ProbeId, int>;
  static bool believable(const std::vector<Kept<LearnedAnswer>>& answers, const LearnedAnswer& answer);

  std::map<Place, std::vector<Kept<LearnedAnswer>>> answers_;
  std::map<std::string, Kept<KnownAddress>> addresses_;
};

}  // namespace outaged::probe
