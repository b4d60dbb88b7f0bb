#include "incident/gateway.hpp"

namespace outaged::incident {

void GatewayWatch::take(const Result& result) {
  if (result.component != kGateway) return;
  last_ = Answer{result.at, result.result_class == ResultClass::success};
  ever_ = ever_ || last_->reached;
  count(*last_);
}

void GatewayWatch::lost(WallTime since) {
  lost_ = since;
  reached_ = missed_ = 0;
  // It may have been asked when the doubt began, before there was enough of it.
  if (last_) count(*last_);
}

void GatewayWatch::count(const Answer& answer) {
  if (lost_ && answer.at >= *lost_) ++(answer.reached ? reached_ : missed_);
}

std::string GatewayWatch::sentence() const {
  if (!ever_ || reached_ + missed_ == 0) return {};
  // A router that starts anew answers before the way beyond it is back.
  return reached_ > missed_ ? "Our gateway answered meanwhile: the trouble was beyond it, with our provider."
                            : "Our gateway did not answer either: the trouble was in our own network.";
}

}  // namespace outaged::incident
