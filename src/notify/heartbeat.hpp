#pragma once
// Configuration section "heartbeat": an outgoing ping, as Healthchecks and its like take it, that proves the whole
// chain: probes ran, the database was written, messages leave. Whoever receives it raises the alarm when it stays away.
#include <optional>
#include <string>

#include "base/json/shape.hpp"
#include "base/secret_reference.hpp"
#include "net/http.hpp"
#include "notify/settings.hpp"
#include "store/reader.hpp"

namespace outaged::notify {

struct Heartbeat {
  std::optional<SecretReference> url;  ///< none: no heartbeat
  Micros interval = std::chrono::minutes{1};
  bool operator==(const Heartbeat&) const = default;
};

const json::Shape<Heartbeat>& heartbeat_shape();

/// The address must be there, unless its secret is excused, and be one; otherwise a fault at `cursor`, never showing
/// it.
bool check_heartbeat(const Heartbeat& heartbeat, const Secrets& secrets, const json::Cursor& cursor,
                     const UnsetSecrets& unset = {});

/// How old the last result, the last word of the daemon in the database, and a message that is due may be.
struct Freshness {
  Micros result = std::chrono::minutes{10};
  Micros alive = std::chrono::minutes{2};
  Micros message = std::chrono::minutes{15};
};

/// What is wrong with the chain, as the database shows it; empty: nothing. Throws as Reader does.
std::string find_trouble(store::Reader& reader, WallTime now, const Freshness& freshness = {});

enum class Beat { start, well, ill };

/// The request of a beat; `trouble` is its body.
net::HttpRequest beat_request(const std::string& url, Beat beat, const std::string& trouble);

}  // namespace outaged::notify
