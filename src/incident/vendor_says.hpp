#pragma once
// What vendors say, beside what the probes find: which words of theirs belong on the timeline of an incident, and how
// much earlier or later than our detection they came. Vendors' words never make or end an incident. Pure; one thread.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/vendor.hpp"
#include "incident/incident.hpp"

namespace outaged::incident {

class VendorSays {
 public:
  /// The probe has read `vendor`'s page: all that it says now.
  void take(const ProbeId& probe, const std::string& vendor, const std::vector<VendorClaim>& claims, WallTime now);

  /// What is to be noted on this incident's timeline and does not stand there yet: trouble that concerns its platforms,
  /// and the end of trouble that stands there.
  [[nodiscard]] std::vector<std::string> news(const Incident& incident) const;

 private:
  struct Said {
    std::string vendor;
    VendorClaim claim;
    WallTime first_seen;  ///< in this state
  };
  std::map<std::pair<ProbeId, std::string>, Said> said_;  ///< by probe and subject
};

}  // namespace outaged::incident
