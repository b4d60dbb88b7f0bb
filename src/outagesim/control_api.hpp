#pragma once
// The simulator's own API, plain HTTP on loopback, JSON:
//   GET    /healthz, /state, /journal?after=N&limit=N
//   GET    /faults         what is on
//   PUT    /faults         [fault, …] instead of all that were on
//   POST   /faults         fault → {"id"}
//   DELETE /faults         all off;  DELETE /faults/{id}  one
//   PUT    /control-hosts  {"cut", "platforms", "dns"}: our own network is lost or back
//   PUT    /vendor         {"platforms", "title", "acknowledged_after", "resolved_after"}: what the official status
//   page
//                          will say, so long from now; without "acknowledged_after" it stays quiet
//   PUT    /tokens/{platform}  {"state": "valid|expired|rate_limited|no_permission"}: all of a platform's tokens
//   PUT    /tokens/{secret}    {"scopes", "expires_after"}: one token, by the name of its secret; both may be left out
//   PUT    /limits/{platform}  {"calls_per_hour"}: of the Graph API; further calls within the hour are refused
//   PUT    /feeds/{platform}   {"newest": ["picture|webp|film|text|hidden", …]}: its newest entries; older: pictures
// A fault is described in fault.hpp. What cannot be understood is answered with 400 and every reason.
#include <functional>

#include "base/json/fault.hpp"
#include "outagesim/fault_plan.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/journal.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

/// Loss of our own network: which ports behave as if unplugged.
struct NetworkCut {
  bool cut = false;       ///< control hosts
  bool platforms = true;  ///< and, with them, the platforms' ports
  bool dns = false;       ///< and the name server
};

class ControlApi {
 public:
  struct Hooks {
    std::function<void()> faults_changed;
    std::function<void(const NetworkCut&)> network;
    std::function<json::Json()> state;  ///< what /state tells besides faults and tokens
  };

  /// All must outlive the API.
  ControlApi(World& world, FaultPlan& plan, Journal& journal, Hooks hooks);

  Reply answer(const Request& request);

 private:
  Reply change_faults(const Request& request, const std::vector<std::string>& path);
  Reply show_alert(const Request& request);
  Reply set_network(const Request& request);
  Reply set_vendor(const Request& request);
  Reply set_tokens(const Request& request, const std::string& platform);
  Reply set_token(const Request& request, const std::string& secret);
  Reply set_limit(const Request& request, const std::string& platform);
  Reply set_feed(const Request& request, const std::string& platform);
  Reply show_journal(const Request& request) const;
  Reply show_state() const;

  World& world_;
  FaultPlan& plan_;
  Journal& journal_;
  Hooks hooks_;
};

}  // namespace outaged::sim
