#include "store/batch.hpp"

namespace outaged::store {
namespace {

bool has_more_than_results(const Batch& batch) {
  return !(batch.component_states.empty() && batch.site_states.empty() && batch.problems.empty() &&
           batch.incidents.empty() && batch.outbox.empty() && batch.deliveries.empty() && batch.retries.empty() &&
           batch.channel_problems.empty() && batch.silences.empty() && batch.maintenances.empty() &&
           batch.detector_states.empty() && batch.probes.empty() && batch.meta.empty() &&
           batch.learned_answers.empty() && batch.known_addresses.empty() && batch.user_reports.empty() &&
           batch.vendor_readings.empty() && batch.leftovers.empty());
}

}  // namespace

bool Batch::only_results() const {
  return !results.empty() && !has_more_than_results(*this);
}

bool Batch::empty() const {
  return results.empty() && !has_more_than_results(*this);
}

}  // namespace outaged::store
