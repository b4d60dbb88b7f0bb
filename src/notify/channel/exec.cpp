// A program of the user's: run without a shell, the event (event.hpp) on its standard input. Exit codes as sysexits.h
// has them: 0 delivered; usage, data and configuration errors are final; anything else is tried again.
#include <fmt/format.h>

#include "base/json/write.hpp"
#include "notify/channel/common.hpp"
#include "notify/event.hpp"

namespace outaged::notify {
namespace {

using namespace std::chrono_literals;

struct Exec : Common {
  std::vector<std::string> command;
  Micros timeout = 10s;
};

std::vector<SecretReference> secrets_of(const Exec& /*settings*/) {
  return {};
}

bool is_final(int exit_code) {
  constexpr int kUsage = 64;
  constexpr int kBadData = 65;
  constexpr int kBadConfiguration = 78;
  constexpr int kNotExecutable = 126;
  constexpr int kNotFound = 127;
  return exit_code == kUsage || exit_code == kBadData || exit_code == kBadConfiguration ||
         exit_code == kNotExecutable || exit_code == kNotFound;
}

class Program final : public Channel {
 public:
  explicit Program(Exec settings) : settings_(std::move(settings)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    ProgramRequest request;
    request.command = settings_.command;
    request.input = json::written(event_of(message, occasion)) + "\n";
    request.timeout = settings_.timeout;
    return {std::move(request)};
  }

  Reply read(const net::HttpExchange& exchange) const override {
    if (exchange.failure) return {ReplyKind::passing, exchange.failure->detail};
    const auto words = exchange.body.empty() ? std::string{} : ": " + words_of(exchange);
    if (exchange.status == 0) return {ReplyKind::delivered, "exit 0" + words};
    return {is_final(exchange.status) ? ReplyKind::refused : ReplyKind::passing,
            fmt::format("exit {}{}", exchange.status, words)};
  }

  Limits limits() const override { return {100ms}; }
  bool takes_digests() const override { return false; }
  std::vector<Secret> secrets() const override { return {}; }

 private:
  Exec settings_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const Exec& settings, const Secrets& /*secrets*/) {
  return std::unique_ptr<Channel>{std::make_unique<Program>(settings)};
}

}  // namespace

ChannelType exec_type() {
  auto own = channel_object<Exec>("exec", "A program of your own; it reads JSON (schema/event.schema.json).")
                 .required("command", &Exec::command, json::list(json::nonempty_text(), 1, 64),
                           "The program's path, which must be absolute, and its arguments. No shell is involved.")
                 .field("timeout", &Exec::timeout, json::duration(1s, 60s), "After this it is killed.")
                 .check([](const Exec& settings, const json::Cursor& cursor) {
                   if (settings.command.front().starts_with('/')) return true;
                   cursor.at("command").at(0).fault(json::describe(settings.command.front()), "an absolute path");
                   return false;
                 })
                 .build();
  return {"exec", plan<Exec>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
