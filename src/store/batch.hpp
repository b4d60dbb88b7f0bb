#pragma once
// Batch: what belongs into one transaction. Whatever is in it is on disk together or not at all.
#include <optional>
#include <string>
#include <vector>

#include "core/learned.hpp"
#include "core/leftover.hpp"
#include "core/result.hpp"
#include "detect/finding.hpp"
#include "incident/incident.hpp"
#include "store/rows.hpp"

namespace outaged::store {

/// From `since` on the component is in this state; ends the interval before.
struct ComponentStateChange {
  ComponentId component;
  ComponentState state = ComponentState::unknown;
  WallTime since;
};

/// A message for one channel; the outbox gives it its id.
struct OutboxMessage {
  std::string reference;  ///< idempotency key; the same reference on the same channel is written once
  IncidentId incident;    ///< number 0: none
  std::string channel;
  std::string kind;
  std::string payload;
  WallTime created;
  WallTime not_before;
  WallTime expires;
  std::size_t told = 0;  ///< entries of the incident's timeline that it tells of
};

/// What became of one attempt at an outbox row.
struct DeliveryRecord {
  std::int64_t outbox = 0;
  WallTime at;
  std::string outcome;  ///< delivered, retry, failed, expired
  std::string detail;
  WallTime next_attempt;      ///< for retry
  std::string handle = {};    ///< begins the channel's conversation about the incident
  std::string fallback = {};  ///< the message is due on this channel too, from now on
};

/// Somebody wants another try at a message that was given up; id 0: at all of them.
struct Retry {
  std::int64_t outbox = 0;
  WallTime at;
  WallTime expires;
};

/// What users said of a component; of one minute all are counted together.
struct UserReport {
  ComponentId component;
  WallTime at;
};

/// A status page as it was read: replaces what it said before.
struct VendorReading {
  ProbeId probe;
  std::string vendor;
  WallTime at;
  std::vector<VendorClaim> claims;
};

/// Something that a probe made is still there, or (`gone`) no longer.
struct LeftoverChange {
  Leftover leftover;
  bool gone = false;
};

struct Batch {
  std::vector<Result> results = {};
  std::vector<ComponentStateChange> component_states = {};
  std::vector<detect::SiteFinding> site_states = {};
  std::vector<detect::ProbeProblem> problems = {};
  std::vector<incident::Incident> incidents = {};  ///< whole values; of timelines only the new end is written
  std::vector<OutboxMessage> outbox = {};
  std::vector<DeliveryRecord> deliveries = {};
  std::vector<Retry> retries = {};
  std::vector<ChannelProblem> channel_problems = {};
  std::vector<Silence> silences = {};          ///< new, or changed
  std::vector<Maintenance> maintenances = {};  ///< new, or changed
  std::vector<DetectorState> detector_states = {};
  std::vector<ProbeRow> probes = {};  ///< the whole catalog; probes not named become "gone". Empty: no change
  std::vector<Meta> meta = {};
  std::vector<LearnedAnswer> learned_answers = {};
  std::vector<KnownAddress> known_addresses = {};
  std::vector<UserReport> user_reports = {};
  std::vector<VendorReading> vendor_readings = {};
  std::vector<LeftoverChange> leftovers = {};

  /// Nothing but what comes again or is missed by nobody for long: results, what is learned of targets or read off
  /// status pages, counts of users' reports. It may be lost when the disk cannot keep up; anything else may not.
  [[nodiscard]] bool is_expendable() const;
  [[nodiscard]] bool empty() const;
};

}  // namespace outaged::store
