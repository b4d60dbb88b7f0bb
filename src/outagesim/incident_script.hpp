#pragma once
// An incident file (config/incidents/*.json): phases of a real outage, each with platforms, functions, layer and share.
// Pure: tells which faults are on at a given time.
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/json/fault.hpp"
#include "outagesim/fault.hpp"

namespace outaged::sim {

struct IncidentPhase {
  WallTime start;
  WallTime end;
  Fault fault;
};

struct Incident {
  std::string id;
  std::string title;
  std::vector<IncidentPhase> phases;
  std::optional<WallTime> vendor_acknowledged_at;  ///< when the official status page first spoke
  std::optional<WallTime> resolved_at;             ///< when it said that it was over

  [[nodiscard]] WallTime begins() const;
  [[nodiscard]] WallTime ends() const;
  /// The faults of the phases with start <= time < end.
  [[nodiscard]] std::vector<Fault> faults_at(WallTime time) const;
  /// Squeezes or stretches its whole course to `length`, from its beginning on.
  void last(Micros length);
  /// The platforms of all phases.
  [[nodiscard]] std::vector<std::string> platforms() const;
  /// The functions of all phases; none when one of them means all.
  [[nodiscard]] std::vector<std::string> functions() const;
  /// When the answer of faults_at may change, in order.
  [[nodiscard]] std::vector<WallTime> turns() const;
};

/// The path that `name` means: a file, or the only one in `folder` whose name begins so. Or why there is none.
Expected<std::string, std::string> find_incident(const std::string& name, const std::string& folder);

/// Reads the file and reports everything wrong with it.
Expected<Incident, json::Faults> read_incident(const std::string& path);

}  // namespace outaged::sim
