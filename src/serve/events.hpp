#pragma once
// Events: the stream of server-sent events (WHATWG HTML, section 9.2). Each client has a queue of its own, bounded: one
// that does not keep up is let go and comes back with the id of what it saw last. An id names the run of the daemon and
// the number of the event in it: numbers begin anew with each run. One thread.
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "serve/board.hpp"
#include "serve/http.hpp"

namespace outaged::serve {

class Events {
 public:
  static constexpr std::size_t kMostClients = 512;
  /// Events kept for those that come back.
  static constexpr std::size_t kRemembered = 512;

  Events(boost::asio::any_io_executor executor, std::shared_ptr<Board> board);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  /// Looks at the board from time to time and tells; for as long as this lives.
  void start();

  /// A new client; nothing when there are too many. `seen`: its Last-Event-ID, "" when it has none. It gets what it
  /// missed; or first, when that is not known or does not fit, the event "reset": ask for everything anew.
  std::shared_ptr<Stream> subscribe(std::string_view seen);

  [[nodiscard]] std::size_t clients() const;

  /// Refreshes the board and tells what has happened. Whoever is about to show the board calls this, so that nothing is
  /// shown to one that is not told to the others.
  void look();

 private:
  void publish(const std::vector<Event>& events);
  /// Nothing when it cannot be told.
  [[nodiscard]] std::optional<std::string> missed_since(std::string_view seen) const;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace outaged::serve
