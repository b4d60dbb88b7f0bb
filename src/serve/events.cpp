#include "serve/events.hpp"

#include <set>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/json/write.hpp"
#include "base/log.hpp"
#include "base/number.hpp"
#include "base/random.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kLook = 250ms;
/// Proxies close what is silent; a comment keeps it open.
constexpr auto kHeartbeat = 15s;
constexpr std::size_t kMostQueued = 64 * 1024;
/// How soon a browser comes back, in milliseconds.
constexpr std::string_view kGreeting = "retry: 3000\n: outaged\n\n";

using Text = std::shared_ptr<const std::string>;

struct Kept {
  std::uint64_t id = 0;
  Text text;
};

std::string event_text(const std::string& run, std::uint64_t id, const std::string& name, const std::string& data) {
  return fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", run, id, name, data);
}

}  // namespace

struct Events::State {
  class Client;

  State(asio::any_io_executor e, std::shared_ptr<Board> b)
      : executor(std::move(e)), board(std::move(b)), timer(executor) {}

  asio::any_io_executor executor;
  std::shared_ptr<Board> board;
  asio::steady_timer timer;
  bool over = false;
  /// Not the time: two runs of a simulated clock may begin at the same.
  const std::string run = fmt::format("{:08x}", Random::unpredictable().below(1ULL << 32U));
  std::uint64_t last = 0;
  std::deque<Kept> kept;
  std::set<Client*> clients;
};

/// What one client is still to get.
class Events::State::Client final : public Stream {
 public:
  Client(std::shared_ptr<State> state, std::string first)
      : state_(std::move(state)), wake_(state_->executor), pending_(std::move(first)) {
    state_->clients.insert(this);
  }
  ~Client() override { state_->clients.erase(this); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void add(const std::string& text) {
    if (pending_.size() + text.size() > kMostQueued) lost_ = true;
    if (!lost_) pending_ += text;
    wake_.cancel();
  }

  asio::awaitable<std::string> next() override {
    if (pending_.empty() && !lost_) {
      wake_.expires_after(kHeartbeat);
      boost::system::error_code early;
      auto token = asio::redirect_error(asio::use_awaitable, early);
      co_await wake_.async_wait(token);
      if (pending_.empty() && !lost_) pending_ = ": still here\n\n";
    }
    std::string piece;
    if (!lost_) piece = std::exchange(pending_, {});
    co_return piece;
  }

 private:
  std::shared_ptr<State> state_;
  asio::steady_timer wake_;
  std::string pending_;
  bool lost_ = false;
};

namespace {

template <class State>
asio::awaitable<void> watch(std::shared_ptr<State> state, Events* events) {
  while (!state->over) {
    state->timer.expires_after(kLook);
    boost::system::error_code early;
    auto token = asio::redirect_error(asio::use_awaitable, early);
    co_await state->timer.async_wait(token);
    if (state->over) break;
    // Without listeners the board is made when somebody asks.
    if (state->clients.empty()) continue;
    try {
      events->look();
    } catch (const std::exception& error) {
      log::error("event stream", {{"reason", error.what()}});
    }
  }
}

}  // namespace

Events::Events(asio::any_io_executor executor, std::shared_ptr<Board> board)
    : state_(std::make_shared<State>(std::move(executor), std::move(board))) {}

Events::~Events() {
  state_->over = true;
  state_->timer.cancel();
}

void Events::start() {
  auto loop = watch(state_, this);
  asio::co_spawn(state_->executor, std::move(loop), asio::detached);
}

void Events::look() {
  publish(state_->board->refresh());
}

void Events::publish(const std::vector<Event>& events) {
  std::string all;
  for (const auto& event : events) {
    const auto id = ++state_->last;
    auto text = std::make_shared<const std::string>(event_text(state_->run, id, event.name, json::written(event.data)));
    all += *text;
    state_->kept.push_back({id, std::move(text)});
    if (state_->kept.size() > kRemembered) state_->kept.pop_front();
  }
  if (all.empty()) return;
  for (auto* client : state_->clients) client->add(all);
}

std::optional<std::string> Events::missed_since(std::string_view seen) const {
  const std::string prefix = state_->run + "-";
  if (!seen.starts_with(prefix)) return std::nullopt;
  seen.remove_prefix(prefix.size());
  const auto id = parse_number<std::uint64_t>(seen);
  if (!id || *id > state_->last || state_->last - *id > state_->kept.size()) return std::nullopt;
  std::string missed;
  for (const auto& event : state_->kept) {
    if (event.id > *id) missed += *event.text;
  }
  if (kGreeting.size() + missed.size() > kMostQueued) return std::nullopt;
  return missed;
}

std::shared_ptr<Stream> Events::subscribe(std::string_view seen) {
  if (state_->clients.size() >= kMostClients) return nullptr;
  std::string first{kGreeting};
  // With an id of its own, so that who goes away after it comes back to a known place.
  if (!seen.empty()) first += missed_since(seen).value_or(event_text(state_->run, state_->last, "reset", "{}"));
  return std::make_shared<State::Client>(state_, std::move(first));
}

std::size_t Events::clients() const {
  return state_->clients.size();
}

}  // namespace outaged::serve
