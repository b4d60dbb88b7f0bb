#include "notify/heartbeat.hpp"

#include <fmt/format.h>

#include "base/units.hpp"
#include "notify/channel/address.hpp"

namespace outaged::notify {

using namespace std::chrono_literals;

const json::Shape<Heartbeat>& heartbeat_shape() {
  static const auto shape =
      json::object<Heartbeat>("A ping to a dead man's switch such as Healthchecks.")
          .field("url", &Heartbeat::url, secret_reference(),
                 "Its address, a secret; \"/start\" and \"/fail\" are added to it. Absent: no heartbeat.")
          .field("interval", &Heartbeat::interval, json::duration(10s, 24h), "How often.")
          .build();
  return shape;
}

bool check_heartbeat(const Heartbeat& heartbeat, const Secrets& secrets, const json::Cursor& cursor,
                     const UnsetSecrets& unset) {
  if (!heartbeat.url) return true;
  const auto missing = unset.find(heartbeat.url->name);
  if (missing != unset.end() && missing->second.excused) return true;
  const auto found = secrets.find(heartbeat.url->name);
  const bool right = found != secrets.end() && parse_address(found->second.reveal());
  if (!right)
    cursor.at("url").fault(fmt::format("secret {}, which is not set or not an address", heartbeat.url->name),
                           "a secret that holds an address (https://…)",
                           missing == unset.end() ? "" : missing->second.why);
  return right;
}

std::string find_trouble(store::Reader& reader, WallTime now, const Freshness& freshness) {
  const auto last = reader.last_result_at();
  if (!last) return "no probe has given a result yet";
  if (now - *last > freshness.result)
    return fmt::format("no probe has run for {}", format_duration_rounded(now - *last));
  const auto alive = parse_time(reader.meta("alive_at").value_or(""));
  if (!alive) return "nothing has been written to the database yet";
  if (now - *alive > freshness.alive)
    return fmt::format("nothing was written to the database for {}", format_duration_rounded(now - *alive));
  for (const auto& row : reader.pending_outbox()) {
    const WallTime due = std::max(row.created, row.attempts == 0 ? row.not_before : row.created);
    if (now - due > freshness.message)
      return fmt::format("a message for channel {} has been waiting for {}", row.channel,
                         format_duration_rounded(now - due));
  }
  return {};
}

net::HttpRequest beat_request(const std::string& url, Beat beat, const std::string& trouble) {
  net::HttpRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  request.url = url;
  if (beat == Beat::start) request.url += "/start";
  if (beat == Beat::ill) request.url += "/fail";
  request.body = trouble;
  return request;
}

}  // namespace outaged::notify
