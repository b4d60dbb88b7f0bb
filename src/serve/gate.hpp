#pragma once
// Gate: who may change something. Over the Unix socket root and the user that runs the daemon, by what the kernel says
// of the peer; over TCP whoever knows the admin token ("Authorization: Bearer …"). Wrong tokens are counted per
// address and then refused without more ado; the right one always passes, since behind a proxy all have one address and
// anybody could lock everybody out. One thread.
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "serve/http.hpp"

namespace outaged::serve {

class Gate {
 public:
  /// Wrong tokens of one address within a minute that are logged; the rest are told to wait.
  static constexpr int kAttempts = 5;

  /// `token` empty: nothing can be changed over TCP.
  Gate(Secret token, std::function<WallTime()> now) : token_(std::move(token)), now_(std::move(now)) {}

  /// Nothing when the request may change something; else the answer that says why not.
  std::optional<Response> refuse(const Request& request);

 private:
  struct Attempts {
    WallTime since;
    int wrong = 0;
  };
  Attempts& attempts_of(const std::string& peer, WallTime now);

  Secret token_;
  std::function<WallTime()> now_;
  std::map<std::string, Attempts> attempts_;
};

/// Takes as long for any two texts: digests of equal length are compared without an early end.
bool same_secret(std::string_view given, std::string_view expected);

using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

/// `handler` behind the gate.
Handler guarded(std::shared_ptr<Gate> gate, Handler handler);

/// Who asks, for timelines: the user's name behind the Unix socket, or "admin".
std::string name_of_caller(const Request& request);

}  // namespace outaged::serve
