#include "store/batch.hpp"

namespace outaged::store {
namespace {

bool has_expendable(const Batch& batch) {
  return !(batch.results.empty() && batch.learned_answers.empty() && batch.known_addresses.empty() &&
           batch.user_reports.empty() && batch.vendor_readings.empty());
}

bool has_anything_else(const Batch& batch) {
  return !(batch.component_states.empty() && batch.site_states.empty() && batch.problems.empty() &&
           batch.incidents.empty() && batch.outbox.empty() && batch.deliveries.empty() && batch.retries.empty() &&
           batch.channel_problems.empty() && batch.silences.empty() && batch.maintenances.empty() &&
           batch.detector_states.empty() && batch.probes.empty() && batch.meta.empty() && batch.leftovers.empty());
}

}  // namespace

bool Batch::is_expendable() const {
  return has_expendable(*this) && !has_anything_else(*this);
}

bool Batch::empty() const {
  return !has_expendable(*this) && !has_anything_else(*this);
}

}  // namespace outaged::store
