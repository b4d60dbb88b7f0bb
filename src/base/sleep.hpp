#pragma once
// co_await sleep_until(queue, when): a coroutine's way to wait on a TimerQueue.
#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/timer_queue.hpp"

namespace outaged {

/// Completes with no error at `when`, or with operation_aborted when cancelled through the handler's slot. Must be
/// started, and is completed, on the queue's thread.
template <class Token = boost::asio::use_awaitable_t<>>
auto sleep_until(TimerQueue& queue, Instant when, Token&& token = {}) {
  namespace asio = boost::asio;
  using Signature = void(boost::system::error_code);
  return asio::async_initiate<Token, Signature>(
      [&queue, when](auto handler) {
        using Handler = decltype(handler);
        struct Wait {
          explicit Wait(Handler h) : handler(std::move(h)) {}
          Handler handler;
          TimerQueue::TimerId timer{};
        };
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto wait = std::make_shared<Wait>(std::move(handler));
        const auto finish = [](Wait& w, boost::system::error_code error) {
          auto executor = asio::get_associated_executor(w.handler);
          asio::post(executor, [h = std::move(w.handler), error]() mutable { std::move(h)(error); });
        };
        wait->timer = queue.at(when, [wait, slot, finish]() mutable {
          if (slot.is_connected()) slot.clear();
          finish(*wait, {});
        });
        if (slot.is_connected()) {
          slot.assign([&queue, weak = std::weak_ptr<Wait>(wait), finish](asio::cancellation_type) {
            const auto self = weak.lock();
            if (self && queue.cancel(self->timer)) finish(*self, asio::error::operation_aborted);
          });
        }
      },
      token);
}

}  // namespace outaged
