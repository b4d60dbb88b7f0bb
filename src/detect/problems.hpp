#pragma once
// Why a probe cannot ask properly: opened when it is sure enough, closed by the first proper answer; for one that is
// left alone, by the first after which it is not left alone again.
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "detect/finding.hpp"

namespace outaged::detect {

/// One probe's problem. At most one is open.
class ProblemWatch {
 public:
  ProblemWatch(ProbeId probe, ComponentId component) : probe_(std::move(probe)), component_(std::move(component)) {}

  /// A result, known at `known_at`, that says nothing because of `kind`. Adds to `findings` what a person should know.
  void seen(ProblemKind kind, const std::string& detail, WallTime known_at, WallTime now,
            std::vector<Finding>& findings);
  /// For so long that it is a problem, the probe is not run: its target has turned us away, or is about to.
  void left_alone(const std::string& why, WallTime now, std::vector<Finding>& findings);
  /// It may run.
  void let_go(WallTime now, std::vector<Finding>& findings);
  /// The probe asked properly and was answered.
  void solved(WallTime now, std::vector<Finding>& findings);

  [[nodiscard]] const std::optional<ProbeProblem>& open() const { return open_; }

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  void close(WallTime now, std::vector<Finding>& findings);

  ProbeId probe_;
  ComponentId component_;
  std::optional<ProblemKind> latest_;
  int in_a_row_ = 0;
  WallTime since_{};  ///< first of those in a row
  /// What is open goes on until an answer after which the probe is not left alone; a restart forgets it, at the price
  /// of a second notice at most.
  bool rests_ = false;
  bool answered_ = false;  ///< since it was last seen to be left alone
  std::optional<ProbeProblem> open_;
};

}  // namespace outaged::detect
