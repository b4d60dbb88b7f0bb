#pragma once
// Archive: answers what must be looked up in the database, on a thread of its own, one question after the other. So a
// month of results that somebody reads keeps nobody waiting who asks for the present. Belongs to the server's thread.
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "serve/http.hpp"
#include "store/late_reader.hpp"

namespace outaged::serve {

class Archive {
 public:
  /// Runs on the archive's thread: it holds all that it needs, and refers to nothing else.
  using Question = std::function<Response(store::Reader&)>;

  explicit Archive(std::string database) : reader_(std::move(database)) {}
  /// Waits for the question under way. Must come before the end of the io_context of those who still wait; they get no
  /// answer any more.
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// The answer, in the form that `request` takes it in (negotiate()); throws what the question throws. Refused while
  /// too many wait.
  boost::asio::awaitable<Response> ask(Request request, Question question);

  /// How many are asked and not answered at most.
  static constexpr int kMostWaiting = 32;

 private:
  store::LateReader reader_;  ///< on the archive's thread
  int waiting_ = 0;
  boost::asio::thread_pool thread_{1};
};

}  // namespace outaged::serve
