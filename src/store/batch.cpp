#include "store/batch.hpp"

namespace outaged::store {

bool Batch::only_results() const {
  return !results.empty() && component_states.empty() && site_states.empty() && problems.empty() && incidents.empty() &&
         outbox.empty() && deliveries.empty() && detector_states.empty() && probes.empty() && meta.empty();
}

}  // namespace outaged::store
