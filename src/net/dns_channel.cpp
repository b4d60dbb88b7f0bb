#include "net/dns_channel.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace outaged::net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kOutstanding = 256;
constexpr int kTryMs = 1500;
constexpr int kTries = 2;
constexpr int kClassInternet = 1;

int type_number(RecordType type) {
  switch (type) {
    case RecordType::a: return 1;
    case RecordType::aaaa: return 28;
    case RecordType::cname: return 5;
    case RecordType::ns: return 2;
    case RecordType::txt: return 16;
  }
  return 1;
}

}  // namespace

struct DnsChannel::Query {
  DnsChannel* channel = nullptr;
  DnsQuestion question;
  Done done;
  Instant began;
  std::unique_ptr<asio::steady_timer> deadline;
  /// Keeps the query alive while c-ares holds a pointer to it, also after its deadline.
  std::shared_ptr<Query> held_by_ares;
};

DnsChannel::DnsChannel(asio::io_context& io)
    : io_(io),
      watch_(io,
             [this](int fd, bool readable, bool writable) {
               ares_process_fd(channel_, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
               set_timer();
             }),
      timer_(io) {}

Expected<std::unique_ptr<DnsChannel>, std::string> DnsChannel::create(asio::io_context& io,
                                                                      const std::string& servers) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  if (library != ARES_SUCCESS) return Unexpected{std::string{"c-ares cannot start"}};
  std::unique_ptr<DnsChannel> self(new DnsChannel(io));
  ares_options options{};
  // NOCHECKRESP: a SERVFAIL is an answer that we want to see. IGNTC: a truncated answer must not fail all other
  // questions of the channel when the server's TCP port is closed. NOSEARCH and "b": names are taken as they are.
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
  options.timeout = kTryMs;
  options.tries = kTries;
  char lookups[] = "b";
  options.lookups = lookups;
  options.sock_state_cb = &DnsChannel::on_socket;
  options.sock_state_cb_data = self.get();
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
  int status = ares_init_options(&self->channel_, &options, mask);
  if (status == ARES_SUCCESS && !servers.empty()) status = ares_set_servers_ports_csv(self->channel_, servers.c_str());
  if (status != ARES_SUCCESS) return Unexpected{std::string{"name servers: "} + ares_strerror(status)};
  return self;
}

DnsChannel::~DnsChannel() {
  *alive_ = false;
  waiting_.clear();
  if (channel_ != nullptr) ares_destroy(channel_);
}

void DnsChannel::ask(const DnsQuestion& question, Done done) {
  auto query = std::make_shared<Query>();
  query->channel = this;
  query->question = question;
  query->done = std::move(done);
  query->began = MonotonicClock::now();
  query->deadline = std::make_unique<asio::steady_timer>(io_, question.timeout);
  query->deadline->async_wait(
      [this, lives = alive_, weak = std::weak_ptr<Query>(query)](const boost::system::error_code& error) {
        const auto still = weak.lock();
        if (error || !*lives || !still) return;
        DnsAnswer answer;
        answer.failure = Failure{Layer::timeout, Phase::dns, "dns_timeout",
                                 fmt::format("no answer from a name server within {:.1f} s",
                                             std::chrono::duration<double>(still->question.timeout).count())};
        std::erase(waiting_, still);
        finish(*still, std::move(answer));
      });
  if (outstanding_ >= kOutstanding) {
    waiting_.push_back(std::move(query));
  } else {
    start(std::move(query));
  }
}

void DnsChannel::start(std::shared_ptr<Query> query) {
  ++outstanding_;
  auto& held = *query;
  held.held_by_ares = std::move(query);
  ares_query(channel_, held.question.name.c_str(), kClassInternet, type_number(held.question.type), &on_answer, &held);
  set_timer();
}

/// Once for every query that c-ares was given, also from ares_destroy.
void DnsChannel::on_answer(void* raw, int status, int /*timeouts*/, unsigned char* data, int size) {
  auto& query = *static_cast<Query*>(raw);
  const auto kept = std::exchange(query.held_by_ares, nullptr);
  auto& channel = *query.channel;
  --channel.outstanding_;
  if (!*channel.alive_) return;
  channel.finish(query, read_answer(query.question, status, data, size));
  // c-ares may be in the middle of its lists: what waits is started on a fresh stack.
  asio::post(channel.io_, [&channel, lives = channel.alive_] {
    while (*lives && !channel.waiting_.empty() && channel.outstanding_ < kOutstanding) {
      auto next = std::move(channel.waiting_.front());
      channel.waiting_.pop_front();
      channel.start(std::move(next));
    }
  });
}

void DnsChannel::finish(Query& query, DnsAnswer answer) {
  if (!query.done) return;
  query.deadline->cancel();
  answer.took = MonotonicClock::now() - query.began;
  std::exchange(query.done, nullptr)(std::move(answer));
}

void DnsChannel::on_socket(void* self, ares_socket_t fd, int readable, int writable) {
  static_cast<DnsChannel*>(self)->watch_.want(fd, readable != 0, writable != 0);
}

void DnsChannel::set_timer() {
  timeval next{};
  if (ares_timeout(channel_, nullptr, &next) == nullptr) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::seconds{next.tv_sec} + std::chrono::microseconds{next.tv_usec} +
                       std::chrono::milliseconds{1});
  timer_.async_wait([this, lives = alive_](const boost::system::error_code& error) {
    if (error || !*lives) return;
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    set_timer();
  });
}

}  // namespace outaged::net
