#include "outaged/network_prober.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>

#include "base/log.hpp"

namespace outaged::daemon {

void NetworkProber::run(std::size_t index, Trigger trigger, Done done) {
  auto run = runner_.run(probes_.at(index), trigger);
  boost::asio::co_spawn(
      io_, std::move(run), [this, done = std::move(done)](const std::exception_ptr& error, Result result) {
        if (error == nullptr) {
          if (compressed_)
            result.at = std::max<WallTime>(
                result.at, std::chrono::floor<std::chrono::milliseconds>(timers_.wall_now() - result.took));
          done(std::move(result));
          return;
        }
        // A fault of ours must not stop the schedule: the run is lost, said so, and the next one comes.
        try {
          std::rethrow_exception(error);
        } catch (const std::exception& reason) {
          log::error("run lost", {{"reason", reason.what()}});
        }
        done(std::nullopt);
      });
}

}  // namespace outaged::daemon
