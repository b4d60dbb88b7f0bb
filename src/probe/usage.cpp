#include "probe/usage.hpp"

#include <algorithm>
#include <cstdint>

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "base/number.hpp"

namespace outaged::probe {
namespace {

using namespace std::chrono_literals;
using json::Json;

constexpr double kMostPercent = 1000;
constexpr Micros kLongestWait = 24h;
/// An object by business, a list of its limits, the limit, and a number in it.
constexpr int kLevels = 5;

Micros bounded(double count, Micros unit) {
  const double most = static_cast<double>(kLongestWait / unit);
  return static_cast<Micros::rep>(std::clamp(count, 0.0, most)) * unit;
}

/// {"call_count": 28, "total_cputime": 15, "total_time": 25}, of a business also "estimated_time_to_regain_access".
Usage usage_in(const Json& limit) {
  Usage usage;
  for (const char* name : {"call_count", "total_cputime", "total_time"}) {
    const auto found = limit.find(name);
    if (found != limit.end() && found->is_number())
      usage.add({static_cast<int>(std::clamp(found->get<double>(), 0.0, kMostPercent))});
  }
  const auto minutes = limit.find("estimated_time_to_regain_access");
  if (minutes != limit.end() && minutes->is_number()) usage.regain = bounded(minutes->get<double>(), 1min);
  return usage;
}

Usage usage_in_header(const std::string& value, bool by_business) {
  Usage usage;
  const auto parsed = json::parse_untrusted(value, kLevels);
  if (!parsed || !parsed->is_object()) return usage;
  if (!by_business) return usage_in(*parsed);
  for (const auto& limits : *parsed) {
    if (!limits.is_array()) continue;
    for (const auto& limit : limits) {
      if (limit.is_object()) usage.add(usage_in(limit));
    }
  }
  return usage;
}

Micros retry_after_in(const std::string& value, WallTime now) {
  if (const auto seconds = parse_number<std::uint64_t>(value)) return bounded(static_cast<double>(*seconds), 1s);
  const std::time_t date = curl_getdate(value.c_str(), nullptr);
  if (date == -1) return Micros{0};
  const auto today = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return bounded(static_cast<double>(date) - static_cast<double>(today), 1s);
}

}  // namespace

Usage usage_of(const net::HttpExchange& exchange, WallTime now) {
  Usage usage;
  for (const auto& [name, value] : exchange.headers) {
    const bool by_business = name == "x-business-use-case-usage";
    if (by_business || name == "x-app-usage" || name == "x-page-usage") usage.add(usage_in_header(value, by_business));
    if (name == "retry-after") usage.retry_after = retry_after_in(value, now);
  }
  return usage;
}

}  // namespace outaged::probe
