#pragma once
// A completion handler of any type, kept until its operation ends. Calling it posts the handler to its own executor, so
// that it never runs inside a callback of a library that is not ready for it.
#include <memory>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>

namespace outaged {

template <class Value>
class Completion {
 public:
  Completion() = default;
  template <class Handler>
  explicit Completion(Handler handler) : kept_(std::make_unique<Kept<Handler>>(std::move(handler))) {}

  explicit operator bool() const { return kept_ != nullptr; }
  /// Once.
  void operator()(Value value) { std::exchange(kept_, nullptr)->post(std::move(value)); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void post(Value value) = 0;
  };
  template <class Handler>
  struct Kept final : Base {
    explicit Kept(Handler h) : handler(std::move(h)) {}
    void post(Value value) override {
      auto executor = boost::asio::get_associated_executor(handler);
      boost::asio::post(executor,
                        [h = std::move(handler), v = std::move(value)]() mutable { std::move(h)(std::move(v)); });
    }
    Handler handler;
  };
  std::unique_ptr<Base> kept_;
};

}  // namespace outaged
