#pragma once
// Running one step. Each kind is one function in a file of its own; the runner picks it by Step::kind(). The pointers
// in the context outlive the call.
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "core/result.hpp"
#include "net/http_engine.hpp"
#include "net/resolver.hpp"
#include "probe/classify.hpp"
#include "probe/definition.hpp"
#include "probe/memory.hpp"

namespace outaged::probe {

struct StepContext {
  net::HttpEngine* engine = nullptr;
  net::Resolver* resolver = nullptr;
  const Definition* definition = nullptr;
  const Step* step = nullptr;
  std::uint8_t index = 0;
  RunValues* values = nullptr;
  Memory* memory = nullptr;
  Micros timeout{0};  ///< what is left of the run's
  WallTime now;
};

struct StepOutcome {
  std::vector<StepResult> records;  ///< one, and one more for each redirect
  std::optional<Verdict> verdict;   ///< set when the step failed
  /// The failure is an expectation that did not hold (yet), not a broken exchange.
  bool unexpected_answer = false;
  bool slow = false;
  Micros loop_lag{0};
  std::map<std::string, std::string> saved;
  std::vector<VendorClaim> vendor;
  Usage usage;

  [[nodiscard]] Micros took() const {
    Micros sum{0};
    for (const auto& record : records) sum += record.phases.total();
    return sum;
  }
};

boost::asio::awaitable<StepOutcome> run_http_step(StepContext context);
boost::asio::awaitable<StepOutcome> run_connect_step(StepContext context);
boost::asio::awaitable<StepOutcome> run_dns_step(StepContext context);

/// Resolves `host` and puts the time into `record`; the address, or the failure in `outcome`. A step that says so falls
/// back on the address that the name last had.
boost::asio::awaitable<std::optional<std::string>> find_address(StepContext context, std::string host,
                                                                std::optional<net::IpFamily> family, Micros timeout,
                                                                StepResult* record, StepOutcome* outcome);

/// Copies what the exchange measured.
void note_exchange(const net::HttpExchange& exchange, StepResult& record);

/// Ends the step with a verdict, on its last record.
void conclude(StepOutcome& outcome, Verdict verdict);

}  // namespace outaged::probe
