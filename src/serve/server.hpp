#pragma once
// The daemon's HTTP server: TCP and a Unix socket, on a thread of its own. Bounded in every direction: connections,
// header and body sizes, time per read and write.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "serve/http.hpp"
#include "serve/settings.hpp"

namespace outaged::serve {

/// Listening sockets that somebody else has opened (systemd's socket activation) and keeps; -1: none.
struct Inherited {
  int tcp = -1;
  int local = -1;
};

using Now = std::function<WallTime()>;

/// What a client may take up.
struct Bounds {
  std::chrono::milliseconds request_time{30'000};  ///< for a request to come in whole, the wait for it included
  std::chrono::milliseconds answer_time{30'000};   ///< for an answer, or a piece of a stream, to be taken
  std::size_t tcp_clients = 1024;                  ///< beyond, the longest idle one is let go
};

class Server {
 public:
  /// Makes the routes; called once, with the executor of the server's thread, on which all of them will run.
  using Routes = std::function<std::vector<Route>(boost::asio::any_io_executor)>;

  /// `now`: the time that answers are dated with; on the server's thread.
  Server(Settings settings, const Routes& routes, Now now, const Bounds& bounds);
  Server(Settings settings, const Routes& routes, Now now)
      : Server(std::move(settings), routes, std::move(now), Bounds{}) {}
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and begins to answer. The addresses where it listens ("http://127.0.0.1:8460", "unix:/run/…"), or why it
  /// cannot. A Unix socket left behind by a dead daemon is replaced; a live one is an error. Sockets that are inherited
  /// take the place of those of the settings; the server listens on duplicates of them.
  Expected<std::vector<std::string>, std::string> start(const Inherited& inherited);
  Expected<std::vector<std::string>, std::string> start() { return start({}); }

  /// Stops listening, ends the connections and the thread. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::serve
