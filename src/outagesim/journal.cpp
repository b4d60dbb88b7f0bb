#include "outagesim/journal.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/units.hpp"

namespace outaged::sim {

void Journal::add(JournalEntry entry) {
  entry.number = ++last_;
  if (!entry.fault.empty()) ++struck_;
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

json::Json Journal::entries(std::uint64_t after, std::size_t limit) const {
  json::Json out = json::Json::array();
  for (const auto& entry : entries_) {
    if (entry.number <= after) continue;
    if (out.size() >= limit) break;
    out.push_back({{"number", entry.number},
                   {"at", format_time(entry.at)},
                   {"stage", entry.stage},
                   {"host", printable(entry.host, 255)},
                   {"platform", entry.platform},
                   {"function", entry.function},
                   {"request", printable(entry.request, 300)},
                   {"status", entry.status},
                   {"fault", entry.fault}});
  }
  return out;
}

std::string name_of(const Strike& strike) {
  return std::string(to_string(strike.fault.layer)) + "/" + strike.shape;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ",") + std::string(word);
  return out;
}

}  // namespace outaged::sim
