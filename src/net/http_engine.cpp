#include "net/http_engine.hpp"

#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/descriptor_watch.hpp"
#include "net/transfer.hpp"
#include "net/trust_store.hpp"

namespace outaged::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A handshake that takes longer than this waits for the network, not for our processor: it no longer counts against
/// Settings::handshakes, so that a target which swallows packets cannot hold up all others.
constexpr Micros kHandshakeLease = 250ms;

void initialise_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

struct HttpEngine::Impl {
  Impl(asio::io_context& context, const Settings& s, TrustStore trust);
  ~Impl();

  void submit(std::shared_ptr<Transfer> transfer);
  void cancel(const std::shared_ptr<Transfer>& transfer);
  void pump();
  void start(const std::shared_ptr<Transfer>& transfer);
  void release_handshake(Transfer& transfer);
  void expire_leases();
  void act(curl_socket_t fd, int events);
  void collect();
  void finish(CURL* easy, CURLcode code);

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* socket);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  void set_timer(long milliseconds);

  asio::io_context& io;
  Settings settings;
  TrustStore store;
  Transfer::Surroundings surroundings;
  DescriptorWatch watch;
  asio::steady_timer timer;
  asio::steady_timer lease_timer;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  std::uint64_t timer_generation = 0;
  CURLM* multi = nullptr;
  std::unordered_map<CURL*, std::shared_ptr<Transfer>> running;
  std::deque<std::shared_ptr<Transfer>> waiting;
  std::deque<std::weak_ptr<Transfer>> leases;  // in order of starting
  std::size_t handshakes = 0;
  std::size_t most_running = 0;
  bool lease_armed = false;
};

HttpEngine::Impl::Impl(asio::io_context& context, const Settings& s, TrustStore trust)
    : io(context),
      settings(s),
      store(std::move(trust)),
      watch(context,
            [this](int fd, bool readable, bool writable) {
              act(fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
            }),
      timer(context),
      lease_timer(context) {
  initialise_libcurl();
  surroundings.trust = store.get();
  surroundings.user_agent = introduction(settings);
  surroundings.before_close = [this](int fd) { watch.drop(fd); };
  surroundings.connected = [this](Transfer& transfer) { release_handshake(transfer); };
  multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
}

HttpEngine::Impl::~Impl() {
  *alive = false;
  for (const auto& [easy, transfer] : running) curl_multi_remove_handle(multi, easy);
  running.clear();
  waiting.clear();
  curl_multi_cleanup(multi);
}

void HttpEngine::Impl::submit(std::shared_ptr<Transfer> transfer) {
  waiting.push_back(std::move(transfer));
  pump();
}

void HttpEngine::Impl::pump() {
  while (!waiting.empty() && running.size() < static_cast<std::size_t>(settings.concurrency) &&
         handshakes < static_cast<std::size_t>(settings.handshakes)) {
    const auto next = std::move(waiting.front());
    waiting.pop_front();
    start(next);
  }
  if (!waiting.empty() && handshakes > 0 && !lease_armed) {
    lease_armed = true;
    lease_timer.expires_after(kHandshakeLease / 4);
    lease_timer.async_wait([this, lives = alive](const boost::system::error_code&) {
      if (!*lives) return;
      lease_armed = false;
      expire_leases();
      pump();
    });
  }
}

void HttpEngine::Impl::start(const std::shared_ptr<Transfer>& transfer) {
  if (auto failure = transfer->prepare()) {
    HttpExchange exchange;
    exchange.failure = std::move(failure);
    transfer->completion(std::move(exchange));
    return;
  }
  running.emplace(transfer->easy(), transfer);
  most_running = std::max(most_running, running.size());
  transfer->holds_handshake = true;
  ++handshakes;
  leases.push_back(transfer);
  transfer->begin();
  curl_multi_add_handle(multi, transfer->easy());
}

void HttpEngine::Impl::release_handshake(Transfer& transfer) {
  if (!std::exchange(transfer.holds_handshake, false)) return;
  --handshakes;
  while (!leases.empty()) {
    const auto oldest = leases.front().lock();
    if (oldest && oldest->holds_handshake) break;
    leases.pop_front();
  }
  if (waiting.empty()) return;
  // We may be inside a callback of libcurl, where nothing may be started.
  asio::post(io, [this, lives = alive] {
    if (*lives) pump();
  });
}

void HttpEngine::Impl::expire_leases() {
  const Instant now = MonotonicClock::now();
  while (!leases.empty()) {
    const auto oldest = leases.front().lock();
    if (oldest && oldest->holds_handshake) {
      if (now - oldest->begun() < kHandshakeLease) return;
      oldest->holds_handshake = false;
      --handshakes;
    }
    leases.pop_front();
  }
}

void HttpEngine::Impl::act(curl_socket_t fd, int events) {
  int still_running = 0;
  curl_multi_socket_action(multi, fd, events, &still_running);
  collect();
}

/// First copies what has ended, then removes it: removing while reading the list of messages would invalidate it.
void HttpEngine::Impl::collect() {
  std::vector<std::pair<CURL*, CURLcode>> ended;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) ended.emplace_back(message->easy_handle, message->data.result);
  }
  for (const auto& [easy, code] : ended) finish(easy, code);
  if (!ended.empty()) pump();
}

