#pragma once
// What the simulated name servers say: every name that the simulator plays leads to loopback, by the aliases that the
// real zones have; dns faults of the plan come on top. No other names exist in the platforms' zones; elsewhere control
// resolvers know every name.
#include <optional>
#include <span>

#include "outagesim/dns_message.hpp"
#include "outagesim/fault_plan.hpp"

namespace outaged::sim {

struct DnsOutcome {
  std::optional<DnsReply> reply;  ///< nothing: no answer at all
  std::optional<Strike> strike;
  const Host* host = nullptr;  ///< whose name was asked for
};

/// Who is asked: the resolver that platform probes use, or a public one that serves as control and knows every name.
/// An authority is one of the platforms' own name servers: it knows their zones and refuses all else, and while the
/// names are gone, it does not answer at all.
enum class Resolver { own, control, authority };

/// `families`: of the addresses that names have.
DnsOutcome resolve(Resolver resolver, const DnsQuery& query, FaultPlan& plan, std::span<const AddressFamily> families);

}  // namespace outaged::sim
