#pragma once
// Events: the stream of server-sent events (WHATWG HTML, section 9.2). Each client has a queue of its own, bounded: one
// that does not keep up is let go and comes back with the id of what it saw last. One thread.
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
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

  /// A new client; nothing when there are too many. `seen`: its Last-Event-ID.
  std::shared_ptr<Stream> subscribe(std::uint64_t seen);

  [[nodiscard]] std::size_t clients() const;

  /// Refreshes the board and tells what has happened. Whoever is about to show the board calls this, so that nothing is
  /// shown to one that is not told to the others.
  void look();

 private:
  void publish(const std::vector<Event>& events);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace outaged::serve