void HttpEngine::Impl::finish(CURL* easy, CURLcode code) {
  const auto node = running.extract(easy);
  if (node.empty()) return;
  const auto& transfer = node.mapped();
  auto exchange = transfer->finish(code);
  curl_multi_remove_handle(multi, easy);
  release_handshake(*transfer);
  transfer->completion(std::move(exchange));
}

void HttpEngine::Impl::cancel(const std::shared_ptr<Transfer>& transfer) {
  if (running.contains(transfer->easy())) {
    finish(transfer->easy(), CURLE_ABORTED_BY_CALLBACK);
    pump();
    return;
  }
  if (std::erase(waiting, transfer) > 0) transfer->completion(transfer->finish(CURLE_ABORTED_BY_CALLBACK));
}

int HttpEngine::Impl::on_socket(CURL* /*easy*/, curl_socket_t fd, int what, void* self, void* /*socket*/) {
  auto& engine = *static_cast<Impl*>(self);
  engine.watch.want(fd, (what & CURL_POLL_IN) != 0 && what != CURL_POLL_REMOVE,
                    (what & CURL_POLL_OUT) != 0 && what != CURL_POLL_REMOVE);
  return 0;
}

int HttpEngine::Impl::on_timer(CURLM* /*multi*/, long milliseconds, void* self) {
  static_cast<Impl*>(self)->set_timer(milliseconds);
  return 0;
}

void HttpEngine::Impl::set_timer(long milliseconds) {
  const auto generation = ++timer_generation;
  if (milliseconds < 0) return;
  const auto fire = [this, generation, lives = alive] {
    if (*lives && generation == timer_generation) act(CURL_SOCKET_TIMEOUT, 0);
  };
  if (milliseconds == 0) {
    asio::post(io, fire);
    return;
  }
  timer.expires_after(std::chrono::milliseconds{milliseconds});
  timer.async_wait([fire](const boost::system::error_code& error) {
    if (!error) fire();
  });
}

HttpEngine::HttpEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpEngine::~HttpEngine() = default;

Expected<std::unique_ptr<HttpEngine>, std::string> HttpEngine::create(asio::io_context& io, const Settings& settings) {
  auto store = load_trust_store(settings.ca_file);
  if (!store) return Unexpected{store.error()};
  return std::unique_ptr<HttpEngine>(new HttpEngine(std::make_unique<Impl>(io, settings, std::move(*store))));
}

asio::awaitable<HttpExchange> HttpEngine::perform(HttpRequest request) {
  // The transfer keeps whoever waits for it, so that one must not keep the transfer: neither would ever be destroyed.
  // The lambda is no coroutine. NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  auto initiate = [impl = impl_.get(),
                   made = std::make_shared<Transfer>(std::move(request), impl_->surroundings)](auto handler) mutable {
    const auto transfer = std::move(made);
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([impl, lives = impl->alive, weak = std::weak_ptr<Transfer>(transfer)](asio::cancellation_type) {
        if (!*lives) return;
        // Whoever cancels may stand inside the engine: act on a fresh stack.
        asio::post(impl->io, [impl, lives, weak] {
          const auto still = weak.lock();
          if (*lives && still) impl->cancel(still);
        });
      });
    }
    transfer->completion = Completion<HttpExchange>(std::move(handler));
    // Through the queue of the loop: how long that takes is the loop's lag.
    asio::post(impl->io, [impl, lives = impl->alive, transfer, asked = MonotonicClock::now()] {
      if (!*lives) return;
      transfer->loop_lag = MonotonicClock::now() - asked;
      impl->submit(transfer);
    });
  };
  const auto& token = asio::use_awaitable;
  auto exchange =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(HttpExchange)>(std::move(initiate), token);
  co_return exchange;
}

HttpEngine::Stats HttpEngine::stats() const {
  return {impl_->running.size(), impl_->waiting.size(), impl_->most_running};
}

}  // namespace outaged::net
