#pragma once
// The scheduler's prober that asks the real network.
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "probe/runner.hpp"
#include "schedule/prober.hpp"

namespace outaged::daemon {

class NetworkProber final : public schedule::Prober {
 public:
  /// `probes` in the order of the list given to the scheduler. The references must outlive this.
  NetworkProber(boost::asio::io_context& io, probe::Runner& runner,
                std::vector<std::shared_ptr<const probe::Definition>> probes)
      : io_(io), runner_(runner), probes_(std::move(probes)) {}

  void run(std::size_t index, Trigger trigger, Done done) override;

 private:
  boost::asio::io_context& io_;
  probe::Runner& runner_;
  std::vector<std::shared_ptr<const probe::Definition>> probes_;
};

}  // namespace outaged::daemon
