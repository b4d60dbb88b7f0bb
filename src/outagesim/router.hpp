#pragma once
// From a request to what is sent back: finds the endpoint by host and path, lets the fault plan decide, makes the
// healthy answer or the failing one, writes the journal.
#include <string>

#include "base/clock.hpp"
#include "outagesim/fault_plan.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/journal.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

struct Outcome {
  Reply reply;
  Micros delay{0};  ///< to wait, in real time, before the first byte
};

class Router {
 public:
  /// All of them must outlive the router.
  Router(World& world, FaultPlan& plan, Journal& journal) : world_(world), plan_(plan), journal_(journal) {}

  Outcome answer(const Request& request);

 private:
  void keep_partial_bytes(const Request& request);

  World& world_;
  FaultPlan& plan_;
  Journal& journal_;
};

/// `healthy` after the fault: the failing answer that the client gets instead.
Reply play(const Strike& strike, const Request& request, Reply healthy);

}  // namespace outaged::sim
