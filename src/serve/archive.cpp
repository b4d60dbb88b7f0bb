#include "serve/archive.hpp"

#include <exception>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/completion.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;

constexpr auto kSecondsToWait = "2";

struct Outcome {
  Response response;
  std::exception_ptr failure;
};

Response too_many() {
  Response refusal =
      problem(503, "Too many questions", "Too many wait for the database already. Ask again in a moment.");
  refusal.headers.emplace_back("Retry-After", kSecondsToWait);
  return refusal;
}

Outcome answer(store::LateReader& late, const Request& request, const Archive::Question& question) {
  Outcome outcome;
  try {
    auto& reader = late.get();
    reader.limit_work();
    outcome.response = question(reader);
    // Packing much takes its time too.
    negotiate(request, outcome.response);
  } catch (...) {
    outcome.failure = std::current_exception();
  }
  return outcome;
}

}  // namespace

Archive::~Archive() {
  thread_.stop();
  thread_.join();
}

asio::awaitable<Response> Archive::ask(Request request, Question question) {
  if (waiting_ >= kMostWaiting) co_return too_many();
  // The lambda is no coroutine. NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  const auto initiate = [this, request, question](auto handler) {
    auto completion = std::make_shared<Completion<Outcome>>(std::move(handler));
    asio::post(thread_, [this, request, question, completion] { (*completion)(answer(reader_, request, question)); });
  };
  const auto& token = asio::use_awaitable;
  ++waiting_;
  auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(initiate, token);
  --waiting_;
  if (outcome.failure) std::rethrow_exception(outcome.failure);
  co_return std::move(outcome.response);
}

}  // namespace outaged::serve
